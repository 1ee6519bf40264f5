"""Where a project stands: in Label Studio, at the backend, in the table, and what was done last.

A service that is down is a state worth showing, not a failure; a key that is refused is one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx

from connectors.errors import LabelStudioError
from connectors.task_pages import task_filter, task_url
from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.intake.services.backend_status import BackendStatus, WhyUndrafted, backend_status
from sync.intake.services.health import (
    Ask,
    ModelStatus,
    ServiceStatus,
    down,
    get,
    health,
    model_status,
)
from sync.intake.services.task_stream import order_faults
from sync.intake.services.undrafted import Undrafted, find_undrafted
from sync.records.draft_use import DraftUse
from sync.records.person_record import known_people
from sync.records.review_queues import queue_configs
from sync.records.states import WorkCounts
from sync.records.work_done import work_done
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import DataFolder, data_folder
from sync.table.pull.task_listing import TaskSource
from sync.table.snapshot import project_id_of


@dataclass(frozen=True)
class ProjectStatus:
    """A project in Label Studio, in tasks.

    Attributes:
        drafted: with at least one prediction.
        labelled: with at least one annotation that was not skipped.
        skipped: only ever skipped.
        undrafted: those that nobody has finished and that have no draft, and why.
        order: what keeps annotators from getting the least certain task next, a sentence each.
    """

    id: int
    title: str
    tasks: int
    drafted: int
    labelled: int
    skipped: int
    undrafted: Undrafted
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableStatus:
    """The table of pulled tasks.

    Attributes:
        version: None while nothing was ever pulled.
        rows: tasks of the configured project.
        pulled_at: ISO time of the last pull, whether it brought anything or not.
        work: how many of the rows are in each state; None where there are none.
        drafts: what experts made of the drafts of all finished tasks; likewise.
    """

    version: int | None
    rows: int
    pulled_at: str | None
    work: WorkCounts | None = None
    drafts: DraftUse | None = None


@dataclass(frozen=True)
class ReviewQueueStatus:
    """The queue of one tier of review, in tasks.

    Attributes:
        waiting: that nobody has decided.
        decided: whether the verdicts were pulled or not.
    """

    tier: str
    title: str
    waiting: int
    decided: int


@dataclass(frozen=True)
class Status:
    """Everything that `labeltune status` shows.

    Attributes:
        project: None when Label Studio is down or has no such project.
        reviews: of the tiers whose queues are there, in their order.
        findings: of the last check; None while nothing was checked.
        exported: the last export's report with its time `at`, or None.
        flags: people whose answers should be looked at before more of them are relied on, a
            sentence each without its full stop, as the last `labeltune review` found.
    """

    label_studio: ServiceStatus
    project: ProjectStatus | None
    backend: BackendStatus
    model: ModelStatus
    table: TableStatus
    findings: int | None
    checked_at: str | None
    exported: Mapping[str, Any] | None
    flags: tuple[str, ...] = ()
    reviews: tuple[ReviewQueueStatus, ...] = ()


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
    backend, why = backend_status(config, ask)
    label_studio, project, reviews = _label_studio(config, client, ask, why)
    folder = data_folder(config)
    checked = last_runs.recall(folder, "check")
    return Status(
        label_studio=label_studio,
        project=project,
        backend=backend,
        model=model_status(config.llm, config.env.get("OPENAI_API_KEY"), ask),
        table=_table(config, folder),
        findings=_lines(folder),
        checked_at=checked["at"] if checked else None,
        exported=last_runs.recall(folder, "export"),
        flags=tuple(flag for each in known_people(folder) if (flag := each.flag()) is not None),
        reviews=reviews,
    )


def _label_studio(
    config: Config, client: TaskSource, ask: Ask, why: WhyUndrafted
) -> tuple[ServiceStatus, ProjectStatus | None, tuple[ReviewQueueStatus, ...]]:
    url = config.label_studio.url
    try:
        ask(health(url), None)  # the client would try again for ten seconds
        project = client.find_project(config.label_studio.project)
        found = project and _project(client, project, why, url)
        reviews = tuple(_reviews(config, client)) if project else ()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return down(url, error), None, ()
    except LabelStudioError as error:
        if error.status in (401, 403):
            raise
        return down(url, error), None, ()
    return ServiceStatus(url, up=True), found or None, reviews


def _project(client: TaskSource, project: Json, why: WhyUndrafted, url: str) -> ProjectStatus:
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
        undrafted=find_undrafted(
            client,
            project_id,
            lambda task_id: why.of(project_id, task_id),
            partial(task_url, url, project_id),
        ),
        order=order_faults(project),
    )


def _reviews(config: Config, client: TaskSource) -> Iterator[ReviewQueueStatus]:
    for tier, queue in queue_configs(config).items():
        title = queue.label_studio.project
        project = client.find_project(title, ("id", "title", "task_number"))
        if project is not None:
            waiting = _matching(client, int(project["id"]), ("total_annotations", "equal"))
            decided = int(project["task_number"] or 0) - waiting
            yield ReviewQueueStatus(tier, title, waiting, decided)


def _matching(client: TaskSource, project_id: int, *conditions: tuple[str, str]) -> int:
    """How many tasks have these counters above or at 0; one task is listed to learn it."""
    filters = [task_filter(f"tasks:{column}", op, 0, "Number") for column, op in conditions]
    pages = client.task_pages(project_id, filters, include=("id",), page_size=1)
    return next(iter(pages)).total


def _table(config: Config, folder: DataFolder) -> TableStatus:
    table = folder.table()
    pulled = last_runs.recall(folder, "pull")
    stored = table.counts()
    try:
        rows = stored.get(project_id_of(config, folder, table), 0) if stored else 0
    except SyncError:  # only other projects were pulled
        rows = 0
    at = pulled["at"] if pulled else None
    work, drafts = work_done(config) if rows else (None, None)
    return TableStatus(table.version, rows, at, work, drafts)


def _lines(folder: DataFolder) -> int | None:
    findings = folder.read("findings.jsonl")
    return None if findings is None else findings.count(b"\n")
