"""Read a long JSON array item by item.

The standard library's decoder reads each item, so that a streamed answer means the same as one
that is read at once: large integers and half surrogate pairs included.
"""

import json
from collections.abc import Iterator
from typing import Any, TextIO

_CHUNK = 1 << 20


def array_items(text: TextIO) -> Iterator[dict[str, Any]]:
    """The objects of an array of objects.

    Raises:
        ValueError: the text is not an array of objects, or ends in the middle.
    """
    decoder = json.JSONDecoder()
    buffer, at = text.read(_CHUNK).lstrip(), 1
    if not buffer.startswith("["):
        raise ValueError("no array")
    while True:
        while at < len(buffer) and buffer[at] in ", \t\r\n":
            at += 1
        if buffer.startswith("]", at):
            return
        try:
            item, at = decoder.raw_decode(buffer, at)
        except ValueError:
            more = text.read(_CHUNK)
            if not more:
                raise
            buffer, at = buffer[at:] + more, 0
            continue
        if not isinstance(item, dict):
            raise ValueError("an array of something else than objects")  # noqa: TRY004
        yield item
