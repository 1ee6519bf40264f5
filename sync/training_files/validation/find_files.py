"""Which files are validated: those named, those of a folder, and those that a list names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sync.common.errors import SyncError
from sync.training_files.manifest import LINEAGE, MANIFEST
from sync.training_files.manifest.release_files import ReleaseFolder, release_of
from sync.training_files.validation.containers import begins_as_examples
from sync.training_files.validation.files_to_check import STDIN, FileToCheck, Role
from sync.training_files.validation.lists.dataset_lists import (
    entries_of,
    is_list,
    list_in,
    listed_in,
)

_ALWAYS = (".jsonl", ".parquet")
_ROLES: Mapping[str | None, Role] = {"validation": "validation", "test": "test"}


@dataclass(frozen=True)
class FoundFiles:
    """The files to validate, and what to tell of those that are not."""

    files: list[FileToCheck]
    notes: list[str]


def find(files: Sequence[Path], validation: Sequence[Path]) -> FoundFiles:
    """The files to validate: those named, those of a folder or a list, a release's other splits.

    Args:
        files: files, folders, files that list others (`dataset_info.json` of LLaMA-Factory, a YAML
            of Axolotl), or `-` for stdin.
        validation: files that are for validation, whatever their name.

    Raises:
        SyncError: a folder holds no file of examples, a file is named for both, or a list can't be
            read.
    """
    if [*files, *validation].count(STDIN) > 1:
        raise SyncError("-: stdin can be read once only; name one of the two by its path")
    if both := set(files) & set(validation):
        raise SyncError(
            f"{both.pop()}: is named for training and for validation; they must not be one file"
        )
    finder = _Finder()
    for path in validation:
        finder.take(path, "validation")
    for path in files:
        finder.take(path, None)
    if not validation:
        finder.add_siblings()
    if not finder.found:
        raise SyncError("; ".join(finder.notes) or "no file of examples was named")
    order: tuple[Role, ...] = ("training", "validation", "test")
    found = sorted(finder.found.values(), key=lambda source: order.index(source.role))
    return FoundFiles(_told_apart(found), finder.notes)


class _Finder:
    """Collects files by path, and by entry where a list names them.

    Attributes:
        found: each once, in the order in which they were met.
        notes: what was met and is not among them.
    """

    def __init__(self) -> None:
        self.found: dict[tuple[Path, str | None], FileToCheck] = {}
        self.notes: list[str] = []
        self._releases: dict[Path, ReleaseFolder | None] = {}

    def take(self, path: Path, role: Role | None) -> None:
        """A file, or those that it lists, or those of a folder."""
        if path == STDIN:
            self._add(FileToCheck(path, role or "training"))
        elif path.is_dir():
            self._take_folder(path, role)
        elif is_list(path):
            self._take_entries(path, role)
        else:
            self._take_file(path, role, named=True)

    def add_siblings(self) -> None:
        """The other splits of the releases that were met."""
        for source in list(self.found.values()):
            if source.release:
                for name in source.release.siblings(source.path.name):
                    sibling = source.path.parent / name
                    if (sibling, None) not in self.found:
                        self._take_file(sibling, None, named=False, asked=False)

    def _add(self, source: FileToCheck) -> None:
        entry = source.reading.entry if source.reading else None
        self.found.setdefault((source.path, entry), source)

    def _take_file(self, path: Path, role: Role | None, *, named: bool, asked: bool = True) -> None:
        release = self._release(path.parent)
        split = role or _role(path, release)
        if release is None and (sources := entries_of(path)):
            for source in sources:
                self._add(replace(source, role=role or source.role, named=named, asked=asked))
            return
        self._add(FileToCheck(path, split, release, asked, named))

    def _release(self, folder: Path) -> ReleaseFolder | None:
        if folder not in self._releases:
            self._releases[folder] = release_of(folder)
        return self._releases[folder]

    def _take_entries(self, path: Path, role: Role | None) -> None:
        listed = listed_in(path)
        self.notes += listed.notes
        for source in listed.files:
            self._add(replace(source, role=role or source.role))

    def _take_folder(self, folder: Path, role: Role | None) -> None:
        release = self._release(folder)
        if release and release.files:
            for name in release.files:
                self._take_file(folder / name, role, named=False)
            return
        met = 0
        if (info := list_in(folder)) is not None:
            self._take_entries(info, role)
        taken = {path for (path, entry) in self.found if entry is not None} | {info}
        for path in sorted(folder.iterdir()):
            if path in taken or path.name in (LINEAGE, MANIFEST):
                continue
            if path.suffix in _ALWAYS or (path.suffix == ".json" and begins_as_examples(path)):
                self._add(FileToCheck(path, role or _role(path, None), named=False))
                met += 1
        if info is None and not met:
            raise SyncError(
                f"{folder}: holds no .jsonl file, and no array in .json or .parquet; name a file, "
                "or a release's folder"
            )


def _told_apart(found: list[FileToCheck]) -> list[FileToCheck]:
    """Files, of which those that are read in several ways are named after their entries, too."""
    times = Counter(source.path for source in found)
    return [replace(source, twice=times[source.path] > 1) for source in found]


def _role(path: Path, release: ReleaseFolder | None) -> Role:
    """By the manifest, else by a name such as `openai-chat.validation.jsonl`."""
    split = release.split_of(path.name) if release else None
    parts = path.name.split(".")
    return _ROLES.get(split or (parts[-2] if len(parts) > 2 else None), "training")
