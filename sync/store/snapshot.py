"""The configured project as it was last pulled: what check, export and status start from."""

from dataclasses import dataclass

from sync.config import Config
from sync.errors import SyncError
from sync.store import last
from sync.store.rows import TaskRow
from sync.store.table import TaskTable


@dataclass(frozen=True)
class Snapshot:
    """One version of a project's rows, by task id."""

    project_id: int
    table_version: int
    rows: tuple[TaskRow, ...]


def read_snapshot(config: Config) -> Snapshot:
    """The pulled rows of the configured project, without asking Label Studio.

    Raises:
        SyncError: nothing was pulled, or only other projects were.
    """
    table = TaskTable(config.data_dir / "tasks")
    if table.version is None:
        raise SyncError(
            f"{config.data_dir}: nothing pulled yet; run `labeltune pull` (once the project has "
            "tasks)"
        )
    project_id = project_id_of(config, table)
    return Snapshot(project_id, table.version, tuple(table.rows(project_id)))


def project_id_of(config: Config, table: TaskTable) -> int:
    """The id behind the configured title: as the last pull found it, or the only one there is.

    Raises:
        SyncError: the last pull was of another project.
    """
    title = config.label_studio.project
    pulled = last.recall(config.data_dir, "pull")
    if pulled and pulled.get("project") == title:
        return int(pulled["project_id"])
    stored = table.project_ids()
    if pulled is None and len(stored) == 1:
        return stored[0]
    raise SyncError(
        f"{config.data_dir}: the last pull was not of project {title!r}; run `labeltune pull`"
    )
