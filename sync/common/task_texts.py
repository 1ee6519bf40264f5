"""The texts of a source task, before anyone has checked that it is well formed.

What is no text where one should be is passed over: the interface says later what is wrong with it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from label_configs.interface import DRAFT_FIELD

Data = Mapping[str, Any]
Change = Callable[[str], str]


def user_text(data: Data) -> str:
    """All that the user said, a blank line between turns."""
    return "\n\n".join(content for role, content in turns(data) if role == "user")


def turns(data: Data) -> Iterator[tuple[Any, str]]:
    """Role and content of every message whose content is text."""
    for message in _mappings(data.get("messages")):
        if isinstance(message.get("content"), str):
            yield message.get("role"), message["content"]


def document_texts(data: Data) -> Iterator[str]:
    """Title and text of every document."""
    for document in _mappings(data.get("documents")):
        fields = (document.get("title"), document.get("text"))
        yield "\n".join(field for field in fields if isinstance(field, str))


def with_changed_texts(data: Data, plain: Change, markdown: Change) -> dict[str, Any]:
    """A task with its texts changed: messages, facts of the context, documents.

    Args:
        plain: changes what the page shows exactly as it was written.
        markdown: changes what it renders: assistant turns and documents.
    """
    changed = dict(data)
    if isinstance(messages := data.get("messages"), list):
        changed["messages"] = [_changed_message(m, plain, markdown) for m in messages]
    if isinstance(documents := data.get("documents"), list):
        fields = {"title": plain, "text": markdown}
        changed["documents"] = [_changed_fields(document, fields) for document in documents]
    if isinstance(draft := data.get(DRAFT_FIELD), str):
        changed[DRAFT_FIELD] = markdown(draft)
    if isinstance(context := data.get("context"), dict):
        changed["context"] = _changed_fact(context, plain)
    return changed


def _changed_message(message: Any, plain: Change, markdown: Change) -> Any:
    rendered = isinstance(message, dict) and message.get("role") == "assistant"
    return _changed_fields(message, {"content": markdown if rendered else plain})


def _changed_fields(record: Any, changes: Mapping[str, Change]) -> Any:
    if not isinstance(record, dict):
        return record
    return record | {
        field: change(record[field])
        for field, change in changes.items()
        if isinstance(record.get(field), str)
    }


def _changed_fact(fact: Any, change: Change) -> Any:
    if isinstance(fact, str):
        return change(fact)
    if isinstance(fact, list):
        return [_changed_fact(part, change) for part in fact]
    if isinstance(fact, dict):
        return {name: _changed_fact(part, change) for name, part in fact.items()}
    return fact


def _mappings(rows: Any) -> list[Data]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
