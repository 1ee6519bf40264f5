"""People who annotate in the stack's Label Studio, each with an account of their own."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx

from tests.running import Up

SKIPPED = {"result": [], "was_cancelled": True}


@dataclass(frozen=True)
class Annotator:
    """Somebody with an account, as the label stream knows them.

    Attributes:
        http: Label Studio's API with their key; raises for a bad status.
    """

    name: str
    http: httpx.Client

    def following(self, project_id: int, tab: dict[str, Any] | None = None) -> int | None:
        """The task that "Label All Tasks" hands out next; None: it says that there is none.

        Args:
            tab: of the table of tasks, as Label Studio lists it: "Label Tasks As Displayed" in it.
        """
        data = {} if tab is None else tab["data"]
        shown = {name: data[name] for name in ("filters", "ordering") if data.get(name)}
        answer = self.http.post(
            "/api/dm/actions/", params={"id": "next_task", "project": project_id}, json=shown
        )
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        answer.raise_for_status()
        found: int = answer.json()["id"]
        return found

    @cached_property
    def id(self) -> int:
        """By which annotations name them."""
        found: int = self.http.get("/api/current-user/whoami").json()["id"]
        return found

    @property
    def email(self) -> str:
        """By which Label Studio knows them."""
        return f"{self.name}@example.org"

    def submit(self, task_id: int, result: list[Any]) -> None:
        """Finish a task."""
        self.http.post(f"/api/tasks/{task_id}/annotations/", json={"result": result})

    def skip(self, task_id: int) -> None:
        """Pass a task over."""
        self.http.post(f"/api/tasks/{task_id}/annotations/", json=SKIPPED)


def sign_up(up: Up, name: str) -> Annotator:
    """An account, made by the link that a lead sends to new people."""
    link = up.http.get("/api/invite").json()["invite_url"]
    with httpx.Client(base_url=up.label_studio_url, timeout=120.0) as form:
        form.get(link)
        filled = {"email": f"{name}@example.org", "password": f"{name}-knows-it-2026"}
        token = {"csrfmiddlewaretoken": form.cookies["csrftoken"]}
        form.post(link, data=filled | token)
        key = form.get("/api/current-user/token").raise_for_status().json()["token"]
    headers = {"Authorization": f"Token {key}"}
    return Annotator(
        name, httpx.Client(base_url=up.label_studio_url, headers=headers, timeout=120.0)
    )
