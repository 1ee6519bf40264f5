"""Which tasks of a project need a draft: asked of Label Studio, which is the truth about it."""

import json
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from connectors.label_studio import TaskPage, task_filter
from ml_backend.ledger import Ledger
from ml_backend.settings import ProjectSettings
from ml_backend.tasks import DraftJob

log = logging.getLogger(__name__)


class LabelStudioTasks(Protocol):
    """What sweeping needs of Label Studio."""

    def backends(self, project_id: int) -> list[dict[str, Any]]: ...
    def update_backend(self, backend_id: int, fields: dict[str, Any]) -> dict[str, Any]: ...
    def update_project(self, project_id: int, fields: dict[str, Any]) -> dict[str, Any]: ...
    def delete_prediction(self, prediction_id: int) -> None: ...
    def task_pages(
        self,
        project_id: int,
        filters: Sequence[Mapping[str, Any]] = (),
        ordering: Sequence[str] = (),
        include: Sequence[str] = (),
    ) -> Iterator[TaskPage]: ...


def undrafted(
    client: LabelStudioTasks, ledger: Ledger, project_id: int, own_url: str | None
) -> list[DraftJob]:
    """A job for every task that has no annotation and no draft of the current version.

    Brings the project to its current version first, where that has changed.

    Args:
        own_url: the project's backend must have this URL; None: any of ours.

    Raises:
        ConnectorError: Label Studio can't be asked.
        SettingsError: the backend's `extra_params` can't be used.
    """
    backend = _own_backend(client, project_id, own_url)
    if backend is None:
        return []
    settings = ProjectSettings.from_extra_params(backend["extra_params"])
    version = settings.model_version()
    ledger.remember_version(project_id, version)
    _align(client, project_id, backend, version)
    _remove_old_drafts(client, project_id, version)
    listed_at = time.time()
    filters = (
        task_filter("tasks:total_annotations", "equal", 0, "Number"),
        task_filter("tasks:predictions_model_versions", "not_contains", [version], "List"),
    )
    jobs = [
        DraftJob(
            project_id=project_id,
            task_id=int(task["id"]),
            data=task["data"],
            settings=settings,
            model_version=version,
            stale=tuple(int(p["id"]) for p in task.get("predictions", ())),
            seen_at=listed_at,
        )
        for page in client.task_pages(
            project_id, filters=filters, include=("id", "data", "predictions")
        )
        for task in page.tasks
    ]
    return [
        job
        for job in jobs
        if not ledger.has_failed(job.key) and not ledger.finished_since(job.key, listed_at)
    ]


def _remove_old_drafts(client: LabelStudioTasks, project_id: int, version: str) -> None:
    """Delete drafts of other versions where the current one is in place.

    The worker does so itself as it delivers; this is for drafts that /predict handed out, and for
    deletions that failed.
    """
    filters = (
        task_filter("tasks:total_predictions", "greater", 1, "Number"),
        task_filter("tasks:predictions_model_versions", "contains", [version], "List"),
    )
    old = [
        prediction["id"]
        for page in client.task_pages(
            project_id,
            filters=filters,
            include=("id", "predictions", "model_version"),  # names fields of predictions, too
        )
        for task in page.tasks
        for prediction in task["predictions"]
        if prediction["model_version"] != version
    ]
    for prediction_id in old:
        client.delete_prediction(prediction_id)


def _own_backend(
    client: LabelStudioTasks, project_id: int, own_url: str | None
) -> dict[str, Any] | None:
    """The project's first backend, the only one that Label Studio uses, if it is ours."""
    backends = client.backends(project_id)
    if not backends:
        return None
    first = backends[0]
    params = first.get("extra_params")
    if isinstance(params, str):
        try:
            params = json.loads(params)
        except ValueError:
            return None  # somebody else's
    ours = isinstance(params, dict) and "labeltune" in params
    return first if ours and own_url in (None, first["url"].rstrip("/")) else None


def _align(
    client: LabelStudioTasks, project_id: int, backend: Mapping[str, Any], version: str
) -> None:
    """Title, project version and prediction version must be one string for drafts to show.

    The title is changed last: while it differs, the next sweep tries again.
    """
    if backend["title"] != version:
        client.update_project(project_id, {"model_version": version})
        # with its extra_params: Label Studio calls /setup with what stands in this change alone
        fields = {name: backend[name] for name in ("url", "extra_params")}
        client.update_backend(backend["id"], {**fields, "project": project_id, "title": version})
        log.info("project %s: now drafting %s", project_id, version)
