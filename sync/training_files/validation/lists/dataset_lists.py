"""Files that list data sets and say how each is read, whoever's they are."""

from pathlib import Path

from sync.training_files.validation.files_to_check import FileToCheck
from sync.training_files.validation.lists.axolotl_yaml import read_yaml
from sync.training_files.validation.lists.listed import Listed
from sync.training_files.validation.lists.llama_factory_list import (
    LLAMA_FACTORY_LIST,
    is_llama_factory_list,
    read_list,
)

_YAML = (".yaml", ".yml")


def is_list(path: Path) -> bool:
    """Whether a path's name is that of a list of data sets."""
    return path.name == LLAMA_FACTORY_LIST or path.suffix in _YAML


def list_in(folder: Path) -> Path | None:
    """A folder's list of data sets that says how its other files are read; None: there is none."""
    path = folder / LLAMA_FACTORY_LIST
    return path if is_llama_factory_list(path) else None


def listed_in(path: Path) -> Listed:
    """What a list names.

    Raises:
        SyncError: it can't be read, or is no such list.
    """
    return read_yaml(path) if path.suffix in _YAML else read_list(path)


def entries_of(path: Path) -> list[FileToCheck]:
    """A file as the list beside it says that it is read; none where that names it not."""
    beside = list_in(path.parent)
    return [file for file in read_list(beside).files if file.path == path] if beside else []
