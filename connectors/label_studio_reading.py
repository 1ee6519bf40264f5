"""Reading tasks out of Label Studio, by the cheapest ways that it has."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import TextIOWrapper
from typing import Any

import httpx

from connectors.json_array import array_items
from connectors.label_studio_http import Transport
from connectors.task_pages import Json, TaskPage

# all predictions come in one answer, of which nothing is sent before the last is read
PREDICTIONS_TIMEOUT_S = 600.0


class TaskReading:
    """The calls that read tasks; none of them calls the ML backend, as opening a task would.

    `resolve_uri` is off everywhere: with it Label Studio looks at every value of every task, which
    takes longer than the rest, and shows addresses of its own in place of what is stored.
    """

    def __init__(self, http: Transport) -> None:
        self._http = http

    def task_pages(
        self,
        project_id: int,
        filters: Sequence[Any] = (),
        ordering: Sequence[str] = ("tasks:id",),
        include: Sequence[str] = (),
        page_size: int = 500,
    ) -> Iterator[TaskPage]:
        """A project's tasks with their annotations and predictions, page by page.

        Args:
            filters: Data Manager filters that must all hold (see `task_filter`).
            include: only these fields, with those of annotations as `annotations.result`, which
                is the quickest; empty for all.
        """
        query = {
            "filters": {"conjunction": "and", "items": list(filters)},
            "ordering": list(ordering),
        }
        params = _listing(project_id, query, include, page_size)
        seen, page = 0, 1
        while True:
            found = self._task_page(params | {"page": page})
            seen += len(found.tasks)
            yield found
            if not found.tasks or seen >= found.total:
                return
            page += 1

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[Json]:
        """The fields `include` of some tasks, by id; those that are gone are left out.

        Args:
            task_ids: at most a few hundred, since they travel in the address.
        """
        if not task_ids:  # an empty selection would be all tasks
            return []
        selected = {"all": False, "included": list(task_ids)}
        query = {"selectedItems": selected, "ordering": ["tasks:id"]}
        return self._task_page(_listing(project_id, query, include, len(task_ids))).tasks

    def predictions(self, project_id: int) -> Iterator[Json]:
        """Every prediction of a project, in no order; memory stays flat.

        In a listing of tasks each costs Label Studio ten times as long as here.

        Raises:
            LabelStudioError: not reached, refused, or no list.
        """
        path = "api/predictions/"
        with tempfile.TemporaryFile() as file:
            params = {"task__project": project_id}
            self._http.download(path, file, params, PREDICTIONS_TIMEOUT_S)
            file.seek(0)
            with TextIOWrapper(file, encoding="utf-8") as text:
                try:
                    yield from array_items(text)
                except ValueError as error:
                    raise self._http.no_json(path) from error

    def model_versions(self, project_id: int) -> list[Json]:
        """A project's predictions by model version, as `model_version`, `count` and `latest`.

        `count` is 0 for those that have none; `latest` is when the newest was created.
        """
        path = f"api/projects/{project_id}/model-versions/"
        found: list[Json] = self._http.object("GET", path, params={"extended": "true"})["static"]
        return found

    def _task_page(self, params: Json) -> TaskPage:
        path = "api/tasks/"
        response = self._http.response("GET", path, params=params)
        answer = self._http.json(path, response)
        try:
            return TaskPage(
                answer["tasks"],
                int(answer["total"]),
                int(answer["total_annotations"]),
                int(answer.get("total_predictions") or 0),
                _asked_at(response),
            )
        except (TypeError, KeyError, ValueError) as error:
            raise self._http.no_json(path) from error


def _listing(project_id: int, query: Json, include: Sequence[str], page_size: int) -> Json:
    params: Json = {
        "project": project_id,
        "fields": "all",
        "resolve_uri": "false",
        "page_size": page_size,
        "query": json.dumps(query, separators=(",", ":")),
    }
    if include:
        params["include"] = ",".join(include)
    if any(name.startswith("annotations.") for name in include):
        # one serializer for all tasks rather than one a task, and no columns for the page's table
        params |= {"expand": "annotations", "review": "true"}
    return params


def _asked_at(response: httpx.Response) -> datetime | None:
    """When a request began, by the server's clock, which it shows when it answers."""
    try:
        answered_at = parsedate_to_datetime(response.headers["date"])
        # one without a zone is in UTC as well
        return answered_at.replace(tzinfo=answered_at.tzinfo or UTC) - response.elapsed
    except (KeyError, ValueError):
        return None
