"""Fetch what changed in Label Studio into the table: incremental, atomic, self-healing.

The cursor is the table's own greatest `updated_at`, so there is no state to lose. What is fetched
waits on disk until everything is there; then it becomes one version of the table.
Open first: `changes`.
"""

import time
from dataclasses import asdict, dataclass

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.common.terminal import ShowProgress
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import DataFolder, data_folder
from sync.table.pull.changes import find_changes
from sync.table.pull.fetched_tasks import FetchedTasks
from sync.table.pull.known_state import Known
from sync.table.pull.task_listing import PROJECT_FIELDS, Listing, TaskSource


@dataclass(frozen=True)
class PullReport:
    """What a pull did.

    Attributes:
        unchanged: tasks that were in the table already and stay as they are.
        tasks: in the table now.
        requests: sent to Label Studio.
        table_version: of the Delta table; None while nothing was ever pulled.
    """

    project: str
    project_id: int
    new: int
    changed: int
    unchanged: int
    deleted: int
    tasks: int
    requests: int
    seconds: float
    table_version: int | None


def pull(
    config: Config, client: TaskSource, progress: ShowProgress = lambda done, total: None
) -> PullReport:
    """Bring the table up to date with the project; a crash leaves it as it was.

    Args:
        progress: called with tasks fetched and tasks to fetch.

    Raises:
        SyncError: the project does not exist, or another pull is running here.
        LabelStudioError: Label Studio fails; nothing is written.
    """
    started = time.monotonic()
    project = require_project(config, client)
    folder = data_folder(config)
    with folder.only_one("pull"):
        report = _pull(folder, client, project, progress, started)
    last_runs.note(folder, "pull", asdict(report))
    return report


def require_project(config: Config, client: TaskSource) -> Json:
    """The configured project, which must be there.

    Raises:
        SyncError: there is none of that title.
    """
    title = config.label_studio.project
    project = client.find_project(title, PROJECT_FIELDS)
    if project is None:
        raise SyncError(
            f"Label Studio at {config.label_studio.url} has no project {title!r}; "
            "run `labeltune push` first, or correct label_studio.project in labeltune.toml"
        )
    return project


def _pull(
    folder: DataFolder, client: TaskSource, project: Json, progress: ShowProgress, started: float
) -> PullReport:
    project_id = int(project["id"])
    table = folder.table()
    listing = Listing(client, project_id, str(project["title"]))
    with FetchedTasks() as fetched:
        known = Known(table.stored(project_id), fetched)
        seen_at = find_changes(listing, known, project, progress)
        merged = table.apply(project_id, fetched, known.deleted, seen_at)
    before = len(known.stored.stamps)
    return PullReport(
        project=str(project["title"]),
        project_id=project_id,
        new=merged.new,
        changed=merged.changed,
        unchanged=before - merged.changed - merged.deleted,
        deleted=merged.deleted,
        tasks=before + merged.new - merged.deleted,
        requests=1 + listing.requests,
        seconds=round(time.monotonic() - started, 3),
        table_version=table.version,
    )
