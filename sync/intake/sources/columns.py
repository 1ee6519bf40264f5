"""`[sources.columns]`: fields under the names that the rest of LabelTune knows."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sync.common.errors import SourceError
from sync.common.json_text import json_type
from sync.intake.sources.media_columns import MEDIA
from sync.intake.sources.row import Row
from sync.intake.sources.shapes import SHAPES
from sync.settings.sources import (
    COLUMN_TARGETS,
    DOCUMENTS,
    GATHERED,
    NAMED_TARGETS,
    REFERENCE,
    SourcesSection,
    listed,
)


def fits(columns: Sequence[str], settings: SourcesSection, *, lists: bool = False) -> bool:
    """Whether a table with these columns has what a task needs, and what the settings name.

    Args:
        lists: its columns may hold lists, so that more of them can be a conversation.
    """
    held = {*columns, *settings.columns}
    return all(name in columns for name in settings.columns.values()) and any(
        shape.key in held for shape in SHAPES if lists or not shape.marked
    )


def check_columns(
    columns: Sequence[str],
    settings: SourcesSection,
    where: str,
    hint: str = "",
    *,
    lists: bool = False,
) -> None:
    """Check the header of a table before its first row.

    Args:
        hint: what else may be the matter with a header that lacks a column.
        lists: as `fits` takes it.

    Raises:
        SourceError: a column twice, one that the settings name and the table lacks, or none
            that a conversation could come from.
    """
    found = listed(columns) or "no header"
    twice = [name for name, times in Counter(columns).items() if times > 1]
    if twice:
        raise SourceError(
            f"{where}: columns must differ, {twice[0]!r} stands there "
            f"{_times(columns.count(twice[0]))} (found {found}); rename them"
        )
    missing = [column for column in settings.columns.values() if column not in columns]
    if missing:
        remedy = hint or "correct [sources.columns] in labeltune.toml"
        raise SourceError(f"{where}: no column {missing[0]!r} (found {found}); {remedy}")
    if not fits(columns, settings, lists=lists):
        raise SourceError(
            f"{where}: no column 'prompt' (found {found}); {f'{hint}, and ' if hint else ''}"
            'say which one it is in labeltune.toml: [sources.columns] prompt = "…"'
        )


def _times(number: int) -> str:
    return "twice" if number == 2 else f"{number} times"


def named(row: Row, settings: SourcesSection) -> dict[str, Any]:
    """A row's fields under LabelTune's names; fields without a value are left out.

    Raises:
        SourceError: two fields for one purpose, or a value that is no fact, category or document.
    """
    if not settings.columns and settings.other_fields == "keep":
        fields = {name: value for name, value in row.values.items() if value is not None}
        return _gathered(fields, settings, row.where)
    targets = {column: target for target, column in settings.columns.items()}
    fields = {}
    for name, value in row.values.items():
        if value is None or (name not in targets and not _is_kept(name, settings)):
            continue
        target = targets.get(name, name)
        if target in fields or (name not in targets and name in settings.columns):
            raise SourceError(_two_for_one(row, target, settings.columns[target]))
        fields[target] = value
    return _gathered(fields, settings, row.where)


def _gathered(fields: dict[str, Any], settings: SourcesSection, where: str) -> dict[str, Any]:
    """The fields with those of one fact, category or document in the field of all of them."""
    if any("." in name for name in fields):
        for prefix in GATHERED:
            _gather(fields, prefix, where)
        _gather_documents(fields, settings.columns, where)
    return fields


def _two_for_one(row: Row, target: str, column: str) -> str:
    if column in row.values:
        return (
            f"{row.where}: both {column!r} and {target!r} would be {target!r}; "
            "rename one, or correct [sources.columns]"
        )
    return (
        f"{row.where}: has {target!r}, which [sources.columns] takes from {column!r}, and no "
        f"{column!r}; rename it, or push this source with a configuration of its own (--config)"
    )


def empty_fields(row: Row, settings: SourcesSection) -> Collection[str]:
    """Under LabelTune's names, the fields of a row that hold nothing."""
    targets = {column: target for target, column in settings.columns.items()}
    return [targets.get(name, name) for name, value in row.values.items() if value is None]


def _is_kept(name: str, settings: SourcesSection) -> bool:
    if settings.other_fields == "keep" or name.startswith(NAMED_TARGETS):
        return True
    return name in COLUMN_TARGETS or name in _task_fields() or name in _conversation_fields()


def without_leftovers(fields: dict[str, Any], settings: SourcesSection) -> dict[str, Any]:
    """A row's fields once its conversation is read: what that did not take is one more field."""
    if settings.other_fields == "keep":
        return fields
    left = _conversation_fields() - _task_fields() - {*COLUMN_TARGETS}
    return {name: value for name, value in fields.items() if name not in left}


@cache
def _conversation_fields() -> frozenset[str]:
    """What some shape of row reads, and where pictures stand."""
    return frozenset({name for s in SHAPES for name in (s.key, *s.also_read)} | {*MEDIA})


@cache
def _task_fields() -> frozenset[str]:
    """What some interface, or an export, reads of a task."""
    from label_configs import INTERFACES

    shown = {name for interface in INTERFACES.values() for name in interface.example}
    read = ("context", "documents", "guidelines", "categories", "tools", "functions")
    return frozenset({*shown, *read, REFERENCE})


def _gather(fields: dict[str, Any], prefix: str, where: str) -> None:
    """`context.NAME`, or `categories.NAME`, as one more entry of the field of that name."""
    flat = {
        name.removeprefix(prefix): fields.pop(name)
        for name in list(fields)
        if name.startswith(prefix)
    }
    if not flat:
        return
    field = prefix.removesuffix(".")
    own = fields.get(field, {})
    if not isinstance(own, Mapping) or own.keys() & flat.keys():
        raise SourceError(
            f"{where}: {field!r} and {prefix + next(iter(flat))!r} can't be joined; rename one"
        )
    fields[field] = {**own, **flat}


def _gather_documents(fields: dict[str, Any], columns: Mapping[str, str], where: str) -> None:
    """`documents.TITLE`, named so by the settings or by the source itself, as one more document."""
    named = [name for name in columns if name.startswith(DOCUMENTS)]
    named += [name for name in fields if name.startswith(DOCUMENTS) and name not in columns]
    for target in named:
        title = target.removeprefix(DOCUMENTS)
        if target not in fields or not title.strip():
            continue
        text = fields.pop(target)
        if isinstance(text, list) and all(isinstance(part, str) for part in text):
            text = "\n\n".join(text)
        if not isinstance(text, str):
            raise SourceError(
                f"{where}: the document {columns.get(target, target)!r} must be text or a list of "
                f"texts, found {json_type(text)}"
            )
        own = fields.get("documents") or []
        if not isinstance(own, list):
            raise SourceError(f"{where}: 'documents' must be a list, found {json_type(own)}")
        if text.strip():
            fields["documents"] = [*own, {"title": title, "text": text}]
