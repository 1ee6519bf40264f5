"""The pictures of a task's messages: each is a part of a content that is a list."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from label_configs.content import IMAGE, parts_of

PicturePart = Mapping[str, Any]

# a picture's name at its source, beside its address; no model and no trainer reads it
NAME = "name"


def picture_parts(messages: Any) -> Iterator[PicturePart]:
    """Every picture of a conversation, in order, whatever else stands in its place."""
    for message in messages if isinstance(messages, Sequence) else ():
        if isinstance(message, Mapping) and not isinstance(message.get("content"), str):
            yield from (part for part in parts_of(message.get("content")) if is_picture(part))


def is_picture(part: Any) -> bool:
    """Whether a part is a picture with an address."""
    image = part.get("image_url") if isinstance(part, Mapping) else None
    return (
        isinstance(image, Mapping)
        and part.get("type") == IMAGE
        and isinstance(image.get("url"), str)
    )


def address_of(part: PicturePart) -> str:
    """Where a picture is."""
    address: str = part["image_url"]["url"]
    return address


def at_address(part: PicturePart, address: str) -> PicturePart:
    """A picture's part with another address; the same object where it is no other."""
    image = part["image_url"]
    if image["url"] == address:
        return part
    return {**part, "image_url": {**image, "url": address}}


def with_pictures(
    messages: Sequence[Any], change: Callable[[PicturePart], PicturePart]
) -> Sequence[Any]:
    """A conversation with its pictures changed; the same object where none is.

    Args:
        change: gives the same object where there is nothing to change.
    """
    changed: list[Any] | None = None
    for place, message in enumerate(messages):
        # most are of this type, and to ask for any mapping takes ten times as long
        is_message = type(message) is dict or isinstance(message, Mapping)
        before = message.get("content") if is_message else None
        if not isinstance(before, list):
            continue
        after = [change(part) if is_picture(part) else part for part in before]
        if any(new is not old for new, old in zip(after, before, strict=True)):
            changed = changed or list(messages)
            changed[place] = {**message, "content": after}
    return messages if changed is None else changed
