"""How the drafting backend stands, by what its own /status says, and why tasks wait for a draft."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from connectors.backend_secrets import PASSWORD, USER, credentials
from sync.intake.services.health import Ask, ServiceStatus, answering, health
from sync.settings import Config

# (project, task)
Place = tuple[int, int]


@dataclass(frozen=True)
class BackendStatus(ServiceStatus):
    """The backend, and how its own /status says that it stands.

    Attributes:
        waiting: jobs that a worker could begin now; None when it does not tell.
        workers_alive: workers that it saw lately; None when it does not tell.
        problems: what somebody should look at, a sentence each.
        scoring: by project id, what new drafts are scored by; of none where it does not tell.
    """

    waiting: int | None = None
    workers_alive: int | None = None
    problems: tuple[str, ...] = ()
    scoring: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WhyUndrafted:
    """What the backend says of tasks without a draft.

    Attributes:
        failed: tasks that are left alone for a while, and why.
        put_off: tasks of which a fault of the outside ended an attempt; they are tried again.
        at_rest: projects of which nothing is drafted at present, and why.
        otherwise: of every other task.
    """

    failed: Mapping[Place, str] = field(default_factory=dict)
    put_off: Mapping[Place, str] = field(default_factory=dict)
    at_rest: Mapping[int, str] = field(default_factory=dict)
    otherwise: str = "waiting to be drafted"

    def of(self, project_id: int, task_id: int) -> str:
        """Why this task has no draft, in words without a task's text."""
        place = (project_id, task_id)
        if place in self.failed:
            return self.failed[place]
        if project_id in self.at_rest:
            return self.at_rest[project_id]
        if place in self.put_off:
            return f"put off and tried again: {self.put_off[place]}"
        return self.otherwise


def backend_status(config: Config, ask: Ask) -> tuple[BackendStatus, WhyUndrafted]:
    """Ask the backend how it stands.

    Raises:
        CredentialsError: its user or password can't be used.
    """
    url = config.backend.url
    found = answering(url, health(url), ask, _authorization(config), f"{USER} and {PASSWORD}")
    if not found.up:
        why = WhyUndrafted(otherwise="the backend is down")
        return BackendStatus(url, up=False, detail=found.detail), why
    said = backend_says(config, ask)
    try:
        if said is not None:
            return _stands(url, said), _why(said)
    except (ValueError, LookupError, TypeError, AttributeError):
        pass  # another's, which says other things there
    return BackendStatus(url, up=True), WhyUndrafted(otherwise="the backend does not say why")


def backend_says(
    config: Config, ask: Ask, path: str = "status?format=json"
) -> Mapping[str, Any] | None:
    """The backend's own /status; None where it can't be asked, or is another's that has none.

    Args:
        path: what is asked instead, as `events?project=7`.

    Raises:
        CredentialsError: its user or password can't be used.
    """
    url = f"{config.backend.url.rstrip('/')}/{path}"
    try:
        answer = ask(url, _authorization(config))
        said = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    return said if answer.is_success and isinstance(said, dict) else None


def _authorization(config: Config) -> str | None:
    known = credentials(config.env)
    if known is None:
        return None
    basic = base64.b64encode(f"{known.user}:{known.password}".encode()).decode()
    return f"Basic {basic}"


def _stands(url: str, said: Mapping[str, Any]) -> BackendStatus:
    return BackendStatus(
        url,
        up=True,
        waiting=int(said["queue"]["waiting"]),
        workers_alive=sum(bool(worker["alive"]) for worker in said["workers"]),
        problems=tuple(str(problem) for problem in said["problems"]),
        scoring={
            int(project["id"]): _scoring(project["acceptance"])
            for project in said.get("projects", ())
            if project.get("acceptance")
        },
    )


def _scoring(acceptance: Mapping[str, Any]) -> str:
    """What drafts of a project are scored by, and how far that held on drafts it had not seen."""
    if acceptance["by"] != "calibrator":
        return f"by the model's own signals: {acceptance['why']}"
    said = f"by what experts did with {int(acceptance['judged']):,} drafts"
    if acceptance["auroc"] is None:
        return said
    return (
        f"{said}; on held-back ones AUROC {acceptance['auroc']:.2f}, calibration error "
        f"{acceptance['calibration_error']:.2f}"
    )


def _why(said: Mapping[str, Any]) -> WhyUndrafted:
    """Of an older backend, which says less, as far as it says it."""
    errors = [error for error in said.get("errors", ()) if error["task_id"] is not None]
    projects = said.get("projects", ())
    alive = any(worker["alive"] for worker in said["workers"])
    return WhyUndrafted(
        failed={_place(task): str(task["reason"]) for task in said.get("undrafted", ())},
        # the newest comes first, and counts
        put_off={_place(error): str(error["said"]) for error in reversed(errors)},
        at_rest={int(p["id"]): str(p["at_rest"]) for p in projects if p.get("at_rest")},
        otherwise=WhyUndrafted.otherwise if alive else "no worker of the backend is alive",
    )


def _place(entry: Mapping[str, Any]) -> Place:
    return int(entry["project_id"]), int(entry["task_id"])
