"""What a queue holds already, by the table, and what is still to be done about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from label_configs.errors import LabelConfigError
from label_configs.review_place import NO_PLACE, PLACE, ReviewPlace, place_of
from sync.common.source_task import ID_FIELD, SourceTask
from sync.intake.push.project_tasks import SourceFields
from sync.table.task_rows import Annotation, TaskRow


@dataclass(frozen=True, slots=True)
class HeldReview:
    """A review that stands in its queue.

    Attributes:
        id: by which it was planned, and `reviewed` the id of the task that it is about.
        digest: of what it shows; who may decide has no part in it.
        decided: somebody finished it who may decide it.
        had_by: whoever has an annotation of it, skipped ones included; `finished_by`: without.
        ignored: decisions of people who may not decide it.
    """

    task_id: int
    id: str
    reviewed: str
    place: ReviewPlace
    digest: bytes
    decided: bool
    had_by: frozenset[int]
    finished_by: frozenset[int] = frozenset()
    ignored: int = 0


@dataclass(frozen=True)
class HeldReviews:
    """The reviews of one queue.

    Attributes:
        by_id: those that `labeltune review` has made; of two with one id the decided one, then the
            older.
        doubles: the tasks of the others.
    """

    by_id: Mapping[str, HeldReview] = field(default_factory=dict)
    doubles: tuple[int, ...] = ()

    @property
    def waiting(self) -> int:
        """Reviews that nobody has decided."""
        return sum(not each.decided for each in self.by_id.values())

    @property
    def ignored(self) -> int:
        """Decisions without effect on reviews that are still to be decided."""
        return sum(each.ignored for each in self.by_id.values() if not each.decided)


@dataclass(frozen=True)
class QueueChanges:
    """What is to be done about a queue.

    Attributes:
        new: tasks that it does not hold.
        changed: by task id, those that show something else, or that others may decide now.
        replaced: of these, the ones of which only that has changed who may decide.
        past: tasks of reviews that are about no answer any more that stands there.
    """

    new: tuple[SourceTask, ...] = ()
    changed: Mapping[int, SourceTask] = field(default_factory=dict)
    replaced: frozenset[int] = frozenset()
    past: tuple[int, ...] = ()
    doubles: tuple[int, ...] = ()


def read_held_reviews(rows: Iterable[TaskRow], fields: SourceFields) -> HeldReviews:
    """Look through the stored tasks of a queue; one that somebody else has made is no review."""
    found: dict[str, HeldReview] = {}
    doubles: list[int] = []
    for row in rows:
        data = row.data_fields()
        try:
            place = place_of(data)
        except LabelConfigError:
            continue
        if place == NO_PLACE or ID_FIELD not in data:
            continue
        held = HeldReview(
            task_id=row.task_id,
            id=str(data[ID_FIELD]),
            reviewed=str(data.get("reviewed_id")),
            place=place,
            digest=_shown(data, fields),
            decided=any(
                not each.was_cancelled and place.why_ignored(each.completed_by) is None
                for each in row.annotations
            ),
            had_by=_people(row.annotations),
            finished_by=_people(each for each in row.annotations if not each.was_cancelled),
            ignored=sum(
                not each.was_cancelled and place.why_ignored(each.completed_by) is not None
                for each in row.annotations
            ),
        )
        first = found.setdefault(held.id, held)
        if first is not held:
            kept, double = sorted((first, held), key=lambda one: (not one.decided, one.task_id))
            found[held.id] = kept
            doubles.append(double.task_id)
    return HeldReviews(found, tuple(doubles))


def changes_of(
    wanted: Sequence[SourceTask],
    held: HeldReviews,
    fields: SourceFields,
    still_open: Mapping[str, tuple[str, int]],
) -> QueueChanges:
    """Compare what a queue should hold with what it holds.

    A review that nobody has decided stays as long as its answers stand, also where nothing asks for
    it any more: somebody may be at it.

    Args:
        wanted: the tasks that are to be reviewed in this tier.
        still_open: see `sync.queue.review.plan.ReviewPlan.open`.
    """
    new = tuple(task for task in wanted if str(task.id) not in held.by_id)
    changed: dict[int, SourceTask] = {}
    replaced: set[int] = set()
    for task in wanted:
        known = held.by_id.get(str(task.id))
        if known is None or known.decided:
            continue
        is_same = known.digest == _shown(task.data, fields)
        if not is_same or _who(known.place) != _who(place_of(task.data)):
            changed[known.task_id] = task
        if is_same:
            replaced.add(known.task_id)
    past = tuple(
        one.task_id
        for one in held.by_id.values()
        if not one.decided and still_open.get(one.reviewed) != (one.place.round, one.place.tier)
    )
    return QueueChanges(new, changed, frozenset(replaced & changed.keys()), past, held.doubles)


def _who(place: ReviewPlace) -> ReviewPlace:
    """A place as far as a change of it matters: a task's draft has its order already."""
    return replace(place, order=None)


def _people(annotations: Iterable[Annotation]) -> frozenset[int]:
    return frozenset(each.completed_by for each in annotations if each.completed_by is not None)


def _shown(data: Mapping[str, object], fields: SourceFields) -> bytes:
    return fields.digest({name: value for name, value in data.items() if name != PLACE})
