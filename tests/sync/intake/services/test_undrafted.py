"""`labeltune status` names the tasks without a draft, and why they have none."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from ml_backend.service.state import BackendState, ProjectState
from ml_backend.service.status_page import status_json
from ml_backend.store.figures import NAMES, LastError
from ml_backend.store.ledger import Failure
from ml_backend.store.marks import WorkerSeen
from sync.commands.status import _lines
from sync.intake.services import undrafted
from sync.intake.services.health import Ask
from sync.intake.services.project_status import status
from sync.intake.services.undrafted import Reason, Undrafted
from sync.settings import Config
from sync.table.pull import pull
from tests.sync.builders import config_in, result
from tests.sync.fakes import PROJECT_ID, FakeLabelStudio, Json

FITS_NOT = "none of 4 replies fits chat_response, a second try included"
BUDGET = "the budget of 5.0 is reached"
DOWN = "http://127.0.0.1:9091/v1: can't be reached"
ALIVE: Json = {"queue": {"waiting": 0}, "workers": [{"alive": True}], "problems": []}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_in(tmp_path)


def saying(told: Any) -> Ask:
    """A backend whose /status says this."""

    def ask(url: str, authorization: str | None) -> httpx.Response:
        return httpx.Response(200, json=told if "/status" in url else {})

    return ask


def found(config: Config, client: FakeLabelStudio, ask: Ask) -> Undrafted:
    project = status(config, client, ask).project
    assert project is not None
    return project.undrafted


def page(task_id: int) -> str:
    return f"http://127.0.0.1:8080/projects/{PROJECT_ID}/data?task={task_id}"


def failed(task_id: int, reason: str, project_id: int = PROJECT_ID) -> Json:
    return {"project_id": project_id, "task_id": task_id, "reason": reason, "at": "…"}


def erred(task_id: int | None, said: str) -> Json:
    return {"project_id": PROJECT_ID, "task_id": task_id, "said": said, "at": "…"}


def test_every_task_without_a_draft_has_its_reason(config: Config) -> None:
    client = FakeLabelStudio()
    tasks = [client.add() for _ in range(9)]
    client.predict(tasks[0])
    client.annotate(tasks[1])
    client.annotate(tasks[2], was_cancelled=True)  # skipped, so a draft is still wanted
    told = ALIVE | {
        "undrafted": [failed(tasks[3], FITS_NOT), failed(tasks[4], FITS_NOT), failed(1, "x", 99)],
        "errors": [erred(tasks[5], DOWN), erred(tasks[3], FITS_NOT), erred(None, "y")],
        "projects": [{"id": PROJECT_ID, "at_rest": None}, {"id": 99, "at_rest": BUDGET}],
    }
    assert found(config, client, saying(told)) == Undrafted(
        7,
        (
            Reason(
                "waiting to be drafted",
                4,
                (page(tasks[2]), page(tasks[6]), page(tasks[7])),
            ),
            Reason(FITS_NOT, 2, (page(tasks[3]), page(tasks[4]))),
            Reason(f"put off and tried again: {DOWN}", 1, (page(tasks[5]),)),
        ),
    )


def refusing(url: str, authorization: str | None) -> httpx.Response:
    if ":9090" in url:
        raise httpx.ConnectError("Connection refused")
    return httpx.Response(200)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (saying(ALIVE), "waiting to be drafted"),
        (saying(ALIVE | {"projects": [{"id": PROJECT_ID, "at_rest": BUDGET}]}), BUDGET),
        (saying(ALIVE | {"workers": []}), "no worker of the backend is alive"),
        (saying(ALIVE | {"workers": [{"alive": False}]}), "no worker of the backend is alive"),
        (saying({}), "the backend does not say why"),
        (saying(["something else"]), "the backend does not say why"),
        (saying(ALIVE | {"undrafted": [{"task": 1}]}), "the backend does not say why"),
        (refusing, "the backend is down"),
    ],
)
def test_a_reason_that_is_not_the_task_s_own(config: Config, ask: Ask, reason: str) -> None:
    client = FakeLabelStudio()
    task = client.add()
    assert found(config, client, ask) == Undrafted(1, (Reason(reason, 1, (page(task),)),))


def test_a_failure_of_its_own_comes_before_the_project_s(config: Config) -> None:
    client = FakeLabelStudio()
    one, other = client.add(), client.add()
    told = ALIVE | {
        "projects": [{"id": PROJECT_ID, "at_rest": BUDGET}],
        "undrafted": [failed(one, FITS_NOT)],
        "errors": [erred(other, DOWN)],
    }
    reasons = {r.reason: r.first for r in found(config, client, saying(told)).reasons}
    assert reasons == {FITS_NOT: (page(one),), BUDGET: (page(other),)}


def test_what_our_own_backend_says_is_understood(config: Config) -> None:
    client = FakeLabelStudio()
    left, put_off, *_ = (client.add() for _ in range(4))
    now = time.time()
    state = BackendState(
        waiting=1,
        scheduled=0,
        workers=(WorkerSeen("w1", now, now, 8),),
        projects=(ProjectState(99, "v1", dict.fromkeys(NAMES, 0), dict.fromkeys(NAMES, 0), 0),),
        errors=(LastError(PROJECT_ID, put_off, DOWN), LastError(0, None, "x")),
        failures=(Failure(PROJECT_ID, left, FITS_NOT, now),),
        at=now,
    )
    reasons = {
        reason.reason: reason.tasks
        for reason in found(config, client, saying(status_json(state, "1", now))).reasons
    }
    assert reasons == {
        "waiting to be drafted": 2,
        FITS_NOT: 1,
        f"put off and tried again: {DOWN}": 1,
    }
    stopped = replace(state.projects[0], id=PROJECT_ID, at_rest=BUDGET)
    at_rest = replace(state, projects=(stopped,))
    reasons = {
        reason.reason: reason.tasks
        for reason in found(config, client, saying(status_json(at_rest, "1", now))).reasons
    }
    assert reasons == {BUDGET: 3, FITS_NOT: 1}


def test_very_many_are_counted_and_not_all_looked_at(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undrafted, "MOST", 2)
    monkeypatch.setattr(undrafted, "_PAGE", 2)
    client = FakeLabelStudio()
    for _ in range(5):
        client.add()
    many = found(config, client, saying(ALIVE))
    assert [(r.reason, r.tasks) for r in many.reasons] == [
        ("not looked at, since 2 others come first", 3),
        ("waiting to be drafted", 2),
    ]
    assert many.tasks == 5


def test_people_read_the_reasons_with_addresses(config: Config) -> None:
    client = FakeLabelStudio()
    tasks = [client.add() for _ in range(5)]
    told = saying(ALIVE | {"undrafted": [failed(tasks[0], FITS_NOT)]})
    lines = _lines(status(config, client, told), "Support answers").splitlines()
    at = lines.index("Undrafted     5 tasks without a draft")
    assert [line.strip() for line in lines[at + 1 : at + 7]] == [
        "4: waiting to be drafted",
        *map(page, tasks[1:4]),
        f"1: {FITS_NOT}",
        page(tasks[0]),
    ]
    for task in tasks:
        client.predict(task)
    assert "Undrafted     none" in _lines(status(config, client, told), "Support answers")


def test_the_work_is_told_in_the_words_of_check(config: Config) -> None:
    client = FakeLabelStudio()
    answers: list[Callable[[int], object]] = [
        lambda task: client.annotate(task, result(verdict="accept")),
        lambda task: client.annotate(task, result(verdict="reject")),
        lambda task: client.annotate(task, result("", verdict="edit")),
        lambda task: client.annotate(task, was_cancelled=True),
        lambda task: None,
    ]
    for answer in answers:
        answer(client.add())
    pull(config, client)
    shown = _lines(status(config, client, saying(ALIVE)), "Support answers")
    said = "Tasks: 1 accepted, 1 rejected, 1 incomplete, 1 skipped, 1 unlabeled."
    assert f"Work          {said}\n" in shown
    again = status(config, client, saying(ALIVE)).table
    assert again.work is not None
    assert again.work.sentence() == said, "kept until there is something new"
    client.annotate(client.add(), result(verdict="rewrite"))
    pull(config, client)
    newer = status(config, client, saying(ALIVE)).table
    assert newer.work is not None
    assert newer.work.accepted == 2
