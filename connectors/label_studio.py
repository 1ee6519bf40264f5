"""Label Studio: the calls that LabelTune makes, as plain dictionaries."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.errors import LabelStudioError
from connectors.label_studio_files import UploadedFiles
from connectors.label_studio_http import Transport
from connectors.label_studio_people import PeoplesWork
from connectors.label_studio_reading import TaskReading
from connectors.task_pages import Json, task_filter


class LabelStudio(TaskReading, UploadedFiles, PeoplesWork):
    """A client of one Label Studio server."""

    def __init__(
        self, url: str, api_key: str | None, timeout_s: float = 60.0, patience_s: float = 10.0
    ) -> None:
        """Prepare a client; nothing is sent yet.

        Args:
            api_key: a legacy token or a personal access token; they are told apart by form.
            timeout_s: silence in the middle of a call that is taken for a failure.
            patience_s: how long a server that has answered before may be away.

        Raises:
            LabelStudioError: no key, or a personal access token that has expired.
        """
        super().__init__(Transport(url, api_key, timeout_s, patience_s))
        self.url = self._http.url

    def close(self) -> None:
        """Close the connections; the client can't be used afterwards."""
        self._http.close()

    def __enter__(self) -> "LabelStudio":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def project_url(self, project_id: int) -> str:
        """The page of a project's tasks."""
        return f"{self.url}/projects/{project_id}/data"

    def whoami(self) -> Json:
        """The user behind the key; the cheapest call that proves URL and key."""
        return self._http.object("GET", "api/current-user/whoami")

    # projects

    def projects(self, **filters: str) -> list[Json]:
        """Every project that the key may see.

        Args:
            filters: what Label Studio itself narrows them by, as `title`, which is a part of it.
        """
        found: list[Json] = []
        for number in itertools.count(1):
            params = {"page": number, "page_size": 500, **filters}
            page = self._http.object("GET", "api/projects/", params=params)
            found += page["results"]
            if not page.get("next"):
                break
        return found

    def find_project(self, title: str, include: Sequence[str] = ()) -> Json | None:
        """The oldest project with exactly this title, or None.

        Args:
            include: only these fields, `id` and `title` among them, since each counter of tasks
                costs a query; empty for all.
        """
        wanted = {"include": ",".join(include)} if include else {}
        same = [p for p in self.projects(title=title, **wanted) if p["title"] == title]
        return min(same, key=lambda p: int(p["id"])) if same else None

    def create_project(self, fields: Mapping[str, Any]) -> Json:
        """A new project."""
        return self._http.object("POST", "api/projects/", body=fields, retry=False)

    def update_project(self, project_id: int, fields: Mapping[str, Any]) -> Json:
        """Change a project's settings."""
        return self._http.object("PATCH", f"api/projects/{project_id}/", body=fields)

    def delete_project(self, project_id: int) -> None:
        """Delete a project with all its tasks."""
        self._http.call("DELETE", f"api/projects/{project_id}/")

    # backends and webhooks

    def backends(self, project_id: int) -> list[Json]:
        """A project's ML backends; Label Studio calls each one's /health and /setup."""
        return self._http.list("GET", "api/ml/", params={"project": project_id})

    def add_backend(self, fields: Mapping[str, Any]) -> Json:
        """Register a backend; Label Studio checks that it answers."""
        return self._http.object("POST", "api/ml/", body=fields, retry=False)

    def update_backend(self, backend_id: int, fields: Mapping[str, Any]) -> Json:
        """Change a backend.

        Args:
            fields: must hold `url`, `project` and `extra_params`, changed or not: Label Studio
                checks the backend's /setup with nothing but these.
        """
        return self._http.object("PATCH", f"api/ml/{backend_id}", body=fields)

    def webhooks(self, project_id: int) -> list[Json]:
        """A project's webhooks."""
        return self._http.list("GET", "api/webhooks/", params={"project": project_id})

    def add_webhook(self, fields: Mapping[str, Any]) -> Json:
        """Register a webhook."""
        return self._http.object("POST", "api/webhooks/", body=fields, retry=False)

    def update_webhook(self, webhook_id: int, fields: Mapping[str, Any]) -> Json:
        """Change a webhook."""
        return self._http.object("PATCH", f"api/webhooks/{webhook_id}/", body=fields)

    def views(self, project_id: int) -> list[Json]:
        """The tabs of a project's table of tasks (the Data Manager), from left to right."""
        return self._http.list("GET", "api/dm/views/", params={"project": project_id})

    def add_view(self, fields: Mapping[str, Any]) -> Json:
        """Add a tab to a project's table of tasks."""
        return self._http.object("POST", "api/dm/views/", body=fields, retry=False)

    def update_view(self, view_id: int, fields: Mapping[str, Any]) -> None:
        """Change a tab; what its data held before is gone."""
        self._http.object("PATCH", f"api/dm/views/{view_id}/", body=fields)

    def delete_view(self, view_id: int) -> None:
        """Delete a tab; one that is gone already is no error."""
        self._delete(f"api/dm/views/{view_id}/")

    # tasks

    def import_tasks(self, project_id: int, tasks: Sequence[Mapping[str, Any]] | bytes) -> int:
        """Create tasks; never retried, since a repeat would double them.

        Args:
            tasks: or the JSON of them, which is sent as it is.

        Returns:
            How many were created.
        """
        body = tasks if isinstance(tasks, bytes) else list(tasks)
        answer = self._http.object(
            "POST", f"api/projects/{project_id}/import", body=body, retry=False
        )
        return int(answer["task_count"])

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None:
        """Replace a task's data."""
        self._http.call("PATCH", f"api/tasks/{task_id}/", body={"data": dict(data)})

    def update_meta(self, task_id: int, meta: Mapping[str, Any]) -> None:
        """Replace what a task holds beside its data; data and annotations stay as they are."""
        self._http.call("PATCH", f"api/tasks/{task_id}/", body={"meta": dict(meta)})

    def delete_untouched_tasks(
        self, project_id: int, task_ids: Sequence[int], *, skipped: bool = False
    ) -> int:
        """Delete those of some tasks that nobody has annotated, skipped or begun.

        Label Studio itself decides which these are, at the moment of deleting.

        Args:
            skipped: delete those, too, that somebody has skipped, and nobody annotated or begun.

        Returns:
            How many were deleted.
        """
        if not task_ids:  # an empty selection would be all tasks
            return 0
        untouched = [
            task_filter(f"tasks:{kind}_annotations", "equal", 0, "Number")
            for kind in (("total",) if skipped else ("total", "cancelled"))
        ]
        untouched.append(task_filter("tasks:draft_exists", "equal", False, "Boolean"))
        answer = self._http.object(
            "POST",
            "api/dm/actions",
            params={"project": project_id, "id": "delete_tasks"},
            body={
                "filters": {"conjunction": "and", "items": untouched},
                "selectedItems": {"all": False, "included": list(task_ids)},
            },
        )
        return int(answer["processed_items"])

    # predictions

    def create_prediction(self, fields: Mapping[str, Any]) -> Json:
        """Store one prediction; never retried, since a repeat would double it."""
        return self._http.object("POST", "api/predictions/", body=fields, retry=False)

    def import_predictions(self, project_id: int, predictions: Sequence[Mapping[str, Any]]) -> int:
        """Store many predictions; never retried, since a repeat would double them.

        Args:
            predictions: each with `task`, `result`, `score` and `model_version`.

        Returns:
            How many were created: Label Studio leaves out without a word what does not fit its
            label config, and every result of a Repeater.
        """
        answer = self._http.object(
            "POST",
            f"api/projects/{project_id}/import/predictions",
            body=list(predictions),
            retry=False,
        )
        return int(answer["created"])

    def update_prediction(self, prediction_id: int, fields: Mapping[str, Any]) -> None:
        """Change some fields of one prediction; its task's `updated_at` moves."""
        self._http.call("PATCH", f"api/predictions/{prediction_id}/", body=dict(fields))

    def delete_prediction(self, prediction_id: int) -> None:
        """Delete one prediction; one that is gone already is no error."""
        self._delete(f"api/predictions/{prediction_id}/")

    def _delete(self, path: str) -> None:
        try:
            self._http.call("DELETE", path)
        except LabelStudioError as error:
            if error.status != 404:
                raise
