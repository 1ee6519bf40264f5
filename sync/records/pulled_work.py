"""The finished work of a project, opened once for whoever reads it.

`check`, `split`, `gaps`, `export` and `status` all begin so:

    finished = open_pulled_work(config)
    for outcome in finished.outcomes():
        ...
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from label_configs import Interface
from label_configs.annotations.choose_annotation import Choosing
from sync.records.record import Outcome
from sync.records.record_reader import iter_records
from sync.records.review_verdicts import choosing_of
from sync.settings import Config
from sync.table.snapshot import Snapshot, open_snapshot
from sync.table.task_rows import TaskRow


@dataclass(frozen=True)
class PulledWork:
    """One version of a project's table, and how its annotations are read.

    Attributes:
        snapshot: the version, with the rows of the project.
    """

    config: Config
    snapshot: Snapshot

    @cached_property
    def interface(self) -> Interface[Any]:
        """The interface that decodes the annotations."""
        return self.config.load_interface()

    @cached_property
    def choosing(self) -> Choosing:
        """Which annotation of a task counts, by the reviews that this version of the table has.

        Raises:
            SyncError: the table can't be read.
        """
        return choosing_of(self.config, self.snapshot.table_version)

    def outcomes(self, rows: Iterable[TaskRow] | None = None) -> Iterator[Outcome]:
        """What became of each task, by task id: a fresh pass over the table each time.

        Args:
            rows: some of the project's; by default all of them.

        Raises:
            SyncError: the table can't be read.
        """
        read = self.snapshot.rows() if rows is None else rows
        return iter_records(read, self.interface, self.config.categories, self.choosing)


def open_pulled_work(config: Config, at: int | datetime | None = None) -> PulledWork:
    """The configured project's finished work, as it was pulled; nothing is read yet.

    Args:
        at: a version of the table, or a time; by default the newest.

    Raises:
        SyncError: nothing was pulled, only other projects were, or there is no such version.
    """
    return PulledWork(config, open_snapshot(config, at))
