"""What differs between two releases, record by record and file by file.

Records are known by their key. Both releases are read side by side, and only records that the other
one has not shown yet are held: memory grows with the differences, not with the releases.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Literal, get_args

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.dataset.release.compared_records import Entry, entries
from sync.training_files.manifest.stored_release import StoredRelease

What = Literal["added", "removed", "answer", "annotator", "review", "split", "categories", "copies"]
WHATS: tuple[What, ...] = get_args(What)

# what a manifest says of where a release comes from
_ORIGIN = ("labeltune", "project", "project_id", "label_studio", "interface", "settings")
_MADE_BY = {
    "split": ("settings",),
    "balance": ("mode", "balanced", "dimensions", "weighting", "total"),
    "mix": ("share", "count", "files"),
}


@dataclass(frozen=True)
class RecordChange:
    """How one record differs.

    Attributes:
        what: `answer`: its lines in a format that both releases have; `annotator`, `review`,
            `split`, `categories`, `copies`: what the lineage says of it.
        before: what it was, where that can be said in a word; after likewise.
    """

    what: What
    key: str
    task_id: int
    before: Any = None
    after: Any = None

    @property
    def leaks(self) -> bool:
        """Whether a test item became training data."""
        return self.what == "split" and (self.before, self.after) == ("test", "train")


@dataclass
class Difference:
    """What differs between two releases, A and B.

    Attributes:
        counts: records by how they differ; one record may differ in several ways.
        moves: records that moved, by the splits that they left and entered.
        changes: the first ones of each kind, as many as were asked for.
        leaked: tasks that moved from test to train; as many as were asked for.
        origin: settings and facts that differ: (in A, in B), None where one has none.
        files: of both: (in A, in B), each with `lines`, `bytes` and `sha256`, or None.
        categories: labels whose number of records differs: (in A, in B), by kind.
        formats: what both have; without any, answers can't be compared.
    """

    counts: dict[What, int] = field(default_factory=lambda: dict.fromkeys(WHATS, 0))
    moves: dict[tuple[str, str], int] = field(default_factory=dict)
    changes: list[RecordChange] = field(default_factory=list)
    leaked: list[int] = field(default_factory=list)
    origin: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    files: dict[str, tuple[Json | None, Json | None]] = field(default_factory=dict)
    categories: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    formats: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the releases hold anything different."""
        changed = any(a is None or b is None or a != b for a, b in self.files.values())
        return changed or any(self.counts.values()) or bool(self.origin)


def diff(
    a: StoredRelease,
    b: StoredRelease,
    limit: int,
    on_record: Callable[[], None] = lambda: None,
) -> Difference:
    """Compare two releases.

    Args:
        limit: how many changes of each kind to list; all are counted.
        on_record: called for every record of either.

    Raises:
        SyncError: a release is damaged.
    """
    for release in (a, b):
        if damage := release.damage():
            raise SyncError(
                f"{release.folder}: damaged, {damage[0]!r} is not what was exported; export again"
            )
    formats = [{file["format"] for file in release.manifest["files"]} for release in (a, b)]
    both = formats[0] & formats[1]
    found = Difference(
        origin=_origin(a.manifest, b.manifest),
        files=_files(a.manifest, b.manifest),
        categories=_categories(a.manifest, b.manifest),
        formats=tuple(sorted(both)),
    )
    for before, after in _pairs(a, b, both, on_record):
        for change in _changes(before, after):
            found.counts[change.what] += 1
            if change.what == "split":
                move = str(change.before), str(change.after)
                found.moves[move] = found.moves.get(move, 0) + 1
            if change.leaks and len(found.leaked) < limit:
                found.leaked.append(change.task_id)
            if found.counts[change.what] <= limit:
                found.changes.append(change)
    found.changes.sort(key=lambda change: (not change.leaks, WHATS.index(change.what)))
    return found


