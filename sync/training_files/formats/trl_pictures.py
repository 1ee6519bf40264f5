"""The rules for pictures in TRL's lines: marks in the messages, the pictures in `images`.

Source: `prepare_multimodal_messages` of TRL 1.16. A part `{"type": "image"}` stands for the next of
`images`, but for those in a tool's answer, which are passed over. Where the user says something in
plain text, TRL puts marks for all of them before the first such text; so there must be no others.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sync.common.json_text import Json
from sync.common.wording import counted
from sync.training_files.formats.format import Fault

_ROLES = ("system", "user", "assistant", "tool")


def has_marks(line: Json, keys: Sequence[tuple[str, Any]]) -> bool:
    """Whether a line has pictures, or contents that are lists of parts.

    Args:
        keys: of the lists of messages, each first in its tuple.
    """
    if line.get("images"):
        return True
    for key, _ in keys:
        messages = line.get(key)
        for message in messages if type(messages) is list else ():
            if type(message) is dict and type(message.get("content")) is list:
                return True
    return False


def picture_faults(line: Json, keys: tuple[str, ...]) -> Iterator[Fault]:
    """Every rule that the pictures of a line break.

    Args:
        keys: of the lists of messages: the first one holds the marks, all of them where it is the
            only one.
    """
    parts = [line[key] for key in keys if isinstance(line.get(key), list)]
    if len(parts) < len(keys):
        return
    images = line.get("images")
    number = len(images) if isinstance(images, list) else 0
    if images is not None and not isinstance(images, list):
        yield Fault("images", "images must be a list of pictures, in the order of their marks")
        return
    for place, messages in enumerate(parts):
        yield from _number_faults(keys[place], messages, number if place == 0 else 0)
        for at, message in enumerate(messages, 1):
            if isinstance(message, dict) and message.get("role") == "developer":
                yield Fault(
                    "images",
                    f"{keys[place]} message {at}: TRL takes no developer's message in a line with "
                    "parts or pictures; write 'system'",
                )


def _number_faults(key: str, messages: list[Any], number: int) -> Iterator[Fault]:
    marks = sum(
        isinstance(part, dict) and part.get("type") == "image" and "image" not in part
        for message in messages
        if isinstance(message, dict) and message.get("role") != "tool"
        for part in _parts(message)
    )
    plain = any(
        isinstance(m, dict) and m.get("role") == "user" and isinstance(m.get("content"), str)
        for m in messages
    )
    if plain and marks:
        yield Fault(
            "images",
            f'{key}: marks for pictures ({{"type": "image"}}) beside a user\'s message of plain '
            "text, before which TRL puts marks of its own; write each text as a list of parts",
        )
    elif not plain and marks != number:
        yield Fault(
            "images",
            f"{key}: {counted(marks, 'mark')} for pictures and {counted(number, 'picture')} in "
            "images; TRL stops there: write one for each",
        )


def _parts(message: Json) -> list[Any]:
    content = message.get("content")
    return content if isinstance(content, list) else []
