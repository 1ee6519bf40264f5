"""Counts for people: a bar while they grow, and words when they stand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sync.commands.common import progress
from sync.counted import counted

__all__ = ["counted", "counting"]


@contextmanager
def counting(description: str) -> Iterator[Callable[[int, int], None]]:
    """A callback `(done, total)` that moves a bar on stderr."""
    with progress() as bars:
        bar = bars.add_task(description, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)
