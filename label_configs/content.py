"""What one message holds beside its role: text, pictures, calls of tools and reasoning.

A message of task data is in OpenAI's chat form. Its content is text, or a list of parts where
there is a picture among them:

    {"type": "text", "text": "What is wrong here?"}
    {"type": "image_url", "image_url": {"url": "https://…"}}

An assistant's turn may have `tool_calls` and `reasoning_content` beside its content, which is ""
where it says nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from label_configs.call_arguments import json_text

TEXT, IMAGE = "text", "image_url"
PICTURE = "[picture]"  # stands for one where only text can be
# who tells the model how to behave, under OpenAI's earlier and later name
INSTRUCTION_ROLES = frozenset(("system", "developer"))


@dataclass(frozen=True)
class ToolCall:
    """A call of a tool.

    Attributes:
        arguments: JSON text of an object, as it should be; whatever was typed where it is none.
        id: that the tool's answer repeats; "" where it has none yet.
    """

    name: str
    arguments: str = "{}"
    id: str = ""

    def written(self) -> str:
        """The call as one line of text, to compare and to show: `name({…})`."""
        return f"{self.name}({self.arguments})"


def text_of(content: Any) -> str:
    """The words of a message's content, a line break between its parts; pictures are left out."""
    if isinstance(content, str):
        return content
    texts = (part.get("text") for part in parts_of(content) if part.get("type") == TEXT)
    return "\n".join(text for text in texts if isinstance(text, str))


def image_urls(content: Any) -> list[str]:
    """The addresses of the pictures in a message's content, in order."""
    found = (part.get("image_url") for part in parts_of(content) if part.get("type") == IMAGE)
    return [image["url"] for image in found if isinstance(image, Mapping) and "url" in image]


def parts_of(content: Any) -> Iterator[Mapping[str, Any]]:
    """The parts of a content that is a list; none where it is text or missing."""
    if isinstance(content, Sequence) and not isinstance(content, str):
        yield from (part for part in content if isinstance(part, Mapping))


def says_nothing(message: Mapping[str, Any]) -> bool:
    """Whether a message has no words, no picture, no call and no reasoning."""
    content = message.get("content")
    if isinstance(content, str) and content.strip():
        return False
    told = message.get("tool_calls") or message.get("reasoning_content")
    return not text_of(content).strip() and not image_urls(content) and not told


def part_fault(part: Any) -> str | None:
    """What is wrong with a part of a message's content, as the end of a sentence; None: nothing."""
    kind = part.get("type") if isinstance(part, Mapping) else None
    if kind == TEXT:
        return None if isinstance(part.get("text"), str) else "holds a text part without text"
    if kind != IMAGE:
        return f"holds a part of type {kind!r}, and pages show text and pictures"
    image = part.get("image_url")
    url = image.get("url") if isinstance(image, Mapping) else None
    is_there = isinstance(url, str) and bool(url.strip())
    return None if is_there else "holds a picture without an address (image_url.url)"


def calls_of(message: Mapping[str, Any]) -> tuple[ToolCall, ...]:
    """The calls of a message of task data; none where it has none, or none that is a call."""
    found = message.get("tool_calls")
    if not found:
        return ()  # as of most messages
    return tuple(
        ToolCall(
            str(call["function"].get("name", "")),
            _arguments_text(call["function"].get("arguments")),
            str(call.get("id") or ""),
        )
        for call in (found if isinstance(found, (list, tuple)) else ())
        if isinstance(call, Mapping) and isinstance(call.get("function"), Mapping)
    )


def call_messages(calls: Sequence[ToolCall]) -> list[dict[str, Any]]:
    """Calls as `tool_calls` of a message; one without an id has none there."""
    return [
        {
            **({"id": call.id} if call.id else {}),
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for call in calls
    ]


def spoken(message: Mapping[str, Any]) -> str:
    """All that a message says as one text: its words, then each of its calls on a line."""
    lines = [text_of(message.get("content")), *(call.written() for call in calls_of(message))]
    return "\n".join(filter(None, lines))


def _arguments_text(arguments: Any) -> str:
    if isinstance(arguments, str):
        return arguments or "{}"
    return json_text(arguments or {})
