"""What every table of `labeltune.toml` is made of, and the sentence for one with a fault.

A sentence names the file, the key, what was expected and what came.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from sync.common.wording import nearest


class Section(BaseModel):
    """A table of the file: unknown keys and wrong types are refused, nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def explain(
    path: Path | str, error: ValidationError, root: type[BaseModel], within: Sequence[str] = ()
) -> str:
    """The first fault of a file.

    Args:
        path: the file, or what to call it.
        root: what the whole file is read as, or only one table of it.
        within: the names of that table.
    """
    fault: Mapping[str, Any] = error.errors()[0]
    location = tuple(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return unknown(path, location, root, within)
    location = (*within, *location)
    where = f"{path}: {'.'.join(location)}" if location else str(path)
    if fault["type"] == "value_error":
        return f"{where}: {fault['ctx']['error']}"
    # pydantic would name the class that holds the table, which no user knows
    said = "input should be a table" if fault["type"] == "model_type" else fault["msg"]
    return f"{where}: {said[0].lower()}{said[1:]} (found {fault['input']!r})"


def unknown(
    path: Path | str, location: Sequence[str], root: type[BaseModel], within: Sequence[str] = ()
) -> str:
    """`unknown key`, with the nearest valid name."""
    model = _table_at(root, location[:-1])
    names = [n for n, field in model.model_fields.items() if not field.exclude]
    remedy = nearest(location[-1], names, "known here:")
    return f"{path}: unknown key {'.'.join((*within, *location))!r}; {remedy}"


def _table_at(root: type[BaseModel], location: Sequence[str]) -> type[BaseModel]:
    """The model of the table that holds a key, found by the key's path.

    The names in a table of tables, as NAME in `[projects.NAME]`, are the user's own.
    """
    table, found = root, root
    for part in location:
        annotation: Any = found
        if get_origin(annotation) is dict:
            annotation = get_args(annotation)[1]
        elif part in table.model_fields:
            annotation = table.model_fields[part].annotation
        found = annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            table = annotation
    return table
