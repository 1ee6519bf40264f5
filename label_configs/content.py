"""What one message holds beside its role: text, pictures, calls of tools and reasoning.

A message of task data is in OpenAI's chat form. Its content is text, or a list of parts where
there is a picture among them:

    {"type": "text", "text": "What is wrong here?"}
    {"type": "image_url", "image_url": {"url": "https://…"}}

An assistant's turn may have `tool_calls` and `reasoning_content` beside its content, which is ""
where it says nothing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TEXT, IMAGE = "text", "image_url"
PICTURE = "[picture]"  # stands for one where only text can be


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
    return "\n".join(part["text"] for part in parts_of(content) if part.get("type") == TEXT)


def image_urls(content: Any) -> list[str]:
    """The addresses of the pictures in a message's content, in order."""
    found = (part["image_url"] for part in parts_of(content) if part.get("type") == IMAGE)
    return [image["url"] for image in found]


def parts_of(content: Any) -> Iterator[Mapping[str, Any]]:
    """The parts of a content that is a list; none where it is text or missing."""
    if isinstance(content, Sequence) and not isinstance(content, str):
        yield from (part for part in content if isinstance(part, Mapping))


def calls_of(message: Mapping[str, Any]) -> tuple[ToolCall, ...]:
    """The calls of a message of task data; none where it has none."""
    found = message.get("tool_calls") or ()
    return tuple(
        ToolCall(
            str(call["function"]["name"]),
            _arguments_text(call["function"].get("arguments")),
            str(call.get("id") or ""),
        )
        for call in found
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
    return json.dumps(arguments or {}, ensure_ascii=False)
