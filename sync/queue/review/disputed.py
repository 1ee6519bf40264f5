"""Tasks on which annotators do not agree, and nobody has decided yet.

One more annotator at a time is asked until most agree; at last a reviewer decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from label_configs import Interface, LabelConfigError
from label_configs.annotations.candidates import candidate_of
from label_configs.message_forms import with_messages_put_right
from sync.queue.review.known_findings import KnownFindings
from sync.queue.review.people.compared_answers import (
    Comparison,
    Embed,
    compare,
    compared_answer,
    decide,
)
from sync.queue.review.people.settled_tasks import latest_of_each
from sync.table.task_rows import TaskRow

# the check that knows CROWDLAB; it suggests no label where nothing settles who is right
_DOUBTED_BY = "label_error"


@dataclass(frozen=True, slots=True)
class SharedAnswers:
    """What several annotators answered to a task that nobody has decided about.

    Attributes:
        annotators: whom Label Studio knows, by number.
        compared: of each pair of them, in the order of `itertools.combinations`.
    """

    task_id: int
    annotators: tuple[int, ...]
    annotation_ids: tuple[int, ...]
    compared: tuple[Comparison, ...]


@dataclass(frozen=True)
class SecondOpinions:
    """What becomes of disputed tasks.

    Attributes:
        overlaps: by task id, how many annotators it is to have: one more than have answered.
        adjudicated: tasks that a reviewer is to decide.
    """

    overlaps: Mapping[int, int] = field(default_factory=dict)
    adjudicated: frozenset[int] = frozenset()


def shared_answers(row: TaskRow, interface: Interface[Any]) -> SharedAnswers | None:
    """The answers of a task; None with fewer than two that can be read."""
    latest = latest_of_each(row.annotations)
    if len(latest) < 2:
        return None
    data = with_messages_put_right(row.data_fields())
    answers, known = [], []
    for annotator, annotation in sorted(latest.items()):
        try:
            record = candidate_of(row.task_id, annotation, interface).record
        except LabelConfigError:  # reported by `labeltune check`
            continue
        answers.append(compared_answer(record, data, interface))
        known.append((annotator, annotation.id))
    if len(answers) < 2:
        return None
    annotators, annotation_ids = zip(*known, strict=True)
    compared = tuple(compare(one, other) for one, other in combinations(answers, 2))
    return SharedAnswers(row.task_id, annotators, annotation_ids, compared)


def disputed(
    shared: Sequence[SharedAnswers], findings: KnownFindings, embed: Embed
) -> dict[int, frozenset[int]]:
    """Disputed tasks, and who has answered them.

    A task is disputed where no answer says the same as those of more than half of its annotators,
    the answer itself among them; or where the last check could not tell who is right, by how
    reliable each of them is.
    """
    said = iter(decide([each for task in shared for each in task.compared], embed))
    found: dict[int, frozenset[int]] = {}
    for task in shared:
        same = [next(said) for _ in task.compared]
        if not _has_majority(len(task.annotators), same) or _is_doubted(task, findings):
            found[task.task_id] = frozenset(task.annotators)
    return found


def second_opinions(
    disputed: Mapping[int, frozenset[int]], everybody: frozenset[int], agree_at: int
) -> SecondOpinions:
    """Ask one more, or have it decided.

    Args:
        disputed: tasks and who has answered them.
        everybody: who annotates in the project; a task that all of them have answered is decided.
        agree_at: how many annotators are asked at most.
    """
    overlaps: dict[int, int] = {}
    adjudicated: set[int] = set()
    for task_id, answered in disputed.items():
        if len(answered) < agree_at and everybody - answered:
            overlaps[task_id] = len(answered) + 1
        else:
            adjudicated.add(task_id)
    return SecondOpinions(overlaps, frozenset(adjudicated))


def _has_majority(number: int, same: Iterable[bool]) -> bool:
    agreeing = [1] * number
    for (one, other), is_same in zip(combinations(range(number), 2), same, strict=True):
        agreeing[one] += is_same
        agreeing[other] += is_same
    return 2 * max(agreeing) > number


def _is_doubted(task: SharedAnswers, findings: KnownFindings) -> bool:
    return any(
        each.kind == _DOUBTED_BY and each.suggested is None
        for annotation_id in task.annotation_ids
        for each in findings.by_annotation.get(annotation_id, ())
    )
