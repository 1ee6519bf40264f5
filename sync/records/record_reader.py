"""Pulled rows as labelled records: one annotation a task, decoded by the project's interface.

Which annotation counts, `label_configs.annotations.choose_annotation` says. Skipped ones
(`was_cancelled`) never do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from drafting.acceptance.judged_draft import kept_signals
from drafting.draft_version import drafted_version
from drafting.signals import Signals
from label_configs import Interface, LabelConfigError
from label_configs.annotations.candidates import finished
from label_configs.annotations.choose_annotation import Choosing, Winner, choose_annotation
from label_configs.dimensions import held_by
from label_configs.draft_meta import acceptance_of
from label_configs.message_forms import with_messages_put_right
from label_configs.provenance import Provenance, compared, provenance
from label_configs.queue_fields import ACCEPTANCE, QUEUE_AUDIT
from sync.records.record import Labelled, LabelledRecord, Outcome, Unfinished, Unreadable
from sync.settings.categories import CategorySection, by_rules
from sync.table.task_rows import Annotation, Prediction, TaskRow


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
    chosen = choose_annotation(row.task_id, data, annotations, reading.interface, reading.choosing)
    unreadable = [Unreadable(row.task_id, each.id, why) for each, why in chosen.unreadable]
    if chosen.winner is not None:
        annotation_id = chosen.winner.candidate.annotation.id
        try:
            yield _record(row, chosen.winner, data, annotations, reading)
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


def _record(
    row: TaskRow,
    winner: Winner,
    data: Mapping[str, Any],
    annotations: Sequence[Annotation],
    reading: _Reading,
) -> LabelledRecord:
    interface, record = reading.interface, winner.record(reading.interface)
    annotation = next(a for a in annotations if a.id == winner.candidate.annotation.id)
    opened = next((p for p in row.predictions if p.id == annotation.parent_prediction), None)
    draft = None if opened is None else interface.decode(opened.items())
    version = None if opened is None else drafted_version(opened.model_version)
    ruled = by_rules(data, reading.categories) if reading.categories else {}
    return LabelledRecord(
        task_id=row.task_id,
        annotation_id=annotation.id,
        data=data,
        record=record,
        provenance=_provenance(winner, annotation.lead_time, interface, record, draft, version),
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
        annotations=len(annotations),
        signals=_signals(row, annotation, winner.candidate.items, opened),
        acceptance=None if opened is None else _acceptance(data, opened),
        is_audit=data.get(QUEUE_AUDIT) is True,
        before_review=None if winner.amended is None else winner.candidate.record,
        earlier_reviews=winner.earlier,
    )


def _acceptance(data: Mapping[str, Any], opened: Prediction) -> float | None:
    """As `labeltune rank` last said it, else as the draft tells it."""
    ranked, told = data.get(ACCEPTANCE), acceptance_of(opened.items())
    if isinstance(ranked, (int, float)) and not isinstance(ranked, bool):
        return float(ranked)
    return None if told is None else told.acceptance


def _signals(
    row: TaskRow,
    annotation: Annotation,
    items: Sequence[Mapping[str, Any]],
    opened: Prediction | None,
) -> Signals | None:
    """What the draft was scored by: as it tells itself, or as the annotation kept it.

    Where the annotation names no draft, its page showed the newest of then.
    """
    if opened is not None:
        return kept_signals(opened.items(), items)
    before = [p for p in row.predictions if p.created_at <= annotation.created_at]
    shown = max(before, key=lambda prediction: prediction.id, default=None)
    return kept_signals(items, None if shown is None else shown.items())


def _provenance(
    winner: Winner,
    lead_time: float | None,
    interface: Interface[Any],
    record: Any,
    draft: Any,
    version: str | None,
) -> Provenance:
    if draft is not None:
        return compared(interface, record, draft, version, lead_time)
    found = provenance(interface, winner.candidate.items, None, version, lead_time)
    if winner.amended is not None and found.change == "unchanged":
        return replace(found, change="edited")
    return found
