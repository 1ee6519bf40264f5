"""What a person sees while something takes long: on stderr, and live only in a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from sync.common.terminal import stderr


def say(sentence: str) -> None:
    """One line on stderr."""
    click.echo(sentence, err=True)


@contextmanager
def spinner(text: str) -> Iterator[Callable[[str], None]]:
    """A line with the time since it began, which vanishes at the end; yields what changes it."""
    if not stderr.is_terminal:
        say(f"{text} …")
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=stderr,
        transient=True,
        disable=not stderr.is_terminal,
    ) as line:
        task = line.add_task(text, total=None)
        yield lambda changed: line.update(task, description=changed)


def byte_progress() -> Progress:
    """A progress bar in bytes."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=stderr,
        transient=True,
        disable=not stderr.is_terminal,
    )
