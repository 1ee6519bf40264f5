"""A row as a task: its conversation, its identity, and whatever else it holds."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from label_configs.errors import LabelConfigError
from label_configs.interface import DRAFT_FIELD
from label_configs.source_reasoning import reasoning_of, set_apart
from label_configs.validation import check_context, check_documents, check_messages
from sync.common.errors import SourceError
from sync.common.json_text import json_type
from sync.common.source_task import SourceTask
from sync.intake.sources.columns import empty_fields, named
from sync.intake.sources.last_assistant import settle
from sync.intake.sources.nesting import check_depth
from sync.intake.sources.row import Row
from sync.intake.sources.shapes import Message, Shape, chat, recognise
from sync.intake.sources.shapes.shape import take_text
from sync.settings.field_names import REFERENCE
from sync.settings.sources import LastAssistant, SourcesSection


def task_of(row: Row, settings: SourcesSection, rule: LastAssistant) -> tuple[Shape, SourceTask]:
    """A row's task, and the shape that it was recognised by.

    Args:
        rule: what becomes of the answer at the end: "keep", "drop" or "reference".

    Raises:
        SourceError: what the row lacks, and where.
        Unshowable: a conversation that no interface can show.
    """
    check_depth(row.values, row.where)
    fields = named(row, settings)
    shape = recognise(fields, settings.columns, row.where, partial(empty_fields, row, settings))
    own_id = _id(fields.pop("id", None), row.where)
    messages = shape.conversation(fields, row.where)
    _add_mapped(messages, fields, shape, settings.columns, row.where)
    _check(messages, fields, row.where)
    whole = set_apart(messages)
    messages, answer = settle(whole, rule, row.where)
    if answer is not None:
        field = DRAFT_FIELD if rule == "draft" else REFERENCE
        if field in fields:
            raise SourceError(
                f"{row.where}: holds {field!r} already, where the last answer would go; "
                'rename it, or set sources.last_assistant = "drop"'
            )
        fields[field] = answer
        if thought := "\n\n".join(filter(None, map(reasoning_of, whole[len(messages) :]))):
            fields[f"{field}_reasoning"] = thought
    # of a row with two conversations, the settings said which one is meant
    fields.pop("messages", None)
    return shape, SourceTask(own_id, {"messages": messages, **fields}, row.where)


def _add_mapped(
    messages: list[Message],
    fields: dict[str, Any],
    shape: Shape,
    columns: Mapping[str, str],
    where: str,
) -> None:
    """Put `system` first and `answer` last; of chat only where the settings name them."""
    is_chat = shape is chat.shape
    if not is_chat or "system" in columns:
        system = take_text(fields, "system", where)
        own = messages[0] if messages and messages[0].get("role") == "system" else None
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


def _check(messages: list[Message], fields: Mapping[str, Any], where: str) -> None:
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
