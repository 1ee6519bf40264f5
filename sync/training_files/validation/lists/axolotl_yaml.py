"""Data sets that a YAML lists: Axolotl's, and those of LLaMA-Factory's version 1.

Axolotl's `datasets` and `test_datasets` name a path and a type, as of its 0.19
(`utils/schemas/datasets.py`, `prompt_strategies/`). LLaMA-Factory's version 1 has data sets by
name, each with a path, and a converter where its rows are not samples already.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.training_files.formats.format import Fault
from sync.training_files.validation.files_to_check import Role, shown
from sync.training_files.validation.lists import axolotl_rows, llama_factory_v1
from sync.training_files.validation.lists.listed import Listed
from sync.training_files.validation.lists.llama_factory_columns import Columns
from sync.training_files.validation.lists.llama_factory_rows import form_of, row_in_form
from sync.training_files.validation.reading import RowReading

_AXOLOTL: tuple[tuple[str, Role], ...] = (
    ("datasets", "training"),
    ("pretraining_dataset", "training"),
    ("test_datasets", "validation"),
)
_V1 = "llama-factory"
_FILES = (".json", ".jsonl", ".parquet", ".csv", ".txt", ".arrow")


def read_yaml(path: Path) -> Listed:
    """The data sets of a YAML.

    Raises:
        SyncError: it is none, or lists no data set.
    """
    try:
        held = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        at = f" at line {where.line + 1}" if where else ""
        raise SyncError(f"{shown(path)}: not YAML{at}; correct it") from error
    listed = Listed(path)
    if isinstance(held, dict) and any(key in held for key, _ in _AXOLOTL):
        for key, role in _AXOLOTL:
            for number, entry in enumerate(_entries(held.get(key)), 1):
                _add_axolotl(listed, f"{key} {number}", entry, role, held)
    elif isinstance(held, dict) and held and all(map(_is_v1, held.values())):
        for name, entry in held.items():
            _add_v1(listed, str(name), entry)
    else:
        raise SyncError(
            f"{shown(path)}: lists no data sets: expected Axolotl's `datasets`, each with a path "
            "and a type, or LLaMA-Factory's, by name; name a file of examples"
        )
    return listed


def _entries(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, list) else [] if value is None else [value]


def _add_axolotl(listed: Listed, name: str, entry: Any, role: Role, run: Mapping[str, Any]) -> None:
    told_by = shown(listed.list_path)
    bare = RowReading(told_by, name, axolotl_rows.READER, None)
    if isinstance(entry, str):
        entry = {"path": entry, "type": "completion"}
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
        why = Fault("list", f"{listed.list_path.name}, {name}: needs a path that is text")
        listed.refuse(listed.list_path, bare, why, role)
        return
    named = entry.get("data_files")
    names = [named] if isinstance(named, str) else named if isinstance(named, list) else [""]
    for file in names:
        path = _located(listed.list_path, str(Path(entry["path"], str(file))))
        if path is None:
            listed.elsewhere.append(entry["path"])
            continue
        try:
            reading = axolotl_rows.reading_of(told_by, name, entry, run)
        except ValueError as error:
            listed.refuse(path, bare, Fault("list", f"{listed.list_path.name}, {name}: {error}"))
        else:
            listed.add(path, reading, role)


def _is_v1(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("path"), str)


def _add_v1(listed: Listed, name: str, entry: Mapping[str, Any]) -> None:
    path = _located(listed.list_path, entry["path"])
    if entry.get("source") != "local" or path is None:
        listed.elsewhere.append(f"{name} ({entry['path']})")
        return
    told_by = shown(listed.list_path)
    converter = entry.get("converter")
    if converter in ("alpaca", "sharegpt"):
        columns = Columns(converter, tools="tools" if converter == "sharegpt" else None)
        form, line = form_of(columns), row_in_form(columns)
        listed.add(path, RowReading(told_by, name, _V1, form, line))
    elif converter == "pair":
        listed.add(path, RowReading(told_by, name, _V1, "trl-preference", _pair))
    elif converter is None:
        listed.add(path, RowReading(told_by, name, _V1, None))
    else:
        why = f"{listed.list_path.name}, {name}: the converter is not one of alpaca, sharegpt, pair"
        listed.refuse(path, RowReading(told_by, name, _V1, None), Fault("list", why))


def _pair(row: Json) -> Json:
    return llama_factory_v1.whole_pair(row.get("chosen"), row.get("rejected"))


def _located(list_path: Path, named: str) -> Path | None:
    """A path as its reader finds it: from here, or beside the list; None where a hub has it.

    What looks like a file's name is one, though it is not there.
    """
    folder = list_path.parent
    for start in (Path(), folder, folder.parent):
        if (start / named).exists():
            return start / named
    looks_local = named.startswith((".", "/", "~")) or named.endswith(_FILES)
    return folder / named if looks_local else None
