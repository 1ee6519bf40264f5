"""Cut a stream into lists, of which one is in memory at a time (Python 3.12: itertools.batched)."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

_Item = TypeVar("_Item")


def chunked(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Lists of `size` items, the last one shorter, read as they are asked for."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
