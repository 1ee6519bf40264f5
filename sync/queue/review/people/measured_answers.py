"""Answers that tell how good their annotators are: those that nobody has picked for being doubtful.

Two kinds tell. A gold answer was given to a task whose truth was known already, which its annotator
could not know. And a reviewer's verdict tells of an answer that was reviewed because it is among
its annotator's first, or at random. An answer that was reviewed because a check found something
tells nothing of the others: it was picked for being doubtful.

Reviewers take what is urgent first. So of the first answers, and of those at random, only those
count before which none is still to be reviewed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sync.queue.review.items import FinishedItem
from sync.queue.review.people.compared_answers import Embed, decide
from sync.queue.review.people.settled_tasks import GivenAnswer, SettledTask

TruthSource = Literal["gold", "review"]


@dataclass(frozen=True, slots=True)
class MeasuredAnswer:
    """An answer of which it is known whether it is right.

    Attributes:
        known_at: since when that is known.
        at: when it was given.
    """

    annotator: int
    task_id: int
    known_at: datetime
    at: datetime
    source: TruthSource
    agreed: bool


@dataclass(frozen=True)
class DecidedTasks:
    """Tasks whose truth is known, with each answer held against it.

    Attributes:
        tasks: by id.
        agreed: by task and annotator.
    """

    tasks: Mapping[int, SettledTask]
    agreed: Mapping[tuple[int, int], bool]

    def is_clear(self, task: SettledTask) -> bool:
        """Whether all who answered before its truth was known said the same as the truth.

        Only such a task can be gold: on one that good people got wrong, others will, too.
        """
        before = [each for each in task.given if not task.is_fresh(each)]
        return all(self.agreed[task.task_id, each.annotator] for each in before)

    def measured(
        self, task: SettledTask, answer: GivenAnswer, known_at: datetime, source: TruthSource
    ) -> MeasuredAnswer:
        """An answer with what it tells."""
        agreed = self.agreed[task.task_id, answer.annotator]
        return MeasuredAnswer(
            answer.annotator, task.task_id, known_at, answer.begun_at, source, agreed
        )


def decided_tasks(settled: Sequence[SettledTask], embed: Embed) -> DecidedTasks:
    """Hold every answer against its task's truth."""
    given = [(task.task_id, each) for task in settled for each in task.given]
    said = decide([each.said for _, each in given], embed)
    agreed = {
        (task_id, each.annotator): is_same
        for (task_id, each), is_same in zip(given, said, strict=True)
    }
    return DecidedTasks({task.task_id: task for task in settled}, agreed)


def reviewed_answers(
    decided: DecidedTasks, items: Iterable[FinishedItem], at_random: Iterable[str]
) -> list[MeasuredAnswer]:
    """Answers that were reviewed for being their annotator's first, or at random.

    Args:
        at_random: keys of the tasks that are reviewed at random.
    """
    picked = frozenset(at_random)
    found: list[MeasuredAnswer] = []
    for own in by_annotator(items, decided).values():
        first = _without_gap(own, decided)
        known = {each.task_id for each in first}
        random = [each for each in own if each[0].key in picked]
        found += first
        found += [each for each in _without_gap(random, decided) if each.task_id not in known]
    return found


def by_annotator(
    items: Iterable[FinishedItem], decided: DecidedTasks
) -> dict[int, list[tuple[FinishedItem, int]]]:
    """What each annotator answered, without gold, in the order in which it was begun.

    Returns:
        Items with their annotator, by annotator.
    """
    found: dict[int, list[tuple[FinishedItem, int]]] = defaultdict(list)
    for item in sorted(items, key=lambda each: (each.begun_at, each.task_id)):
        task = decided.tasks.get(item.task_id)
        gold = {each.annotator for each in task.given if task.is_fresh(each)} if task else set()
        for annotator in sorted(item.annotators - gold):
            found[annotator].append((item, annotator))
    return dict(found)


def _without_gap(
    own: Sequence[tuple[FinishedItem, int]], decided: DecidedTasks
) -> list[MeasuredAnswer]:
    """Those before which none waits for its review; each counts as known when they all were."""
    found: list[MeasuredAnswer] = []
    known_at: datetime | None = None
    for item, annotator in own:
        task = decided.tasks.get(item.task_id)
        if task is None:
            break
        known_at = task.known_at if known_at is None else max(known_at, task.known_at)
        answer = next((each for each in task.given if each.annotator == annotator), None)
        if answer is not None and task.reviewed:  # a star may be the annotator's own
            found.append(decided.measured(task, answer, known_at, "review"))
    return found
