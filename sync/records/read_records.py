"""Pulled rows as labelled records: one annotation a task, decoded by the project's interface.

Which annotation counts, `sync.records.choose_annotation` says. Skipped ones (`was_cancelled`)
never do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from label_configs import Interface, LabelConfigError
from label_configs.dimensions import held_by
from label_configs.message_forms import with_messages_put_right
from label_configs.provenance import Provenance, compared, provenance
from sync.records.choose_annotation import Choosing, Winner, decide, ground_truth
from sync.records.consensus import Candidate, finished
from sync.records.record import Labelled, LabelledRecord, Outcome, Unfinished, Unreadable
from sync.settings.categories import CategorySection, by_rules
from sync.table.task_rows import Annotation, TaskRow


@dataclass(frozen=True)
class _Reading:
    interface: Interface[Any]
    categories: Mapping[str, CategorySection]
    choosing: Choosing


def read_records(
    rows: Iterable[TaskRow],
    interface: Interface[Any],
    categories: Mapping[str, CategorySection] | None = None,
    choosing: Choosing | None = None,
) -> Labelled:
    """Decode every finished task; what can't be decoded is listed, never fatal.

    Args:
        categories: the project's, by name, for tasks that are older than their rules.
        choosing: which annotation counts; by default without reviews.
    """
    return labelled_of(list(iter_records(rows, interface, categories, choosing)))


def labelled_of(outcomes: Sequence[Outcome]) -> Labelled:
    """What became of a project's tasks, sorted by kind."""
    why = [outcome.why for outcome in outcomes if isinstance(outcome, Unfinished)]
    return Labelled(
        records=tuple(each for each in outcomes if isinstance(each, LabelledRecord)),
        unreadable=tuple(each for each in outcomes if isinstance(each, Unreadable)),
        skipped=why.count("skipped"),
        unlabeled=why.count("unlabeled"),
        unsettled=why.count("unsettled"),
    )


def iter_records(
    rows: Iterable[TaskRow],
    interface: Interface[Any],
    categories: Mapping[str, CategorySection] | None = None,
    choosing: Choosing | None = None,
) -> Iterator[Outcome]:
    """What became of each task, one after the other; arguments are as for `read_records`.

    Yields:
        Of each task one outcome, and after a record an `Unreadable` with `instead` for each other
        annotation that had a say and can't be read.
    """
    reading = _Reading(interface, categories or {}, choosing or Choosing())
    for row in rows:
        annotations = finished(row.annotations)
        if not annotations:
            yield Unfinished(row.task_id, "skipped" if row.annotations else "unlabeled")
            continue
        try:
            yield from _outcomes(row, annotations, reading)
        except LabelConfigError as error:
            yield Unreadable(row.task_id, annotations[0].id, str(error))


def _outcomes(
    row: TaskRow, annotations: Sequence[Annotation], reading: _Reading
) -> Iterator[Outcome]:
    """Of a task with finished annotations, the latest first."""
    data = with_messages_put_right(row.data_fields())
    reading.interface.check_task(data, where=f"task {row.task_id}")
    choosing = reading.choosing
    verdict = choosing.verdicts.of(data)
    # it settles the task, so that no other needs to be read
    starred = ground_truth(annotations, verdict) if choosing.order[0] == "reviewed" else None
    candidates: list[Candidate] = []
    unreadable: list[Unreadable] = []
    for annotation in annotations if starred is None else (starred,):
        try:
            candidates.append(_candidate(row.task_id, annotation, reading.interface))
        except LabelConfigError as error:
            unreadable.append(Unreadable(row.task_id, annotation.id, str(error)))
    winner = decide(candidates, verdict, choosing, reading.interface, data, row.task_id)
    if winner is not None:
        annotation_id = winner.candidate.annotation.id
        try:
            yield _record(row, winner, data, len(annotations), reading)
        except LabelConfigError as error:
            unreadable.insert(0, Unreadable(row.task_id, annotation_id, str(error)))
        else:
            yield from (replace(fault, instead=annotation_id) for fault in unreadable)
            return
    yield _without_record(row.task_id, unreadable)


def _without_record(task_id: int, unreadable: Sequence[Unreadable]) -> Unreadable | Unfinished:
    """The one outcome of a task of which no annotation counts."""
    if not unreadable:
        return Unfinished(task_id, "unsettled")
    first, *others = unreadable
    if not others:
        return first
    reason = f"{first.reason} (of its other annotations, {len(others)} can't be read either)"
    return replace(first, reason=reason)


def _candidate(task_id: int, annotation: Annotation, interface: Interface[Any]) -> Candidate:
    items = annotation.items()
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise LabelConfigError(
            f"task {task_id}, annotation {annotation.id}: the result is no list of result items; "
            "delete the annotation in Label Studio"
        )
    return Candidate(annotation, items, interface.decode(items))


def _record(
    row: TaskRow, winner: Winner, data: Mapping[str, Any], annotations: int, reading: _Reading
) -> LabelledRecord:
    interface, annotation = reading.interface, winner.candidate.annotation
    record = _amended(winner, interface)
    opened = next((p for p in row.predictions if p.id == annotation.parent_prediction), None)
    draft = None if opened is None else interface.decode(opened.items())
    version = None if opened is None else opened.model_version
    ruled = by_rules(data, reading.categories) if reading.categories else {}
    return LabelledRecord(
        task_id=row.task_id,
        annotation_id=annotation.id,
        data=data,
        record=record,
        provenance=_provenance(winner, interface, record, draft, version),
        verdict=interface.draft_verdict(record, data),
        completed_by=annotation.completed_by,
        updated_at=annotation.updated_at,
        categories={
            # one that is not listed any more is no worse than none
            **held_by(data, interface.dimensions),
            **ruled,
            **interface.task_categories(data),
            **interface.decode_categories(winner.candidate.items),
        },
        draft=draft,
        chosen_by=winner.chosen_by,
        review=winner.review,
        lapsed_review=winner.lapsed_review,
        created_at=row.created_at,
        annotations=annotations,
    )


def _amended(winner: Winner, interface: Interface[Any]) -> Any:
    """The winner's record, with the reviewer's text in it."""
    record = winner.candidate.record
    if winner.amended is None or winner.review is None:
        return record
    amended = interface.with_answer(record, winner.amended)
    if amended is None:
        raise LabelConfigError(
            f"review {winner.review.annotation_id} (task {winner.review.task_id}) amends "
            f"annotation {winner.candidate.annotation.id}, which has no place for a text of the "
            "reviewer's; correct the annotation itself, then approve it"
        )
    return amended


def _provenance(
    winner: Winner, interface: Interface[Any], record: Any, draft: Any, version: str | None
) -> Provenance:
    lead_time = winner.candidate.annotation.lead_time
    if draft is not None:
        return compared(interface, record, draft, version, lead_time)
    found = provenance(interface, winner.candidate.items, None, version, lead_time)
    if winner.amended is not None and found.change == "unchanged":
        return replace(found, change="edited")
    return found
