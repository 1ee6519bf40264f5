"""The configured project as it was last pulled: what check, export and status start from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sync.common.errors import SyncError
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import DataFolder, data_folder
from sync.table.history import version_at
from sync.table.streaming import stream_rows
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable


@dataclass(frozen=True)
class Snapshot:
    """One version of a project's rows, which are read when they are asked for.

    Attributes:
        committed_at: when this version of the table was made, by the table's log: it is the same
            whenever the version is read.
        past: somebody asked for this version by name; it may be the newest all the same.
    """

    project_id: int
    table_version: int
    committed_at: datetime
    past: bool
    table: TaskTable = field(repr=False, compare=False)

    def rows(self) -> Iterator[TaskRow]:
        """The rows by task id, in memory that does not grow with their number.

        Raises:
            SyncError: the table can't be read.
        """
        return stream_rows(self.table, self.project_id)


def open_snapshot(config: Config, at: int | datetime | None = None) -> Snapshot:
    """The configured project as it was pulled, without asking Label Studio.

    Args:
        at: this version, or the newest one of this time; by default the newest.

    Raises:
        SyncError: nothing was pulled, only other projects were, or there is no such version.
    """
    folder = data_folder(config)
    table = folder.table()
    if table.version is None:
        raise SyncError(
            f"{folder.location()}: nothing pulled yet; run `labeltune pull` (once the project has "
            "tasks)"
        )
    project_id = project_id_of(config, folder, table)
    if at is not None:
        table = folder.table(version_at(table, at))
    version, committed_at = table.committed()
    return Snapshot(project_id, version, committed_at, at is not None, table)


def project_id_of(config: Config, folder: DataFolder, table: TaskTable) -> int:
    """The id behind the configured title: as the last pull found it, or the only one there is.

    Raises:
        SyncError: the last pull was of another project.
    """
    title = config.label_studio.project
    pulled = last_runs.recall(folder, "pull")
    if pulled and pulled.get("project") == title:
        return int(pulled["project_id"])
    stored = table.project_ids()
    if pulled is None and config.project_name is None and len(stored) == 1:
        return stored[0]
    raise SyncError(
        f"{folder.location()}: the last pull was not of project {title!r}; run `labeltune pull`"
    )
