"""Marks in both stores: one caller wins, they expire, they die with the worker that set them."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from huey.api import Huey

from ml_backend.store import marks as marks_module
from ml_backend.store import queues
from ml_backend.store.marks import Marks
from tests.ml_backend.stores import IN_EITHER_STORE
from tests.ml_backend.workers import PassTime

pytestmark = IN_EITHER_STORE

# long enough for a test that has to see a mark before it expires, on a busy machine
SHORT_S = 10.0


@pytest.fixture
def marks(queue: Huey) -> Marks:
    """Of a process that is no worker."""
    return Marks(queue)


@pytest.fixture
def processes(queue_path: Path | str) -> list[Marks]:
    """Marks as separate processes see them: a connection each."""
    return [Marks(queues.open_queue(queue_path)) for _ in range(8)]


def at_once(processes: list[Marks], call: Callable[[Marks], Any]) -> list[Any]:
    """What each process gets, all of them calling at the same moment."""
    start = threading.Barrier(len(processes))

    def wait_and_call(marks: Marks) -> Any:
        start.wait()
        return call(marks)

    with ThreadPoolExecutor(len(processes)) as pool:
        return list(pool.map(wait_and_call, processes))


def worker(queue: Huey, name: str) -> Marks:
    """A worker that is alive."""
    marks = Marks(queue, name)
    marks.be_alive(time.time(), 4)
    return marks


def test_a_mark_keeps_its_values_until_it_is_deleted(marks: Marks) -> None:
    assert marks.read("one") is None
    marks.put("one", 60, reason="because", number=7)
    found = marks.read("one")
    assert found is not None
    assert (found["reason"], found["number"]) == ("because", 7)
    assert marks.is_set("one")
    assert not marks.is_set("another")
    marks.delete("one")
    assert not marks.is_set("one")


def test_of_many_claimers_one_wins(processes: list[Marks]) -> None:
    for turn in range(10):
        assert sum(at_once(processes, lambda p, name=f"mark {turn}": p.claim(name, 60))) == 1


def test_of_many_claimers_one_gets_what_has_expired(processes: list[Marks]) -> None:
    for turn in range(10):
        processes[0].put(f"mark {turn}", -1)
    for turn in range(10):
        assert sum(at_once(processes, lambda p, name=f"mark {turn}": p.claim(name, 60))) == 1


def test_of_many_takers_one_gets_it(processes: list[Marks]) -> None:
    for _ in range(10):
        processes[0].put("mark", 60)
        assert sum(m is not None for m in at_once(processes, lambda p: p.take("mark"))) == 1


def test_a_mark_expires(marks: Marks, pass_time: PassTime) -> None:
    assert marks.claim("claimed", SHORT_S)
    marks.put("put", SHORT_S)
    marks.put("longer", 60)
    assert marks.set_among(["claimed", "put", "longer", "never"]) == {"claimed", "put", "longer"}
    assert not marks.claim("claimed", 60)
    pass_time(SHORT_S)
    assert marks.set_among(["claimed", "put", "longer", "never"]) == {"longer"}
    assert marks.read("put") is None
    assert marks.claim("claimed", 60)


def test_a_claim_of_a_worker_that_has_said_nothing_for_long_is_free(
    queue: Huey, pass_time: PassTime
) -> None:
    killed, other = worker(queue, "killed"), worker(queue, "other")
    assert killed.claim("task", 3600, own=True)
    assert killed.claim("all the same", 3600)
    assert not other.claim("task", 3600, own=True)
    pass_time(marks_module.ALIVE_S)
    other.be_alive(time.time(), 4)
    assert not other.is_set("task")
    assert other.claim("task", 3600, own=True)
    assert not Marks(queue).claim("task", 3600)
    # only what a worker set as its own dies with it
    assert not other.claim("all the same", 3600)


def test_a_worker_that_stops_frees_its_claims_at_once(queue: Huey) -> None:
    stopped, other = worker(queue, "stopped"), worker(queue, "other")
    stopped.claim("task", 3600, own=True)
    assert other.is_set("task")
    stopped.be_gone()
    assert not other.is_set("task")
    assert other.claim("task", 3600, own=True)


def test_which_workers_are_alive(queue: Huey, monkeypatch: pytest.MonkeyPatch) -> None:
    Marks(queue, "younger").be_alive(200.0, 8)
    Marks(queue, "older").be_alive(100.0, 4)
    Marks(queue, "gone").be_alive(50.0, 4)
    Marks(queue, "gone").be_gone()
    monkeypatch.setattr(marks_module, "ALIVE_S", -1.0)
    Marks(queue, "dead").be_alive(50.0, 4)
    found = Marks(queue).workers()
    assert [(w.id, w.started, w.concurrency) for w in found] == [
        ("older", 100.0, 4),
        ("younger", 200.0, 8),
    ]


def test_marks_of_a_kind(marks: Marks) -> None:
    for name in ("failed:a:1", "failed:b:2", "draft:a:1"):
        marks.put(name, 60, of=name)
    marks.put("failed:c:3", -1)
    found = {rest: mark["of"] for rest, mark in marks.starting_with("failed:")}
    assert found == {"a:1": "failed:a:1", "b:2": "failed:b:2"}


def test_more_names_than_are_read_at_once(marks: Marks) -> None:
    """SQLite limits how many values a statement takes."""
    names = [f"name {number}" for number in range(1201)]
    for name in names[::400]:
        marks.put(name, 60)
    assert marks.set_among(names) == set(names[::400])
    assert marks.set_among([]) == set()


def test_what_expired_long_ago_is_pruned(queue: Huey, marks: Marks) -> None:
    marks.put("long ago", -3600)
    marks.put("just now", -1)
    marks.put("set", 60)
    marks.prune()
    # `take` tells what is stored, expired or not
    assert marks.take("long ago") is None
    assert marks.take("just now") is not None
    assert marks.is_set("set")
