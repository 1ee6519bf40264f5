"""Which tasks of a project need a draft: asked of Label Studio, which is the truth about it."""

import contextlib
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from connectors.task_pages import TaskListing, task_filter
from drafting.draft_version import model_version, replaced_version
from drafting.project_settings import OURS, ProjectSettings, SettingsError, decoded
from label_configs import LabelConfigError
from ml_backend.store.draft_jobs import DraftJob
from ml_backend.store.ledger import Ledger
from ml_backend.store.projects import Projects
from ml_backend.work.refining import PredictionUpdates, retire

log = logging.getLogger(__name__)

# changes of Label Studio may be committed a little later than they are stamped
OVERLAP = timedelta(seconds=60)
# longer than a login lasts unless an organization settles otherwise: 8 days, 14 outside of one
LOGIN = timedelta(days=15)
REPLACED_EVERY_S = 86400.0
_UNTOUCHED = task_filter("tasks:total_annotations", "equal", 0, "Number")


class LabelStudioTasks(TaskListing, PredictionUpdates, Protocol):
    """What sweeping needs of Label Studio."""

    def backends(self, project_id: int) -> list[dict[str, Any]]: ...
    def update_backend(self, backend_id: int, fields: dict[str, Any]) -> dict[str, Any]: ...
    def update_project(self, project_id: int, fields: dict[str, Any]) -> dict[str, Any]: ...
    def delete_prediction(self, prediction_id: int) -> None: ...


def undrafted(
    client: LabelStudioTasks,
    ledger: Ledger,
    projects: Projects,
    project_id: int,
    own_url: str | None,
) -> Iterator[DraftJob]:
    """A job for every task that has no annotation and no draft of the current version.

    Brings the project to its current version first, where that has changed, and removes drafts
    that no longer count. Tasks are listed a page at a time, as the jobs are asked for.

    Args:
        own_url: the project's backend must have this URL; None: any of ours.

    Raises:
        ConnectorError: Label Studio can't be asked.
        SettingsError: the backend's `extra_params` can't be used.
    """
    current = current_settings(client, projects, project_id, own_url)
    if current is None:
        return
    backend, settings = current
    version = model_version(settings)
    _align(client, project_id, backend, version)
    _remove_old_drafts(client, project_id, version)
    if projects.is_due(f"replaced:{project_id}", REPLACED_EVERY_S):
        _remove_replaced_drafts(client, project_id, version)
    _remove_drafts_of_changed_tasks(client, ledger, projects, project_id, settings)
    without = task_filter("tasks:predictions_model_versions", "not_contains", [version], "List")
    listed_at = time.time()
    for task in _tasks(client, project_id, [_UNTOUCHED, without], ("id", "data", "predictions")):
        job = DraftJob(
            project_id=project_id,
            task_id=int(task["id"]),
            data=task["data"],
            settings=settings,
            model_version=version,
            stale=tuple(int(p["id"]) for p in task.get("predictions", ())),
            seen_at=listed_at,
        )
        if not ledger.has_failed(job.key) and not ledger.finished_since(job.key, listed_at):
            yield job


def current_settings(
    client: LabelStudioTasks, projects: Projects, project_id: int, own_url: str | None
) -> tuple[dict[str, Any], ProjectSettings] | None:
    """A project's backend and its settings, which are kept from now on; None if it isn't ours.

    Raises:
        ConnectorError: Label Studio can't be asked.
        SettingsError: the backend's `extra_params` can't be used.
    """
    backend = _own_backend(client, project_id, own_url)
    if backend is None:
        return None
    settings = ProjectSettings.from_extra_params(backend["extra_params"])
    model_version(settings)  # an interface that there is not must not be kept
    projects.remember(project_id, settings)
    return backend, settings


def get_to_know(
    client: LabelStudioTasks, projects: Projects, project_ids: Sequence[int], own_url: str | None
) -> None:
    """Know every project before the first one is drafted: one may review another.

    Once is enough: of a project that is pushed later Label Studio tells by /setup.

    Raises:
        ConnectorError: Label Studio can't be asked.
    """
    if projects.facts("first_look"):
        return
    for project_id in project_ids:
        with contextlib.suppress(LabelConfigError, SettingsError):  # its sweep will tell
            current_settings(client, projects, project_id, own_url)
    projects.remember_facts("first_look", {"at": time.time()})


def _tasks(
    client: LabelStudioTasks,
    project_id: int,
    filters: Sequence[Mapping[str, Any]],
    include: Sequence[str],
) -> Iterator[dict[str, Any]]:
    """Tasks in the order of their ids, however many leave the listing meanwhile."""
    last = 0
    while True:
        above = task_filter("tasks:id", "greater", last, "Number")
        pages = client.task_pages(project_id, [*filters, above], ("tasks:id",), include)
        # a server that ignores the filter must not be asked for ever
        tasks = [task for task in next(iter(pages)).tasks if int(task["id"]) > last]
        yield from tasks
        if not tasks:
            return
        last = int(tasks[-1]["id"])


