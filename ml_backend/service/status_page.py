"""/status: how the backend stands, as JSON and as a page that a person can read."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import render_template

from drafting.acceptance.acceptance import PRIOR
from ml_backend.service.state import BackendState, Budget, ProjectState
from ml_backend.store.acceptances import LearntAcceptance


def status_json(state: BackendState, version: str, started_at: float) -> dict[str, Any]:
    """The state as plain values; times are ISO 8601 in UTC."""
    return {
        "status": "UP",
        "version": version,
        "uptime_s": round(max(0.0, state.at - started_at), 1),
        "problems": problems(state),
        "queue": {"waiting": state.waiting, "scheduled": state.scheduled},
        "workers": [
            {
                "id": worker.id,
                "concurrency": worker.concurrency,
                "alive": worker.is_alive(state.at),
                "seen_at": _iso(worker.seen_at),
            }
            for worker in state.workers
        ],
        "projects": [_project(project) for project in state.projects],
        "model_servers": [
            {"url": server.url, "lacks": list(server.lacks)} for server in state.model_servers
        ],
        "undrafted": [{**asdict(task), "at": _iso(task.at)} for task in state.failures],
        "errors": [{**asdict(error), "at": _iso(error.at)} for error in state.errors],
    }


def status_html(state: BackendState, version: str, started_at: float) -> str:
    """The same as a page without scripts, which fetches itself anew every ten seconds."""
    return render_template(
        "status.html",
        status=status_json(state, version, started_at),
        drafted_lately=sum(project.drafted_lately for project in state.projects),
        cost_today=sum(project.cost_today for project in state.projects),
        workers_alive=state.workers_alive,
        uptime=_duration(max(0.0, state.at - started_at)),
        at=_iso(state.at),
    )


def problems(state: BackendState) -> list[str]:
    """What somebody should look at, a sentence each; most pressing first."""
    found = []
    if not state.workers_alive:
        found.append("No worker is alive; start `python -m ml_backend.worker` on the same queue.")
    found += [
        f"Project {project.id} is not drafted at present, what is ready is still served: "
        f"{project.at_rest}"
        for project in state.projects
        if project.at_rest
    ]
    return found


def _project(project: ProjectState) -> dict[str, Any]:
    return {
        "id": project.id,
        "model_version": project.model_version,
        "drafted_lately": project.drafted_lately,
        "refining": project.refining,
        "counts": dict(project.counts),
        "today": dict(project.today),
        "cost": project.cost,
        "cost_today": project.cost_today,
        "at_rest": project.at_rest,
        "budget": None if project.budget is None else _budget(project.budget),
        "acceptance": _acceptance(project.learnt),
    }


def _acceptance(learnt: LearntAcceptance | None) -> dict[str, Any]:
    """What new drafts are scored by, and how far that can be relied on."""
    known = PRIOR if learnt is None else learnt.acceptance
    told = known.reliability
    return {
        "by": "prior" if known.calibrator is None else "calibrator",
        "why": known.why,
        "judged": known.judged,
        "accepted": known.accepted,
        "learnt_at": None if learnt is None else _iso(learnt.at),
        "auroc": None if told is None else told.auroc,
        "auroc_low": None if told is None else told.auroc_low,
        "auroc_high": None if told is None else told.auroc_high,
        "calibration_error": None if told is None else told.calibration_error,
        "calibration_error_by_chance": None if told is None else told.calibration_error_by_chance,
        "brier": None if told is None else told.brier,
    }


def _budget(budget: Budget) -> dict[str, Any]:
    return {
        "per_day": budget.per_day,
        "in_all": budget.in_all,
        "state": "reached" if budget.reached else "within",
    }


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _duration(seconds: float) -> str:
    """The two largest units, as `3 d 4 h`."""
    rest, parts = int(seconds), list[str]()
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        amount, rest = divmod(rest, length)
        if amount or (parts and len(parts) < 2):
            parts.append(f"{amount} {unit}")
    return " ".join(parts[:2]) or "0 s"
