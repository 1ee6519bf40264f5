"""A row as a task: its conversation, its identity, and whatever else it holds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

from label_configs.content import INSTRUCTION_ROLES
from label_configs.errors import LabelConfigError
from label_configs.interface import DRAFT_FIELD
from label_configs.source_reasoning import set_apart
from label_configs.validation import (
    DEEPEST,
    check_context,
    check_documents,
    check_messages,
    is_deeper,
)
from sync.common.errors import SourceError
from sync.common.json_text import json_type
from sync.common.moments import moment
from sync.common.source_task import SourceTask
from sync.intake.sources.columns import empty_fields, named, without_leftovers
from sync.intake.sources.last_assistant import settle
from sync.intake.sources.media_columns import with_pictures
from sync.intake.sources.row import Row
from sync.intake.sources.shapes import RowShape, SourceMessage, chat, recognise
from sync.intake.sources.shapes.shape import take_text
from sync.settings.sources import REFERENCE, LastAssistant, SourcesSection


def task_of(
    row: Row, settings: SourcesSection, rule: LastAssistant, folder: Path
) -> tuple[RowShape, SourceTask]:
    """A row's task, and the shape that it was recognised by.

    Args:
        rule: what becomes of the answer at the end: "keep", "drop", "reference" or "draft".
        folder: of the row's file, where its pictures lie.

    Raises:
        SourceError: what the row lacks, and where.
        Unshowable: a conversation that no interface can show.
    """
    _check_depth(row.values, row.where)
    fields = named(row, settings)
    shape = recognise(fields, settings.columns, row.where, partial(empty_fields, row, settings))
    own_id = _id(fields.pop("id", None), row.where)
    messages = shape.conversation(fields, row.where)
    _add_mapped(messages, fields, shape, settings.columns, row.where)
    messages = with_pictures(messages, fields, folder, row.where)
    fields = without_leftovers(fields, settings)
    _check(messages, fields, row.where)
    messages, answer = settle(set_apart(messages), rule, row.where)
    if answer is not None:
        field = DRAFT_FIELD if rule == "draft" else REFERENCE
        if field in fields:
            raise SourceError(
                f"{row.where}: holds {field!r} already, where the last answer would go; "
                'rename it, or set sources.last_assistant = "drop"'
            )
        fields[field] = answer.text
        if answer.calls:
            fields[f"{field}_calls"] = answer.calls
        if answer.reasoning:
            fields[f"{field}_reasoning"] = answer.reasoning
    # of a row with two conversations, the settings said which one is meant
    fields.pop("messages", None)
    return shape, SourceTask(own_id, {"messages": messages, **fields}, row.where)


def _add_mapped(
    messages: list[SourceMessage],
    fields: dict[str, Any],
    shape: RowShape,
    columns: Mapping[str, str],
    where: str,
) -> None:
    """Put `system` first and `answer` last; of chat only where the settings name them."""
    is_chat = shape is chat.shape
    if not is_chat or "system" in columns:
        system = take_text(fields, "system", where)
        first = messages[0] if messages else {}
        own = first if str(first.get("role")) in INSTRUCTION_ROLES else None
        if system and own is None:
            messages.insert(0, {"role": "system", "content": system})
        elif system and own and own.get("content") != system:
            raise SourceError(
                f"{where}: 'system' and the conversation's own system turn differ; remove one"
            )
    if "answer" in columns and (answer := take_text(fields, "answer", where)):
        if not messages or messages[-1].get("role") != "user":
            raise SourceError(
                f"{where}: {columns['answer']!r} answers nothing, since the conversation does not "
                "end with the user's turn; remove it from [sources.columns]"
            )
        messages.append({"role": "assistant", "content": answer})


def _check(messages: list[SourceMessage], fields: Mapping[str, Any], where: str) -> None:
    """What every interface asks; its own demands come later."""
    try:
        check_messages(messages, where)
        check_documents(fields.get("documents"), where)
        check_context(fields.get("context"), where)
    except LabelConfigError as error:
        raise SourceError(str(error)) from error


def _id(own_id: Any, where: str) -> str | None:
    """A source's id as text; whole numbers are written alike, whatever the file's kind."""
    if own_id is None or own_id == "":
        return None
    if isinstance(own_id, float) and own_id.is_integer():
        own_id = int(own_id)
    if isinstance(own_id, bool) or not isinstance(own_id, (str, int, float)):
        raise SourceError(f"{where}: 'id' must be text or a number, found {json_type(own_id)}")
    return str(own_id)


def _check_depth(values: Any, where: str) -> None:
    """Check that a row can be read, redacted and written by all that comes after.

    Raises:
        SourceError: it is nested too deep.
    """
    if is_deeper(values if isinstance(values, dict) else dict(values)):
        raise SourceError(
            f"{where}: lists and objects stand more than {DEEPEST} deep in each other, which no "
            "page can show; put them as text, or leave the field out"
        )


def with_moment(task: SourceTask, field: str, date_format: str | None) -> SourceTask:
    """The task with its time in ISO 8601, where the settings say how it is written; else as it is.

    Args:
        field: of task data, with dots into objects: `split.time_field`.
        date_format: as `sync.common.moments.moment` takes it.

    Raises:
        SourceError: there is no time that can be read.
    """
    path = field.split(".")
    value: Any = task.data
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    try:
        at = moment(value, date_format)
    except ValueError as error:
        expected = "ISO form" if date_format is None else f"the form {date_format!r}"
        raise SourceError(
            f"{task.where}: split.time_field = {field!r} needs a date or time in {expected} there, "
            f"found {error}; correct the row, or leave split.time_field out"
        ) from None
    if date_format is None:
        return task
    return replace(task, data=_set(task.data, path, at.astimezone(UTC).isoformat()))


def _set(data: Mapping[str, Any], path: list[str], value: str) -> dict[str, Any]:
    first, *rest = path
    return {**data, first: _set(data[first], rest, value) if rest else value}
