"""LLaMA-Factory's `dataset_info.json`: a data set's file by its name, and its columns' names.

As of `data/parser.py` of November 2026: where an entry has `columns`, those that it does not name
are not there, and the same holds for `tags`; an entry that names a hub is fetched from it, whatever
else it says.
"""

from dataclasses import replace
from pathlib import Path

import orjson

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.training_files.formats.format import Fault
from sync.training_files.validation.files_to_check import shown
from sync.training_files.validation.lists.listed import Listed
from sync.training_files.validation.lists.llama_factory_columns import Columns
from sync.training_files.validation.lists.llama_factory_media import media_faults
from sync.training_files.validation.lists.llama_factory_rows import form_of, row_in_form
from sync.training_files.validation.reading import RowReading, no_faults

LLAMA_FACTORY_LIST = "dataset_info.json"
READER = "llama-factory"
_ELSEWHERE = ("hf_hub_url", "ms_hub_url", "om_hub_url", "script_url", "cloud_file_name")


def read_list(path: Path) -> Listed:
    """The data sets of a `dataset_info.json`.

    Raises:
        SyncError: it is no such file.
    """
    entries = _entries(path)
    if entries is None:
        raise SyncError(
            f"{shown(path)}: not LLaMA-Factory's list of data sets: expected an object of entries "
            "with file_name or a hub's name; name a file of examples"
        )
    listed = Listed(path)
    for name, entry in entries.items():
        if any(key in entry for key in _ELSEWHERE):
            listed.elsewhere.append(name)
            continue
        file = path.parent / str(entry.get("file_name"))
        reading, why = _reading(path, name, entry)
        if why is not None:
            listed.refuse(file, reading, why)
        else:
            listed.add(file, reading)
    return listed


def is_llama_factory_list(path: Path) -> bool:
    """Whether a file is there and of this form; others write files of this name, too."""
    return path.is_file() and _entries(path) is not None


def _entries(path: Path) -> dict[str, Json] | None:
    try:
        held = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    if not isinstance(held, dict) or not held:
        return None
    known = ("file_name", *_ELSEWHERE)
    if not all(isinstance(e, dict) and any(key in e for key in known) for e in held.values()):
        return None
    return held


def _reading(path: Path, name: str, entry: Json) -> tuple[RowReading, Fault | None]:
    """How rows of an entry are read, and why they can't be."""
    bare = RowReading(shown(path), name, READER, None)
    try:
        columns = Columns.of(entry)
    except ValueError as error:
        return bare, Fault("list", f"{path.name}, {name}: {error}")
    if not isinstance(entry["file_name"], str):
        return bare, Fault("list", f"{path.name}, {name}: file_name must be text")
    return (
        replace(
            bare,
            form=form_of(columns),
            line=row_in_form(columns),
            faults=media_faults(columns.media, path.parent) if columns.media else no_faults,
            names=columns.told(),
        ),
        None,
    )
