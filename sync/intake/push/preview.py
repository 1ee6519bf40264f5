"""The first tasks of a push as they would be sent: cleaned, redacted, with their categories."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from label_configs import Interface
from label_configs.content import PICTURE, calls_of, text_of
from label_configs.context import readable
from label_configs.interface import DRAFT_FIELD
from label_configs.task_pictures import NAME, address_of, picture_parts
from sync.common.source_task import ID_FIELD, SourceTask

# characters of a picture's address, which may hold the whole picture
_ADDRESS = 80
# what a terminal would take for a command
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Preview:
    """One task.

    Attributes:
        where: file and line of its source.
        id: what it will be known by.
        said: task data as the source gives it, cleaned.
        sent: task data as Label Studio would hold it, with what only its page needs.
    """

    where: str
    id: str
    said: Mapping[str, Any]
    sent: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"where": self.where, "id": self.id, "data": dict(self.sent)}

    def lines(self) -> Iterator[str]:
        """The task for people: each turn, fact and document under its name."""
        yield visible(f"--- {self.where} ({self.id})")
        for message in self.said["messages"]:
            yield from _under(str(message["role"]), _said(message))
        for name, fact in (self.said.get("context") or {}).items():
            yield from _under(f"context.{name}", readable(fact))
        for document in self.said.get("documents") or ():
            yield from _under(f"document “{document['title']}”", document["text"])
        for name, label in (self.said.get("categories") or {}).items():
            yield from _under(f"category {name}", readable(label))
        if self.said.get(DRAFT_FIELD):
            yield from _under("draft", self.said[DRAFT_FIELD])
        shown = {"messages", "context", "documents", "categories", DRAFT_FIELD}
        for name, value in self.said.items():
            if name not in shown:
                yield from _under(name, readable(value))


def previews(
    tasks: Iterable[SourceTask], interface: Interface[Any], guidelines: str, number: int
) -> tuple[Preview, ...]:
    """The first tasks of the sources that would be kept."""
    return tuple(
        Preview(
            where=task.where,
            id=str(task.id),
            said=task.data,
            sent=interface.complete_task({**task.data, ID_FIELD: task.id}, guidelines),
        )
        for task in islice(tasks, number)
    )


def _said(message: Mapping[str, Any]) -> str:
    """A turn's words, each of its pictures and each of its calls on a line."""
    seen = (part.get(NAME) or address_of(part) for part in picture_parts([message]))
    pictures = [f"{PICTURE} {str(name)[:_ADDRESS]}" for name in seen]
    calls = [call.written() for call in calls_of(message)]
    return "\n".join(filter(None, [text_of(message["content"]), *pictures, *calls]))


def _under(name: str, text: str) -> Iterator[str]:
    first, *rest = text.splitlines() or [""]
    yield visible(f"{name}: {first}")
    yield from (visible(f"    {line}") for line in rest)


def visible(text: str) -> str:
    """A line in which nothing moves a terminal's cursor or turns its writing around."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
