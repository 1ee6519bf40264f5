"""From source files to the tasks of a push: read, checked, with their categories."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.progress import Progress

from label_configs import Interface
from sync.categories.assigning import categorise
from sync.categories.settings import CategorySection
from sync.cleaning.report import CleaningReport
from sync.config import Config
from sync.sources import SourceTask, read_source


@dataclass(frozen=True)
class Tasks:
    """The tasks of a push; iterated as often as need be."""

    read: Sequence[SourceTask]
    categories: Mapping[str, CategorySection]

    @property
    def report(self) -> CleaningReport:
        """What was read."""
        return CleaningReport(len(self.read), len(self.read), 0, ())

    def write_dropped(self, path: Path) -> None:
        """Write what was left out: nothing."""
        path.write_text("", encoding="utf-8")

    def __iter__(self) -> Iterator[SourceTask]:
        for task in self.read:
            yield categorise(task, self.categories)


@contextmanager
def reading(
    config: Config,
    sources: Sequence[Path],
    interface: Interface[Any],
    held: Callable[[], Iterable[SourceTask]],
    progress: Progress,
    engine: str,
    *,
    keep_secrets: bool,
) -> Iterator[Tasks]:
    """Read all sources to their end and check their tasks.

    Raises:
        SourceError: a file or a line that can't be read.
        LabelConfigError: a task that the project's page could not show.
    """
    seen: dict[str, str] = {}
    tasks = [task for source in sources for task in read_source(source, seen)]
    for task in tasks:
        interface.check_task(task.data, task.where)
    yield Tasks(tasks, config.categories)
