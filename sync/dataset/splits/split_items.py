"""What a split needs to know of each finished task, and nothing more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b, sha256
from typing import Any

from sync.common.errors import SyncError
from sync.common.moments import moment
from sync.common.picture_names import pictures_in
from sync.common.task_texts import user_text
from sync.dataset.splits.ties import Tie, ties_of
from sync.records.record import LabelledRecord
from sync.settings.split import SplitSection

TRAIN, VALIDATION, TEST = "train", "validation", "test"
SPLITS = (TRAIN, VALIDATION, TEST)
DROPPED = "dropped"

# a kind of category, and the label
Label = tuple[str, str]
# of items that have no label of a kind
UNLABELLED = "(none)"


@dataclass(frozen=True, slots=True)
class SplitItem:
    """A finished task.

    Attributes:
        key: what it is known by wherever it goes, see `LabelledRecord.key`.
        text: all that the user said; empty where that is nothing, or is said about a picture: the
            same words about another one ask something else.
        ties: what it shares with the tasks that it must stay together with.
        at: when it was asked, with `by = "time"`; else None.
        labels: of the kinds that are stratified; `UNLABELLED` of those that only others have.
    """

    key: str
    task_id: int
    text: str
    ties: tuple[Tie, ...]
    at: datetime | None
    labels: tuple[Label, ...]


def items_of(records: Iterable[LabelledRecord], settings: SplitSection) -> list[SplitItem]:
    """The items of a project, by key and task id, whatever the order of its records.

    Raises:
        SyncError: with `by = "time"`: a task has no time that can be read.
    """
    found = [
        SplitItem(
            key=record.key,
            task_id=record.task_id,
            text="" if pictures_in(record.data.get("messages")) else user_text(record.data).strip(),
            ties=ties_of(record.data, settings),
            at=_time_of(record, settings) if settings.by == "time" else None,
            labels=tuple(_labels_of(record.categories, settings)),
        )
        for record in records
    ]
    kinds = sorted({kind for item in found for kind, _ in item.labels})
    complete = (replace(item, labels=_of_kinds(item.labels, kinds)) for item in found)
    return sorted(complete, key=lambda item: (item.key, item.task_id))


def digest_of(items: Iterable[SplitItem]) -> str:
    """Of all that decides how these items are split, in hex; they are in order."""
    whole = sha256()
    for item in items:
        at = "" if item.at is None else item.at.astimezone(UTC).isoformat()
        whole.update(repr((item.key, item.task_id, item.text, item.ties, at, item.labels)).encode())
    return whole.hexdigest()


def digest_of_texts(items: Iterable[SplitItem]) -> str:
    """Of keys and texts alone, in hex: what somebody else can compute from the same tasks."""
    whole = sha256()
    for item in items:
        text = blake2b(item.text.encode("utf-8", "replace"), digest_size=16).hexdigest()
        whole.update(f"{item.key}\0{text}\n".encode("utf-8", "replace"))
    return whole.hexdigest()


def _labels_of(categories: Mapping[str, str], settings: SplitSection) -> Iterator[Label]:
    for kind in sorted(categories):
        if settings.stratify is None or kind in settings.stratify:
            yield kind, categories[kind]


def _of_kinds(labels: Sequence[Label], kinds: Iterable[str]) -> tuple[Label, ...]:
    known = dict(labels)
    return tuple((kind, known.get(kind, UNLABELLED)) for kind in kinds)


def _time_of(record: LabelledRecord, settings: SplitSection) -> datetime:
    if settings.time_field is None:
        # every row of the table has it
        return record.created_at or datetime.min.replace(tzinfo=UTC)
    value: Any = record.data
    for name in settings.time_field.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    try:
        return moment(value)
    except ValueError as error:
        raise SyncError(
            f"task {record.task_id}: split.time_field = {settings.time_field!r} needs a date or "
            f"time in ISO form there, found {error}; correct the task, or leave "
            "split.time_field out: the time at which tasks were created then counts"
        ) from None
