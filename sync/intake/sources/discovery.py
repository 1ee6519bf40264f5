"""Which files the named paths stand for, what kind each is, and what was found in them."""

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.common.errors import SourceError
from sync.intake.sources import datasets_folder
from sync.intake.sources.compression import STDIN, one_sentence
from sync.intake.sources.file_kinds import DATASET, JSONL, SourceKind, kind_of, known_kinds

# what lies beside the rows of a published dataset, and is no document of the user's
_ABOUT = ("readme", "license", "licence", "notice", "changelog", "citation", "contributing")
# LLaMA-Factory's and Hugging Face's list of the files with rows
_INFO = "dataset_info.json"
# what rows name, by its suffix; whether they do is found when they are read
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass(frozen=True)
class SourceFile:
    """One file, or one folder that is a dataset.

    Attributes:
        given: the path that the user named.
        name: the path within it; a file's own name where the file itself was named.
    """

    path: Path
    kind: SourceKind
    given: Path
    name: str


def find_sources(paths: Sequence[Path], notes: list[str]) -> Iterator[SourceFile]:
    """The sources of each path, in order; a folder's by name.

    Args:
        notes: what the user should know, such as files that nothing reads; added to.

    Raises:
        SourceError: a path that is nothing, holds nothing, or mixes rows and documents.
    """
    for path in paths:
        with one_sentence(path):
            if path == STDIN:
                yield SourceFile(path, JSONL, path, "standard input")
            elif path.is_dir():
                yield from _in_folder(path, notes)
            else:
                yield _file(path)


def _file(path: Path) -> SourceFile:
    kind = kind_of(path)
    if kind is None:
        path.stat()  # a file that is not there is that first
        raise SourceError(f"{path}: unknown kind of file; known are {known_kinds()}")
    if path.name == _INFO and path.is_file():
        raise SourceError(f"{path}: says which files hold rows, and holds none; push those files")
    return SourceFile(path, kind, path, path.name)


def _in_folder(folder: Path, notes: list[str]) -> list[SourceFile]:
    found: list[SourceFile] = []
    unknown: Counter[str] = Counter()
    for path in _walk(folder, notes):
        name = path.relative_to(folder).as_posix()
        kind = DATASET if path.is_dir() else kind_of(path)
        if path.name == _INFO:
            notes.append(f"{path}: left out, since it says which files hold rows, and holds none")
        elif kind is None:
            unknown[path.suffix.lower() or path.name] += 1
        else:
            found.append(SourceFile(path, kind, folder, name if path != folder else folder.name))
    if any(not source.kind.is_document for source in found):
        unknown = Counter({kind: n for kind, n in unknown.items() if kind not in _PICTURES})
    others = ", ".join(f"{count} {kind}" for kind, count in sorted(unknown.items()))
    if not found:
        held = f"found {others}" if others else "it is empty"
        raise SourceError(f"{folder}: no file that can be read ({held}); known are {known_kinds()}")
    if others:
        notes.append(f"{folder}: left out, since nothing reads them: {others}")
    return _of_one_sort(folder, found, notes)


def _of_one_sort(folder: Path, found: list[SourceFile], notes: list[str]) -> list[SourceFile]:
    """Rows or documents; a folder of both can't be meant as one source."""
    rows = [source for source in found if not source.kind.is_document]
    documents = [source for source in found if source.kind.is_document]
    if not rows or not documents:
        return found
    own = [source for source in documents if not _is_about(source.path)]
    if own:
        raise SourceError(
            f"{folder}: holds rows ({rows[0].name}) and documents ({own[0].name}); "
            "push them apart, each by its own path"
        )
    notes.append(
        f"{folder}: left out beside the rows: {', '.join(source.name for source in documents)}"
    )
    return rows


def _is_about(path: Path) -> bool:
    """Whether a document tells of the rows beside it, in whichever language."""
    return re.split(r"[._-]", path.name.lower(), maxsplit=1)[0] in _ABOUT


def _walk(folder: Path, notes: list[str]) -> Iterator[Path]:
    """Files and datasets in order of name; hidden ones and links to folders are passed over."""
    if datasets_folder.is_saved(folder) or datasets_folder.holds_shards(folder):
        yield folder
        return
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        if not entry.is_dir():
            yield path
        elif entry.is_symlink():
            # it may lead back up, or to files that are read elsewhere
            notes.append(f"{path}: a link to a folder, left out; name the folder itself")
        else:
            yield from _walk(path, notes)


@dataclass
class Recognised:
    """A path that the user named, and what was found there; counts grow while it is read.

    Attributes:
        source: the path as named.
        kind: of its files, "JSONL".
        files: of that kind.
        tasks: by shape: "chat", "ShareGPT", "Alpaca", "prompt", "section".
        skipped: conversations that no page can show.
    """

    source: str
    kind: str
    files: int = 0
    tasks: Counter[str] = field(default_factory=Counter)
    skipped: int = 0

    def __str__(self) -> str:
        """`chats.jsonl: JSONL, 1,234 rows (chat)`."""
        files = f"{self.files:,} {self.kind} files" if self.files > 1 else self.kind
        noun = "section" if "section" in self.tasks else "row"
        total = self.tasks.total()
        said = f"{self.source}: {files}, {total:,} {noun}{'' if total == 1 else 's'}"
        if len(self.tasks) > 1:
            said += f" ({', '.join(f'{name} {count:,}' for name, count in self.tasks.items())})"
        elif noun == "row" and self.tasks:
            said += f" ({next(iter(self.tasks))})"
        return said + (f", {self.skipped:,} skipped that no page can show" if self.skipped else "")

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "source": self.source,
            "kind": self.kind,
            "files": self.files,
            "tasks": dict(self.tasks),
            "skipped": self.skipped,
        }
