"""The configured project as it was last pulled: what check, export and status start from."""

from dataclasses import dataclass
from datetime import datetime

from sync.config import Config
from sync.errors import SyncError
from sync.store import last
from sync.store.data_folder import DataFolder, data_folder
from sync.store.history import version_at
from sync.store.rows import TaskRow
from sync.store.table import TaskTable


@dataclass(frozen=True)
class Snapshot:
    """One version of a project's rows, by task id.

    Attributes:
        past: somebody asked for this version by name; it may be the newest all the same.
    """

    project_id: int
    table_version: int
    rows: tuple[TaskRow, ...]
    past: bool = False


def read_snapshot(config: Config, at: int | datetime | None = None) -> Snapshot:
    """The pulled rows of the configured project, without asking Label Studio.

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
    if at is None:
        return Snapshot(project_id, table.version, tuple(table.rows(project_id)))
    version = version_at(table, at)
    rows = tuple(folder.table(version).rows(project_id))
    return Snapshot(project_id, version, rows, past=True)


def project_id_of(config: Config, folder: DataFolder, table: TaskTable) -> int:
    """The id behind the configured title: as the last pull found it, or the only one there is.

    Raises:
        SyncError: the last pull was of another project.
    """
    title = config.label_studio.project
    pulled = last.recall(folder, "pull")
    if pulled and pulled.get("project") == title:
        return int(pulled["project_id"])
    stored = table.project_ids()
    if pulled is None and config.project_name is None and len(stored) == 1:
        return stored[0]
    raise SyncError(
        f"{folder.location()}: the last pull was not of project {title!r}; run `labeltune pull`"
    )
