"""Who worked outside their queue: Label Studio Community keeps nobody from a task, so it is told.

An answer counts wherever it was given; a review by somebody who may not decide it does not.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from label_configs.annotations.candidates import finished
from label_configs.errors import LabelConfigError
from label_configs.queue_fields import ASSIGNED_AT, ASSIGNED_TO
from label_configs.review_place import ReviewPlace, place_of
from sync.queue.review.experts.fit import Expert, has_skills
from sync.queue.review.experts.kinds import KindReader
from sync.queue.review.experts.open_tasks import SharedProject, time_of
from sync.queue.review.experts.roster import Roster
from sync.table.task_rows import Annotation, TaskRow

# the first of them that holds; with the first two a review has no effect
WhyOutside = Literal[
    "own work",
    "not of this tier",
    "no expert",
    "meant for somebody else",
    "not of their skills",
]
WHY_OUTSIDE: tuple[WhyOutside, ...] = get_args(WhyOutside)


@dataclass(frozen=True)
class PersonsWork:
    """What somebody finished, in a project and its queues.

    Attributes:
        user: their id in Label Studio.
        email: by which it knows them; of whom it no longer knows, their id.
        finished: tasks.
        outside: of these, by why they were outside their queue.
    """

    user: int
    email: str
    finished: int
    outside: dict[WhyOutside, int]


def work_outside(
    projects: Iterable[SharedProject], kinds: KindReader, roster: Roster
) -> tuple[PersonsWork, ...]:
    """What everybody finished, and what of it was not theirs; whoever did most outside comes first.

    Raises:
        SyncError: a table can't be read.
    """
    done: Counter[int] = Counter()
    outside: Counter[tuple[int, WhyOutside]] = Counter()
    experts = {each.user: each for each in roster.experts}
    for project in projects:
        for row in project.rows():
            for who, why in _of_task(row, project, kinds, roster, experts):
                done[who] += 1
                if why is not None:
                    outside[who, why] += 1
    found = [
        PersonsWork(
            who,
            roster.emails.get(who, str(who)),
            number,
            {why: outside[who, why] for why in WHY_OUTSIDE if outside[who, why]},
        )
        for who, number in done.items()
    ]
    return tuple(sorted(found, key=lambda one: (-sum(one.outside.values()), one.email)))


def _of_task(
    row: TaskRow,
    project: SharedProject,
    kinds: KindReader,
    roster: Roster,
    experts: dict[int, Expert],
) -> Iterator[tuple[int, WhyOutside | None]]:
    """Whoever finished a task, each once, and why it was not theirs."""
    latest: dict[int, Annotation] = {}
    for annotation in finished(row.annotations):
        if annotation.completed_by is not None:
            latest.setdefault(annotation.completed_by, annotation)
    if not latest:
        return
    data = row.data_fields()
    place = _place(data) if project.tier is not None else None
    meant_for, since = data.get(ASSIGNED_TO), time_of(data.get(ASSIGNED_AT))
    by = {roster.emails.get(who) for who in latest}
    for who, annotation in latest.items():
        ignored = place.why_ignored(who) if place is not None else None
        if ignored is not None:
            yield who, ignored
        elif who not in experts:
            yield who, None if roster.is_empty else "no expert"
        elif (
            isinstance(meant_for, str)
            # whoever it is meant for may have done it as well, or have got it after this one
            and meant_for not in by
            and (since is None or annotation.created_at >= since)
        ):
            yield who, "meant for somebody else"
        elif project.tier is None and not has_skills(experts[who], kinds.of_done(data, annotation)):
            yield who, "not of their skills"
        else:
            yield who, None


def _place(data: dict[str, object]) -> ReviewPlace | None:
    try:
        return place_of(data)
    except LabelConfigError:
        return None
