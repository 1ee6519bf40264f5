"""A real Label Studio, our real processes and a model that is slow: killed, swamped, never lost."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from benchmarks.standin import StandIn, running
from tests.e2e.backend_processes import PushedProject, backend_processes
from tests.ml_backend.workers import wait_until
from tests.running import Up

pytestmark = pytest.mark.label_studio

KILLS = 30
TASKS = 300


@pytest.fixture
def model() -> Iterator[StandIn]:
    with running(latency_ms=1000) as stand_in:
        yield stand_in


def questions(count: int) -> list[dict[str, str]]:
    return [{"id": f"q{i}", "prompt": f"Question {i}?"} for i in range(count)]


def retrieve_predictions(up: Up, project_id: int, task_ids: list[int]) -> float:
    """What "Retrieve predictions" does in the page; returns the seconds until it answered."""
    started = time.monotonic()
    up.http.post(
        "/api/dm/actions",
        params={"id": "retrieve_tasks_predictions", "project": project_id},
        json={"selectedItems": {"all": False, "included": task_ids}},
    )
    return time.monotonic() - started


@pytest.mark.thorough
def test_a_hundred_tasks_in_one_predict(tmp_path: Path, up: Up) -> None:
    """Two seconds a reply: answered in time, the rest follows, and nothing is drafted twice."""
    with (
        running(latency_ms=2000) as model,
        backend_processes(
            tmp_path, up, model, LABELTUNE_CONCURRENCY="16", LABELTUNE_PREDICT_DEADLINE="6"
        ) as backend,
    ):
        backend.start("web")
        project = backend.push(questions(100), samples=1)
        ids = [int(task["id"]) for task in project.tasks()]
        backend.start("worker")
        backend.wait_for_worker()
        took = retrieve_predictions(up, project.id, ids)
        assert took < 60  # Label Studio waits for 100 s; drafting all of it in turn takes 200
        project.wait_until_drafted(120)
        assert set(project.predictions().values()) == {1}
        assert set(model.stats()["calls_by_prompt"].values()) == {1}
        assert len(model.stats()["calls_by_prompt"]) == 100


def test_killed_at_random_moments(
    tmp_path: Path, up: Up, model: StandIn, often: Callable[[int], int]
) -> None:
    """kill -9 of web process and worker: no draft lost, doubled, or paid for twice."""
    chance = random.Random(4)
    kills = often(KILLS)
    tasks = TASKS * kills // KILLS
    with backend_processes(tmp_path, up, model, LABELTUNE_CONCURRENCY="6") as backend:
        backend.start("web")
        project = backend.push(questions(tasks), samples=1)
        backend.start("worker")
        ids = sorted(project.predictions())
        wait_until(lambda: "to draft, found" in backend.log("worker"), 60)
        stop = threading.Event()
        asking = threading.Thread(target=_ask_now_and_then, args=(up, project, ids, stop))
        asking.start()
        paid: dict[str, int] = {}
        among_the_drafts = answered = 0
        try:
            for kill in range(kills):
                # the worker is at it, however long its start has taken
                wait_until(lambda seen=answered: min(seen + 1, tasks) <= _answered(model), 60)
                if _answered(model) == tasks:
                    break  # where backends start slowly, there is nothing left to interrupt
                time.sleep(chance.uniform(0.1, 1.0))
                name = "worker" if kill % 3 else "web"
                backend.kill(name)
                if name == "worker":
                    time.sleep(1.2)  # until the stand-in has done with what was under way
                    calls = model.stats()["calls_by_prompt"]
                    stored = project.stored_prompts()
                    assert all(calls[p] == paid[p] for p in paid), "paid for twice"
                    paid |= {prompt: calls[prompt] for prompt in stored}
                    among_the_drafts += bool(paid) and len(paid) < tasks
                    answered = _answered(model)
                backend.start(name)
        finally:
            stop.set()
            asking.join()
        project.wait_until_drafted(180)
        time.sleep(2)  # whatever would come a second time
        assert set(project.predictions().values()) == {1}
        calls = model.stats()["calls_by_prompt"]
        assert len(calls) == tasks
        assert all(calls[prompt] == paid[prompt] for prompt in paid), "paid for twice"
        assert among_the_drafts >= min(2, kills // 4)


def _answered(model: StandIn) -> int:
    """Calls that got their answer."""
    return sum(model.stats()["calls_by_prompt"].values())


def _ask_now_and_then(
    up: Up, project: PushedProject, ids: list[int], stop: threading.Event
) -> None:
    """Somebody presses "Retrieve predictions" while the processes die."""
    chance = random.Random(5)
    while not stop.wait(chance.uniform(1, 4)):
        try:
            retrieve_predictions(up, project.id, chance.sample(ids, 5))
        except httpx.HTTPError:
            continue  # the web process was dead: the page would say so
