"""Where a project stands: in Label Studio, at the backend, in the table, and what was done last.

A service that is down is a state worth showing, not a failure; a key that is refused is one.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from connectors.backend_secrets import PASSWORD, USER, credentials
from connectors.errors import LabelStudioError
from connectors.task_pages import task_filter
from sync.config import Config
from sync.errors import SyncError
from sync.pull.listing import Json, TaskSource
from sync.services import (
    Ask,
    ModelStatus,
    ServiceStatus,
    answering,
    down,
    get,
    health,
    model_status,
)
from sync.store import last
from sync.store.data_folder import DataFolder, data_folder
from sync.store.snapshot import project_id_of


@dataclass(frozen=True)
class BackendStatus(ServiceStatus):
    """The backend, and how its own /status says that it stands.

    Attributes:
        waiting: jobs that a worker could begin now; None when it does not tell.
        workers_alive: workers that it saw lately; None when it does not tell.
        problems: what somebody should look at, a sentence each.
    """

    waiting: int | None = None
    workers_alive: int | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProjectStatus:
    """A project in Label Studio, in tasks.

    Attributes:
        drafted: with at least one prediction.
        labelled: with at least one annotation that was not skipped.
        skipped: only ever skipped.
    """

    id: int
    title: str
    tasks: int
    drafted: int
    labelled: int
    skipped: int


@dataclass(frozen=True)
class TableStatus:
    """The table of pulled tasks.

    Attributes:
        version: None while nothing was ever pulled.
        rows: tasks of the configured project.
        pulled_at: ISO time of the last pull, whether it brought anything or not.
    """

    version: int | None
    rows: int
    pulled_at: str | None


@dataclass(frozen=True)
class Status:
    """Everything that `labeltune status` shows.

    Attributes:
        project: None when Label Studio is down or has no such project.
        findings: of the last check; None while nothing was checked.
        exported: the last export's report with its time `at`, or None.
    """

    label_studio: ServiceStatus
    project: ProjectStatus | None
    backend: BackendStatus
    model: ModelStatus
    table: TableStatus
    findings: int | None
    checked_at: str | None
    exported: Mapping[str, Any] | None


def status(
    config: Config,
    client: TaskSource,
    ask: Ask = get,
) -> Status:
    """Ask Label Studio, the backend and the model endpoint, and read what is stored here.

    Args:
        ask: answers a GET of `/health`, which the services have, of the backend's `/status` and
            of the endpoint's `/models`.

    Raises:
        LabelStudioError: the key is refused.
        CredentialsError: the backend's user or password can't be used.
    """
    label_studio, project = _label_studio(config, client, ask)
    folder = data_folder(config)
    checked = last.recall(folder, "check")
    return Status(
        label_studio=label_studio,
        project=project,
        backend=_backend(config, ask),
        model=model_status(config.llm, config.env.get("OPENAI_API_KEY"), ask),
        table=_table(config, folder),
        findings=_lines(folder),
        checked_at=checked["at"] if checked else None,
        exported=last.recall(folder, "export"),
    )


def _label_studio(
    config: Config, client: TaskSource, ask: Ask
) -> tuple[ServiceStatus, ProjectStatus | None]:
    url = config.label_studio.url
    try:
        ask(health(url), None)  # the client would try again for ten seconds
        project = client.find_project(config.label_studio.project)
        found = project and _project(client, project)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return down(url, error), None
    except LabelStudioError as error:
        if error.status in (401, 403):
            raise
        return down(url, error), None
    return ServiceStatus(url, up=True), found or None


def _project(client: TaskSource, project: Json) -> ProjectStatus:
    project_id = int(project["id"])
    return ProjectStatus(
        id=project_id,
        title=str(project["title"]),
        tasks=int(project["task_number"] or 0),
        drafted=_matching(client, project_id, ("total_predictions", "greater")),
        labelled=_matching(client, project_id, ("total_annotations", "greater")),
        skipped=_matching(
            client, project_id, ("cancelled_annotations", "greater"), ("total_annotations", "equal")
        ),
    )


def _matching(client: TaskSource, project_id: int, *conditions: tuple[str, str]) -> int:
    """How many tasks have these counters above or at 0; one task is listed to learn it."""
    filters = [task_filter(f"tasks:{column}", op, 0, "Number") for column, op in conditions]
    pages = client.task_pages(project_id, filters, include=("id",), page_size=1)
    return next(iter(pages)).total


def _backend(config: Config, ask: Ask) -> BackendStatus:
    url, known = config.backend.url, credentials(config.env)
    basic = known and base64.b64encode(f"{known.user}:{known.password}".encode()).decode()
    authorization = f"Basic {basic}" if basic else None
    found = answering(url, health(url), ask, authorization, f"{USER} and {PASSWORD}")
    if not found.up:
        return BackendStatus(url, up=False, detail=found.detail)
    try:
        said = ask(f"{url.rstrip('/')}/status?format=json", authorization).json()
        return BackendStatus(
            url,
            up=True,
            waiting=int(said["queue"]["waiting"]),
            workers_alive=sum(bool(worker["alive"]) for worker in said["workers"]),
            problems=tuple(str(problem) for problem in said["problems"]),
        )
    except (httpx.HTTPError, ValueError, LookupError, TypeError):
        return BackendStatus(url, up=True)  # another backend, which has no /status


def _table(config: Config, folder: DataFolder) -> TableStatus:
    table = folder.table()
    pulled = last.recall(folder, "pull")
    stored = table.counts()
    try:
        rows = stored.get(project_id_of(config, folder, table), 0) if stored else 0
    except SyncError:  # only other projects were pulled
        rows = 0
    return TableStatus(table.version, rows, pulled["at"] if pulled else None)


def _lines(folder: DataFolder) -> int | None:
    findings = folder.read("findings.jsonl")
    return None if findings is None else findings.count(b"\n")
