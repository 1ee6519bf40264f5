"""What a person sees of `labeltune up`: waiting on stderr, live in a terminal; then what runs."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

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
from sync.common.wording import counted


@contextmanager
def spinner(text: str) -> Iterator[Callable[[str], None]]:
    """A line with the time since it began, which vanishes at the end; yields what changes it."""
    if not stderr.is_terminal:
        click.echo(f"{text} …", err=True)
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


@dataclass(frozen=True)
class Ready:
    """A running stack.

    Attributes:
        project_url: the sample project's page, or None without the sample.
        tasks: tasks of the sample project.
        next_steps: what to do now, each one sentence or command.
    """

    url: str
    username: str
    password: str = field(repr=False)
    project_id: int | None
    project_url: str | None
    tasks: int | None
    model: str
    model_url: str
    logs: Path
    next_steps: tuple[str, ...]

    def as_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), default=str)

    def as_text(self) -> str:
        """Lines for people."""
        rows = [("open", self.url), ("log in as", self.username), ("password", self.password)]
        if self.project_url:
            rows.append(("project", f"{self.project_url} ({counted(self.tasks or 0, 'task')})"))
        rows += [("model", f"{self.model} at {self.model_url}"), ("logs", str(self.logs))]
        width = max(len(name) for name, _ in rows)
        lines = ["LabelTune is ready.", ""]
        lines += [f"  {name:<{width}}  {value}" for name, value in rows]
        lines += ["", "Next:", *(f"  {step}" for step in self.next_steps)]
        lines += ["", "Ctrl-C stops everything; nothing is lost."]
        return "\n".join(lines)
