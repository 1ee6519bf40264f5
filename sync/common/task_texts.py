"""The texts of a source task, before anyone has checked that it is well formed.

What is no text where one should be is passed over: the interface says later what is wrong with it.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from label_configs.content import TEXT, text_of
from label_configs.interface import DRAFT_FIELD

Data = Mapping[str, Any]
ChangeText = Callable[[str], str]


def user_text(data: Data) -> str:
    """All that the user said, a blank line between turns."""
    said = [said for role, said in turns(data) if role == "user"]
    return said[0] if len(said) == 1 else "\n\n".join(said)


def turns(data: Data) -> Iterator[tuple[Any, str]]:
    """Role and words of every message whose content is text, or parts."""
    messages = data.get("messages")
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, dict):
            content = message.get("content")
            if isinstance(content, str):
                yield message.get("role"), content
            elif isinstance(content, list):
                yield message.get("role"), text_of(content)


def document_texts(data: Data) -> Iterator[str]:
    """Title and text of every document."""
    for document in _mappings(data.get("documents")):
        fields = (document.get("title"), document.get("text"))
        yield "\n".join(field for field in fields if isinstance(field, str))


def with_changed_texts(
    data: dict[str, Any], plain: ChangeText, markdown: ChangeText
) -> dict[str, Any]:
    """A task with its texts changed: messages, facts of the context, documents.

    Args:
        plain: changes what the page shows exactly as it was written.
        markdown: changes what it renders: assistant turns and documents.

    Returns:
        The same object where no text is changed, and the same parts of it that are not.
    """
    changed: dict[str, Any] = {}
    if isinstance(messages := data.get("messages"), list):
        changed["messages"] = _changed_messages(messages, plain, markdown)
    if isinstance(documents := data.get("documents"), list):
        changed["documents"] = _changed_list(documents, partial(_changed_document, plain, markdown))
    if isinstance(draft := data.get(DRAFT_FIELD), str):
        changed[DRAFT_FIELD] = markdown(draft)
    if isinstance(context := data.get("context"), dict):
        changed["context"] = _changed_fact(context, plain)
    for name, value in changed.items():
        if value is not data[name]:
            return {**data, **changed}
    return data


def _changed_messages(messages: list[Any], plain: ChangeText, markdown: ChangeText) -> list[Any]:
    changed: list[Any] | None = None
    for place, message in enumerate(messages):
        if not isinstance(message, dict):
            continue
        said = message.get("content")
        change = markdown if message.get("role") == "assistant" else plain
        now = _changed_content(said, change)
        if now is not said and now != said:
            changed = changed or list(messages)
            changed[place] = {**message, "content": now}
    return messages if changed is None else changed


def _changed_content(content: Any, change: ChangeText) -> Any:
    """A text, or parts of which the texts are changed; the same object where nothing is."""
    if isinstance(content, str):
        return change(content)
    return (
        _changed_list(content, partial(_changed_part, change))
        if isinstance(content, list)
        else content
    )


def _changed_part(change: ChangeText, part: Any) -> Any:
    text = part.get("text") if isinstance(part, dict) and part.get("type") == TEXT else None
    if not isinstance(text, str) or (now := change(text)) == text:
        return part
    return {**part, "text": now}


def _changed_document(plain: ChangeText, markdown: ChangeText, document: Any) -> Any:
    if not isinstance(document, dict):
        return document
    for name, change in (("title", plain), ("text", markdown)):
        if isinstance(text := document.get(name), str) and (now := change(text)) != text:
            document = {**document, name: now}
    return document


def _changed_list(values: list[Any], change: Callable[[Any], Any]) -> list[Any]:
    changed = [change(value) for value in values]
    same = all(new is old for new, old in zip(changed, values, strict=True))
    return values if same else changed


def _changed_fact(fact: Any, change: ChangeText) -> Any:
    if isinstance(fact, str):
        return now if (now := change(fact)) != fact else fact
    if isinstance(fact, list):
        return _changed_list(fact, lambda part: _changed_fact(part, change))
    if isinstance(fact, dict):
        changed = {name: _changed_fact(part, change) for name, part in fact.items()}
        return changed if any(changed[name] is not fact[name] for name in fact) else fact
    return fact


def _mappings(rows: Any) -> list[Data]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
