"""What a picture is called once its bytes are known: the start of their hash, and its kind.

A picture beside a source has no address before it is uploaded; until then, and wherever tasks are
compared, `picture:NAME` stands for it. Label Studio puts letters of its own before the name of what
is uploaded, so that the same picture may have several addresses there, and one name.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.pictures import PictureError, kind_of
from label_configs.task_pictures import (
    PicturePart,
    address_of,
    at_address,
    picture_parts,
    with_pictures,
)

SCHEME = "picture:"
_DIGITS = 32  # of SHA-256 in hex: 128 bits
_NAME = rf"[0-9a-f]{{{_DIGITS}}}\.(?:png|jpg|gif|webp)"
# as Label Studio stores an upload: `upload/PROJECT/8 letters-NAME`, under a sub-path of its own
_UPLOADED = re.compile(rf"(?:/.*)?/data/upload/\d+/[0-9a-f]{{8}}-({_NAME})")
_UNSENT = re.compile(rf"{SCHEME}({_NAME})")


def picture_name(content: bytes) -> str:
    """The name of a picture: equal for equal bytes, as `9f86d081884c7d65….png`.

    Raises:
        PictureError: it is none.
    """
    kind = kind_of(content)
    if kind is None:
        raise PictureError("is no picture")
    return hashlib.sha256(content).hexdigest()[:_DIGITS] + kind.suffix


def name_in(address: str) -> str | None:
    """The name of a picture that we uploaded, or will; None of any other address."""
    if not address.startswith(("/", SCHEME)):
        return None
    found = _UPLOADED.fullmatch(address) or _UNSENT.fullmatch(address)
    return found[1] if found else None


def pictures_in(messages: Any) -> list[str]:
    """The pictures of a conversation, in order: ours by name, others by address."""
    addresses = map(address_of, picture_parts(messages))
    return [name_in(address) or address for address in addresses]


def has_content(name: str, content: bytes) -> bool:
    """Whether these are the bytes that a picture was named by."""
    return name.startswith(hashlib.sha256(content).hexdigest()[:_DIGITS])


def with_names(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Task data in which our pictures have the same address before and after their upload.

    The same object where there is none.
    """
    messages = data.get("messages")
    if not isinstance(messages, list):
        return data
    named = with_pictures(messages, _named)
    return data if named is messages else {**data, "messages": named}


def names_in(data: Mapping[str, Any]) -> Iterator[str]:
    """The pictures of a task that are to be uploaded."""
    for part in picture_parts(data.get("messages")):
        if found := _UNSENT.fullmatch(address_of(part)):
            yield found[1]


def _named(part: PicturePart) -> PicturePart:
    name = name_in(address_of(part))
    return part if name is None else at_address(part, SCHEME + name)
