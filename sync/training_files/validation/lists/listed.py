"""What a list of data sets names: files, how each is read, and what is not on this machine.

LLaMA-Factory's `dataset_info.json` and the YAML files of Axolotl and of LLaMA-Factory are such.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sync.common.wording import counted
from sync.training_files.formats.format import Fault
from sync.training_files.validation.files_to_check import FileToCheck, Role, shown
from sync.training_files.validation.reading import RowReading

_READ = (".json", ".jsonl", ".parquet")
_SOME = 3  # names that are told


@dataclass
class Listed:
    """The data sets of one list.

    Attributes:
        list_path: the file that lists them.
        files: those that are validated, or refused with a reason.
        elsewhere: names of entries that a hub, a script or a bucket holds.
    """

    list_path: Path
    files: list[FileToCheck] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, path: Path, reading: RowReading, role: Role = "training") -> None:
        """A file, or the files of a folder, as the list says that they are read."""
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in files:
            if not file.is_file():
                why = f"{reading.told_by} names it for {reading.entry}, and there is no such file"
                self.refuse(file, reading, Fault("list", f"{why}; correct the name there"), role)
            elif file.suffix not in _READ:
                self.unread.append(f"{shown(file)}")
            else:
                self.files.append(FileToCheck(file, role, named=False, reading=reading))

    def refuse(self, path: Path, reading: RowReading, why: Fault, role: Role = "training") -> None:
        """A data set that can't be read as the list says."""
        self.files.append(FileToCheck(path, role, named=False, reading=reading, refused=why))

    @property
    def notes(self) -> list[str]:
        """What was not read of the list."""
        told = []
        if self.elsewhere:
            told.append(
                f"{shown(self.list_path)}: not read, since a hub or a script holds "
                f"{'it' if len(self.elsewhere) == 1 else 'them'}: {_names(self.elsewhere)}"
            )
        if self.unread:
            told.append(
                f"{shown(self.list_path)}: not read, since only JSON and Parquet are: "
                f"{_names(self.unread)}"
            )
        return told


def _names(names: Sequence[str]) -> str:
    more = len(names) - _SOME
    first = ", ".join(names[:_SOME])
    return f"{first} and {counted(more, 'other')}" if more > 0 else first
