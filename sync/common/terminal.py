"""What people see while they wait: a bar on stderr that vanishes when the work is done."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

# called with what is done, of how many
ShowProgress = Callable[[int, int], None]

stderr = Console(stderr=True, highlight=False)


@functools.cache
def _columns() -> tuple[Any, ...]:
    return (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )


def progress() -> Progress:
    """A progress bar on stderr that vanishes when done; silent when stderr is no terminal."""
    return Progress(*_columns(), console=stderr, transient=True, disable=not stderr.is_terminal)


@contextmanager
def naming() -> Iterator[Callable[[str, int, int], None]]:
    """A callback `(what is done now, done, total)` that names it and moves a bar on stderr."""
    with progress() as bars:
        bar = bars.add_task("", total=None, visible=False)

        def show(description: str, done: int, total: int) -> None:
            bars.update(bar, description=description, completed=done, total=total, visible=True)

        yield show


@contextmanager
def counting(description: str) -> Iterator[ShowProgress]:
    """A callback `(done, total)` that moves a bar on stderr."""
    with progress() as bars:
        bar = bars.add_task(description, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)
