"""The stars of finished tasks: noted when first seen, given to what reviewers chose among several.

A star that somebody gave counts while its annotation says what it said when this first saw it.
Changed since, it is taken away, so that whoever means the new answer can give it anew. Where
reviewers of all tiers have approved one of several answers, its annotation gets the star, so that
everybody sees in Label Studio which one counts; the verdict goes on deciding.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Protocol

from connectors.errors import LabelStudioError
from label_configs.annotations.candidates import finished
from label_configs.annotations.star_note import StarNote, counts, said_by, starred
from label_configs.errors import LabelConfigError
from label_configs.queue_fields import STARRED
from sync.common.terminal import ShowProgress
from sync.queue.review.items import FinishedItem, item_of
from sync.queue.review.plan import next_tier
from sync.queue.review.risk import risk_of
from sync.queue.task_fields import AT_ONCE, Fields, TaskDataStore, write_fields
from sync.records import LabelledRecord
from sync.records.pulled_work import PulledWork
from sync.settings.review import ReviewSection
from sync.table.task_rows import Annotation, TaskRow

_GONE = 404


class StarredStudio(TaskDataStore, Protocol):
    """The part of `connectors.label_studio.LabelStudio` that knows stars."""

    def set_ground_truth(self, annotation_id: int, *, to: bool = True) -> None: ...


@dataclass(frozen=True)
class StarChanges:
    """What is to be done about stars.

    Attributes:
        given: annotations that get one; `taken`: that lose theirs.
        notes: by task id, what its data should hold of its star.
        lapsed: of the taken ones, those that somebody gave and whose annotation was changed since.
    """

    given: Sequence[int] = ()
    taken: Sequence[int] = ()
    notes: Mapping[int, Fields] = field(default_factory=dict)
    lapsed: int = 0


def read_stars(
    work: PulledWork, items: Sequence[FinishedItem], settings: ReviewSection
) -> StarChanges:
    """Compare the stars that there are with what was noted and decided.

    Args:
        items: every finished task that a reviewer can be shown.

    Raises:
        SyncError: the table can't be read.
    """
    approved = {item.task_id: item.annotation_id for item in items if _is_approved(item, settings)}
    given: list[int] = []
    taken: list[int] = []
    notes: dict[int, Fields] = {}
    lapsed = 0
    for row in work.snapshot.rows():
        done = finished(row.annotations)
        star = starred(done)
        held = f'"{STARRED}"' in row.data
        if star is None and not held and row.task_id not in approved:
            continue
        note = StarNote.of(row.data_fields()) if held else None
        best = approved.get(row.task_id) if _answered_by_several(done) else None
        try:
            wanted = _note_of(row, star, note, best, work, settings)
        except LabelConfigError:  # it is noted when it can be read
            continue
        if star is not None and wanted is None:
            taken.append(star.id)
            lapsed += note is not None and bool(note.said)
        elif wanted is not None and not wanted.said and wanted != note and star is None:
            given.append(wanted.annotation_id)
        if wanted != note:
            notes[row.task_id] = {STARRED: None if wanted is None else wanted.to_data()}
    return StarChanges(given, taken, notes, lapsed)


def bring_stars(
    client: StarredStudio, project_id: int, changes: StarChanges, progress: ShowProgress
) -> None:
    """Give and take stars, then note them; the next run makes good for one that is killed.

    Raises:
        LabelStudioError: Label Studio can't be reached; run again.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for to, annotations in ((False, changes.taken), (True, changes.given)):
            list(pool.map(_setting(client, to), annotations))
    write_fields(client, project_id, changes.notes, progress)


def _setting(client: StarredStudio, to: bool) -> Callable[[int], None]:
    def set_one(annotation_id: int) -> None:
        try:
            client.set_ground_truth(annotation_id, to=to)
        except LabelStudioError as error:
            if error.status != _GONE:
                raise

    return set_one


def _note_of(
    row: TaskRow,
    star: Annotation | None,
    note: StarNote | None,
    approved: int | None,
    work: PulledWork,
    settings: ReviewSection,
) -> StarNote | None:
    """What is to be noted of a task; None: it should have neither a note nor a star.

    Args:
        approved: the annotation that a verdict chose among several.

    Raises:
        LabelConfigError: the annotation with the star can't be read.
    """
    if star is None:
        # one that is noted and gone was taken away by somebody: it is not given twice
        return None if approved is None else StarNote(approved)
    if note is None or note.annotation_id != star.id:
        return _new_star(row, star, work, settings)
    if not note.said:
        return note if approved == star.id else None
    return note if counts(star, note, work.interface, row.task_id) else None


def _new_star(
    row: TaskRow, star: Annotation, work: PulledWork, settings: ReviewSection
) -> StarNote:
    """The note of a star that nobody has noted: `labeltune review` died over it, or somebody's."""
    bare = tuple(replace(each, ground_truth=False) for each in row.annotations)
    stripped = replace(row, annotations=bare)
    for outcome in work.outcomes([stripped]):
        if not isinstance(outcome, LabelledRecord) or outcome.annotation_id != star.id:
            continue
        item = item_of(stripped, outcome, work.interface)
        several = _answered_by_several(finished(bare))
        if several and isinstance(item, FinishedItem) and _is_approved(item, settings):
            return StarNote(star.id)
    return StarNote(star.id, said_by(star, work.interface, row.task_id))


def _is_approved(item: FinishedItem, settings: ReviewSection) -> bool:
    """Whether every tier that a task needs has approved the answer as its annotator wrote it."""
    said = item.review
    if said is None or said.decision != "approve" or item.is_amended:
        return False
    return next_tier(item, risk_of(item, settings), settings.tiers) is None


def _answered_by_several(done: Sequence[Annotation]) -> bool:
    return len({each.completed_by for each in done}) > 1
