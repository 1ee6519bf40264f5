"""What the messages of a request hold: text, parts with pictures among them, calls of tools."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# one turn of a prompt in OpenAI's chat form: role, content, and what belongs to calls of tools
PromptMessage = Mapping[str, Any]

BETWEEN = "\n\n"
_PICTURE = "image_url"


def words(content: Any) -> str:
    """The text of a content, a line break between its parts; pictures are left out."""
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text") or "") for part in _parts(content) if not _shows(part))


def has_pictures(messages: Sequence[PromptMessage]) -> bool:
    """Whether a message holds a picture."""
    return any(count_pictures(message) for message in messages)


def count_pictures(message: PromptMessage) -> int:
    """How many pictures a message holds."""
    return sum(map(_shows, _parts(message.get("content"))))


def has_tool_turns(messages: Sequence[PromptMessage]) -> bool:
    """Whether a message calls tools or is the result of a call."""
    return any(message["role"] == "tool" or message.get("tool_calls") for message in messages)


def joined(first: Any, second: Any) -> Any:
    """Two contents as one: text where both are text, else the parts of both."""
    if isinstance(first, str) and isinstance(second, str):
        return f"{first}{BETWEEN}{second}" if first and second else first or second
    return [*_as_parts(first), *_as_parts(second)]


def sent_text(message: PromptMessage) -> str:
    """All text that a message sends, its calls as JSON; pictures are left out."""
    calls = message.get("tool_calls")
    called = json.dumps(calls, ensure_ascii=False) if calls else ""
    return f"{words(message.get('content'))}{called}"


def storable(text: str) -> str:
    """A text without half a character or a NUL, which can be neither sent nor stored."""
    whole: str = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "")


def _as_parts(content: Any) -> list[Mapping[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return list(_parts(content))


def _parts(content: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(content, Sequence) and not isinstance(content, str):
        yield from (part for part in content if isinstance(part, Mapping))


def _shows(part: Mapping[str, Any]) -> bool:
    return part.get("type") == _PICTURE
