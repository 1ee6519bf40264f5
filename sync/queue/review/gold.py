"""Which tasks with a known truth are asked once more, so that the answers measure people.

The tasks themselves are handed out again, as any other of the project: a copy would be an example
twice. The truth goes on counting for the task, whatever is answered.
"""

from collections.abc import Collection, Iterable, Sequence

from sync.queue.review.people.measured_answers import DecidedTasks, MeasuredAnswer
from sync.queue.review.people.settled_tasks import SettledTask

# of gold tasks that wait at once, for each annotator: else a day's share would come in a row
OPEN_EACH = 5


def gold_answers(decided: DecidedTasks) -> list[MeasuredAnswer]:
    """Answers to tasks with a clear truth that their annotators could not know."""
    found: list[MeasuredAnswer] = []
    for task in decided.tasks.values():
        fresh = [each for each in task.given if task.is_fresh(each)]
        if fresh and decided.is_clear(task):
            found += [decided.measured(task, each, each.begun_at, "gold") for each in fresh]
    return found


def gold_overlaps(
    decided: DecidedTasks,
    passed: Collection[int],
    answered_at: Iterable[float],
    everybody: frozenset[int],
    share: float,
) -> dict[int, int]:
    """How many annotators gold tasks are to have, by task id: one more than have answered.

    The share is of all answers that were given since a first truth was known. Those that were
    asked least come first, then the oldest truths, so that a run which is repeated asks for the
    same ones.

    Args:
        passed: ids of tasks that no tier of reviewers has still to see.
        answered_at: the time of every finished annotation, in seconds.
        everybody: who annotates in the project.
        share: of answers that are asked for on gold tasks, in [0, 1).
    """
    usable = [
        task
        for task in decided.tasks.values()
        if task.task_id in passed and decided.is_clear(task) and _someone(task, everybody)
    ]
    if not usable or not share:
        return {}
    asked = sum(len(_fresh(task)) for task in decided.tasks.values() if decided.is_clear(task))
    since = min(task.known_at.timestamp() for task in decided.tasks.values())
    answers = sum(at > since for at in answered_at)
    number = min(int(share * answers) - asked, OPEN_EACH * len(everybody))
    usable.sort(key=lambda task: (len(_fresh(task)), task.known_at, task.task_id))
    return {task.task_id: len(task.given) + 1 for task in usable[: max(0, number)]}


def _fresh(task: SettledTask) -> Sequence[int]:
    return [each.annotator for each in task.given if task.is_fresh(each)]


def _someone(task: SettledTask, everybody: frozenset[int]) -> bool:
    """Whether anybody is left who does not know it."""
    return bool(everybody - task.known_to - {each.annotator for each in task.given})
