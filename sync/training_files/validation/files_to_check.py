"""Which files are validated, as what, and in which format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sync.common.errors import SyncError
from sync.training_files.formats.format import Format
from sync.training_files.manifest import LINEAGE
from sync.training_files.manifest.release_files import ReleaseFolder, release_of

Role = Literal["training", "validation", "test"]
STDIN = Path("-")

_ROLES: Mapping[str | None, Role] = {"validation": "validation", "test": "test"}


@dataclass(frozen=True)
class FileToCheck:
    """A file to validate.

    Attributes:
        release: of ours that the file is part of, or None.
        asked: whether the user named it; else it is here because of its siblings.
    """

    path: Path
    role: Role
    release: ReleaseFolder | None = None
    asked: bool = True

    @property
    def name(self) -> str:
        """As people read it."""
        if self.path == STDIN:
            return "stdin"
        return str(self.path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    def format_in(self, formats: Mapping[str, Format]) -> str | None:
        """The format that the release's manifest says, or None."""
        form = self.release.format_of(self.path.name) if self.release else None
        return form if form in formats else None

    def task_of(self, line: int) -> tuple[int, str | None] | None:
        """The task of a line and its page, where they are known."""
        return self.release.task_of(self.path.name, line) if self.release else None


def find(files: Sequence[Path], validation: Sequence[Path]) -> list[FileToCheck]:
    """The files to validate: those named, those of a folder, and a release's other splits.

    Args:
        files: files, folders, or `-` for stdin.
        validation: files that are for validation, whatever their name.

    Raises:
        SyncError: a folder holds no file of examples, or a file is named for both.
    """
    if [*files, *validation].count(STDIN) > 1:
        raise SyncError("-: stdin can be read once only; name one of the two by its path")
    if both := set(files) & set(validation):
        raise SyncError(
            f"{both.pop()}: is named for training and for validation; they must not be one file"
        )
    found: dict[Path, FileToCheck] = {}
    releases: dict[Path, ReleaseFolder | None] = {}

    def add(path: Path, role: Role | None = None, asked: bool = True) -> None:
        if path.parent not in releases:
            releases[path.parent] = None if path == STDIN else release_of(path.parent)
        release = releases[path.parent]
        found.setdefault(path, FileToCheck(path, role or _role(path, release), release, asked))

    for path in validation:
        add(path, "validation")
    for path in files:
        for inner in _in_folder(path) if path.is_dir() else [path]:
            add(inner)
    for source in list(found.values()):
        if source.release and not validation:
            for name in source.release.siblings(source.path.name):
                add(source.path.parent / name, asked=False)
    order: tuple[Role, ...] = ("training", "validation", "test")
    return sorted(found.values(), key=lambda source: order.index(source.role))


def _in_folder(folder: Path) -> list[Path]:
    release = release_of(folder)
    names = release.files if release else []
    found = [folder / name for name in names] or sorted(
        path for path in folder.glob("*.jsonl") if path.name != LINEAGE
    )
    if not found:
        raise SyncError(f"{folder}: holds no .jsonl file; name a file, or a release's folder")
    return found


def _role(path: Path, release: ReleaseFolder | None) -> Role:
    """By the manifest, else by a name such as `openai-chat.validation.jsonl`."""
    split = release.split_of(path.name) if release else None
    parts = path.name.split(".")
    return _ROLES.get(split or (parts[-2] if len(parts) > 2 else None), "training")
