"""A file that is validated: as what, in which format, and how its rows are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sync.training_files.formats.format import Fault, Format
from sync.training_files.manifest.release_files import ReleaseFolder
from sync.training_files.validation.reading import RowReading

Role = Literal["training", "validation", "test"]
STDIN = Path("-")


@dataclass(frozen=True)
class FileToCheck:
    """A file to validate.

    Attributes:
        release: of ours that the file is part of, or None.
        asked: whether the user named it; else it is here because of its siblings.
        named: whether by its own path, and not by its folder or a file that lists it.
        reading: what a file beside it says of how its rows are read, or None.
        refused: why it is not opened, or None.
        twice: whether it is read in another way, too.
    """

    path: Path
    role: Role
    release: ReleaseFolder | None = None
    asked: bool = True
    named: bool = True
    reading: RowReading | None = None
    refused: Fault | None = None
    twice: bool = False

    @property
    def name(self) -> str:
        """As people read it; with the entry that says how it is read, where there are several."""
        if self.path == STDIN:
            return "stdin"
        entry = f" ({self.reading.entry})" if self.twice and self.reading else ""
        return shown(self.path) + entry

    def format_in(self, formats: Mapping[str, Format]) -> str | None:
        """The format that the release's manifest says, or None."""
        form = self.release.format_of(self.path.name) if self.release else None
        return form if form in formats else None

    def task_of(self, line: int) -> tuple[int, str | None] | None:
        """The task of a line and its page, where they are known."""
        return self.release.task_of(self.path.name, line) if self.release else None


def shown(path: Path) -> str:
    """A path as people read it."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
