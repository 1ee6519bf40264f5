"""Splits in the data folder: each is written once and never changed, and the next one builds on it.

`splits/index.json` names them in the order in which they were made.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sync.common.errors import SyncError
from sync.common.json_text import Json, to_json
from sync.dataset.splits.split_items import DROPPED, SPLITS
from sync.table.data_folder import DataFolder

FOLDER = "splits"
INDEX = f"{FOLDER}/index.json"
# of a manifest: the splits that count no more since this one
ANEW = "anew_instead_of"


@dataclass(frozen=True, slots=True)
class Assigned:
    """One line: an item and where it is.

    Attributes:
        task_id: None for an item that is gone, or is unfinished again; its home is remembered.
        split: "dropped" while it is tied to an item of a stronger home; None where it is gone.
        home: where it was first put, and belongs for ever.
        group: the first key of those that it stays together with.
    """

    key: str
    task_id: int | None
    split: str | None
    home: str
    group: str | None = None

    def as_json(self) -> Json:
        """Without what goes without saying."""
        if self.task_id is None:
            return {"key": self.key, "home": self.home}
        line: Json = {"key": self.key, "task_id": self.task_id, "split": self.split}
        if self.split == DROPPED:
            line["home"] = self.home
        return line | {"group": self.group}

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> "Assigned":
        """A line that was read."""
        split = line.get("split")
        home = line.get("home", split)
        if home not in SPLITS or split not in (None, DROPPED, *SPLITS):
            raise ValueError(f"no split {home!r}")
        return cls(line["key"], line.get("task_id"), split, home, line.get("group"))


class StoredSplit:
    """A split that was read, whole as it was written."""

    def __init__(self, name: str, lines: Sequence[Assigned], manifest: Json) -> None:
        self.name = name
        self.lines = lines
        self._manifest = manifest
        self._splits = {line.key: line.split for line in lines if line.split is not None}

    @property
    def table_version(self) -> int:
        """Of the table that it was made of."""
        return version_of(self.name)

    def split_of(self, key: str) -> str | None:
        """`train`, `validation`, `test` or `dropped`; None for what is newer than the split."""
        return self._splits.get(key)

    def manifest(self) -> Json:
        """Settings, sizes, proportions, proof, and the hash of the assignment."""
        return self._manifest

    def homes(self) -> dict[str, str]:
        """Where every item belongs that was ever split, by key."""
        return {line.key: line.home for line in self.lines}


def read_split(folder: DataFolder, table_version: int) -> StoredSplit | None:
    """The newest split that was made of this version of the table, or of an earlier one.

    Raises:
        SyncError: it was changed since, or can't be read.
    """
    names = read_index(folder)
    name = newest_of(names, table_version)
    return None if name is None else read_named(folder, name)


def newest_of(names: Sequence[str], table_version: int) -> str | None:
    """Of splits in the order in which they were made."""
    fitting = [name for name in names if version_of(name) <= table_version]
    return max(fitting, key=lambda name: (version_of(name), names.index(name)), default=None)


def known_to(folder: DataFolder, name: str | None = None) -> list[str]:
    """The splits among which items keep their homes, in the order in which they were made.

    Args:
        name: of a split; None for the one that is made next.

    Returns:
        From where it was begun anew to where it was next; all, where it never was.
    """
    index = _index(folder)
    names = index["splits"]
    starts = sorted(names.index(one) for one in index.get("anew", ()) if one in names)
    place = len(names) - 1 if name is None else names.index(name)
    first = max((at for at in starts if at <= place), default=0)
    found: list[str] = names[first : min((at for at in starts if at > place), default=None)]
    return found


def version_of(name: str) -> int:
    """The table version in a split's name, `v<version>-<hash>`."""
    return int(name.removeprefix("v").partition("-")[0])


def read_index(folder: DataFolder) -> list[str]:
    """The names of all splits, in the order in which they were made.

    Raises:
        SyncError: the index can't be read.
    """
    found: list[str] = _index(folder)["splits"]
    return found


def _index(folder: DataFolder) -> Json:
    content = folder.read(INDEX)
    if content is None:
        return {"splits": []}
    try:
        index: Json = json.loads(content)
        for name in [*index["splits"], *index.get("anew", ())]:
            version_of(name)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _changed(folder, INDEX) from None
    return index


def read_named(folder: DataFolder, name: str) -> StoredSplit:
    """A split by its name.

    Raises:
        SyncError: its files are gone, or no longer what was written.
    """
    path = f"{FOLDER}/{name}.jsonl"
    content = folder.read(path)
    manifest_path = f"{FOLDER}/{name}.manifest.json"
    try:
        manifest = json.loads(folder.read(manifest_path) or b"")
        stated = manifest["sha256"]
    except (ValueError, TypeError, KeyError):
        raise _changed(folder, manifest_path) from None
    if content is None or sha256(content).hexdigest() != stated:
        raise _changed(folder, path)
    lines = [Assigned.from_json(json.loads(line)) for line in content.splitlines()]
    return StoredSplit(name, lines, manifest)


def text_of(lines: Iterable[Assigned]) -> str:
    """The assignment's file."""
    return "".join(_lines(lines))


def write_split(folder: DataFolder, name: str, text: str, manifest: Json) -> None:
    """Write a split; it is there once the index names it, and nothing is before.

    Raises:
        SyncError: the folder can't be written.
    """
    folder.write(f"{FOLDER}/{name}.jsonl", text)
    written = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    folder.write(f"{FOLDER}/{name}.manifest.json", written)
    index = _index(folder)
    index["splits"] = [*index["splits"], name]
    if ANEW in manifest:
        index["anew"] = [*index.get("anew", ()), name]
    folder.write(INDEX, json.dumps(index, indent=1) + "\n")


def _lines(lines: Iterable[Assigned]) -> Iterator[str]:
    for line in lines:
        yield to_json(line.as_json()) + "\n"


def _changed(folder: DataFolder, name: str) -> SyncError:
    return SyncError(
        f"{folder.location(name)}: gone, or not what `labeltune split` wrote, which never changes "
        f"it; bring it back from a copy, or delete {folder.location(FOLDER)} to begin anew, after "
        "which old test items may be in train"
    )