def _remove_old_drafts(client: LabelStudioTasks, project_id: int, version: str) -> None:
    """Where a task has several drafts and the current one is among them, show that alone.

    The worker does so itself as it delivers; this is for drafts that /predict handed out, for
    deletions that failed, for a draft that was stored twice because an answer got lost, and for a
    worker that was killed while it replaced one. Drafts of other versions are deleted; an older one
    of this version is retired, since somebody may have it open.
    """
    current = task_filter("tasks:predictions_model_versions", "contains", [version], "List")
    replaced = replaced_version(version)
    kept = task_filter("tasks:predictions_model_versions", "not_contains", [replaced], "List")
    two, three = (task_filter("tasks:total_predictions", "greater", n, "Number") for n in (1, 2))
    # most have one that is shown and at most one that it has replaced, as they should
    for several in ((two, kept), (three,)):
        # include names fields of predictions, too
        include = ("id", "predictions", "model_version")
        for task in _tasks(client, project_id, [_UNTOUCHED, current, *several], include):
            held = {int(p["id"]): p["model_version"] for p in task["predictions"]}
            found = [each for each, of_version in held.items() if of_version == version]
            # none, where somebody else has deleted it since the task was found
            for each, of_version in held.items() if found else ():
                if of_version == version and each != max(found):
                    retire(client, each, version)
                elif of_version not in (version, replaced):
                    client.delete_prediction(each)


def _remove_replaced_drafts(client: LabelStudioTasks, project_id: int, version: str) -> None:
    """Delete replaced drafts that no page can hold any more, since its login has run out."""
    replaced = replaced_version(version)
    filters = [
        _UNTOUCHED,
        task_filter("tasks:predictions_model_versions", "contains", [replaced], "List"),
        task_filter("tasks:updated_at", "less", datetime.now(UTC) - LOGIN, "Datetime"),
    ]
    for task in _tasks(client, project_id, filters, ("id", "predictions", "model_version")):
        for prediction in task["predictions"]:
            if prediction["model_version"] == replaced:
                client.delete_prediction(int(prediction["id"]))


def _remove_drafts_of_changed_tasks(
    client: LabelStudioTasks,
    ledger: Ledger,
    projects: Projects,
    project_id: int,
    settings: ProjectSettings,
) -> None:
    """Delete drafts of tasks whose data has changed since, so that these are drafted anew."""
    version = model_version(settings)
    facts = projects.facts(f"changes:{project_id}")
    began = datetime.now(UTC) - OVERLAP
    filters = [
        _UNTOUCHED,
        task_filter("tasks:predictions_model_versions", "contains", [version], "List"),
    ]
    if facts.get("version") == version:
        since = datetime.fromisoformat(facts["since"])
        filters.append(task_filter("tasks:updated_at", "greater", since, "Datetime"))
    changed = 0
    for task in _tasks(client, project_id, filters, ("id", "data", "predictions")):
        task_id = int(task["id"])
        key = DraftJob(project_id, task_id, task["data"], settings, version).key
        known = ledger.last_drafted(task_id)
        if known == key:
            continue
        if known is None or not known.startswith(f"{version}:"):
            ledger.found_drafted(task_id, key)
            continue
        changed += 1
        for prediction in task["predictions"]:
            client.delete_prediction(int(prediction["id"]))
    if changed:
        what = "1 task has" if changed == 1 else f"{changed} tasks have"
        log.info("project %s: %s other data now, drafted anew", project_id, what)
    seen = {"version": version, "since": began.isoformat()}
    projects.remember_facts(f"changes:{project_id}", seen)


def _own_backend(
    client: LabelStudioTasks, project_id: int, own_url: str | None
) -> dict[str, Any] | None:
    """The project's first backend, the only one that Label Studio uses, if it is ours."""
    backends = client.backends(project_id)
    if not backends:
        return None
    first = backends[0]
    try:
        ours = OURS in decoded(first.get("extra_params"))
    except SettingsError:
        return None  # somebody else's
    return first if ours and own_url in (None, first["url"].rstrip("/")) else None


def _align(
    client: LabelStudioTasks, project_id: int, backend: Mapping[str, Any], version: str
) -> None:
    """Give the backend's title and the project the version of the drafts.

    Label Studio shows drafts only where title, project and prediction have the same. The title is
    changed last: while it differs, the next sweep tries again.
    """
    if backend["title"] != version:
        client.update_project(project_id, {"model_version": version})
        # with all of these: Label Studio calls /health and /setup with what stands in this change
        # alone; an empty password leaves the one that it has
        names = ("url", "extra_params", "auth_method", "basic_auth_user")
        fields = {name: backend[name] for name in names if name in backend}
        if backend.get("basic_auth_pass_is_set"):
            fields["basic_auth_pass"] = ""
        client.update_backend(backend["id"], {**fields, "project": project_id, "title": version})
        log.info("project %s: now drafting %s", project_id, version)