def _pairs(
    a: StoredRelease, b: StoredRelease, formats: Collection[str], on_record: Callable[[], None]
) -> Iterator[tuple[Entry | None, Entry | None]]:
    """The records of both by key; None where one release has it not."""
    waiting: tuple[dict[str, deque[Entry]], ...] = ({}, {})
    for both in zip_longest(entries(a, formats), entries(b, formats)):
        for side, entry in enumerate(both):
            if entry is None:
                continue
            on_record()
            others = waiting[1 - side].get(entry.key)
            if others is None:
                waiting[side].setdefault(entry.key, deque()).append(entry)
                continue
            other = others.popleft()
            if not others:
                del waiting[1 - side][entry.key]
            yield (entry, other) if side == 0 else (other, entry)
    yield from ((entry, None) for queue in waiting[0].values() for entry in queue)
    yield from ((None, entry) for queue in waiting[1].values() for entry in queue)


def _changes(before: Entry | None, after: Entry | None) -> Iterator[RecordChange]:
    if before is None or after is None:
        entry = after or before
        assert entry is not None
        yield RecordChange("added" if before is None else "removed", entry.key, entry.task_id)
        return
    key, task_id = after.key, after.task_id
    if before.written != after.written:
        changed = [f for f in after.written if before.written.get(f) != after.written[f]]
        gone = before.written.keys() - after.written.keys()
        yield RecordChange("answer", key, task_id, after=", ".join([*changed, *sorted(gone)]))
    if (before.annotator, before.chosen_by) != (after.annotator, after.chosen_by):
        yield RecordChange("annotator", key, task_id, _by(before), _by(after))
    if before.review != after.review:
        yield RecordChange("review", key, task_id, _verdict(before), _verdict(after))
    if before.split != after.split:
        yield RecordChange("split", key, task_id, before.split, after.split)
    if before.categories != after.categories:
        yield RecordChange(
            "categories", key, task_id, dict(before.categories), dict(after.categories)
        )
    if before.copies != after.copies:
        yield RecordChange("copies", key, task_id, before.copies, after.copies)


def _by(entry: Entry) -> str:
    return f"{entry.annotator} ({entry.chosen_by})"


def _verdict(entry: Entry) -> str | None:
    review = entry.review
    return None if review is None else f"{review['decision']} by {review['reviewer']}"


def _origin(a: Json, b: Json) -> dict[str, tuple[Any, Any]]:
    flat_a, flat_b = (_flat(_said(manifest)) for manifest in (a, b))
    return {
        key: (flat_a.get(key), flat_b.get(key))
        for key in sorted(flat_a.keys() | flat_b.keys())
        if flat_a.get(key) != flat_b.get(key)
    }


def _said(manifest: Json) -> Json:
    """What a manifest says of where its release comes from."""
    said = {key: manifest.get(key) for key in _ORIGIN}
    for part, keys in _MADE_BY.items():
        made = manifest.get(part) or {}
        said[part] = {key: made[key] for key in keys if key in made}
    return said


def _flat(value: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Settings by their dotted names."""
    flat: dict[str, Any] = {}
    for key, inner in value.items():
        name = f"{above}{key}"
        flat |= _flat(inner, f"{name}.") if isinstance(inner, Mapping) else {name: inner}
    return flat


def _files(a: Json, b: Json) -> dict[str, tuple[Json | None, Json | None]]:
    listed = [{file["file"]: file for file in manifest["files"]} for manifest in (a, b)]
    names = dict.fromkeys([*listed[0], *listed[1]])
    return {name: (_sizes(listed[0].get(name)), _sizes(listed[1].get(name))) for name in names}


def _sizes(file: Json | None) -> Json | None:
    return file and {key: file[key] for key in ("lines", "bytes", "sha256")}


def _categories(a: Json, b: Json) -> dict[str, dict[str, tuple[int, int]]]:
    found: dict[str, dict[str, tuple[int, int]]] = {}
    kinds = [manifest.get("categories") or {} for manifest in (a, b)]
    for kind in dict.fromkeys([*kinds[0], *kinds[1]]):
        labels = [of.get(kind, {}) for of in kinds]
        counts = {
            label: (labels[0].get(label, 0), labels[1].get(label, 0))
            for label in dict.fromkeys([*labels[0], *labels[1]])
        }
        if shifted := {label: pair for label, pair in counts.items() if pair[0] != pair[1]}:
            found[kind] = shifted
    return found
