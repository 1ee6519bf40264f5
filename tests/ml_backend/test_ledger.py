"""The ledger on a real SQLite queue: one caller wins, marks expire, drafts are taken once."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from huey.api import Huey

from ml_backend import ledger as ledger_module
from ml_backend.jobs import open_queue
from ml_backend.ledger import Ledger
from ml_backend.settings import ProjectSettings
from ml_backend.tasks import FinishedDraft

KEY = "v1:7:0123456789abcdef"
DRAFT = FinishedDraft(1, 7, [{"id": "response"}], 0.25, "v1", stale=(3, 4))


@pytest.fixture
def ledger(queue: Huey) -> Ledger:
    return Ledger(queue)


@pytest.fixture
def processes(queue_path: Path) -> Iterator[list[Ledger]]:
    """Ledgers as separate processes see them: a connection each."""
    queues = [open_queue(queue_path) for _ in range(8)]
    yield [Ledger(huey) for huey in queues]
    for huey in queues:
        huey.storage.close()


def at_once(processes: list[Ledger], call: Callable[[Ledger], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(processes)) as pool:
        return list(pool.map(call, processes))


def test_a_draft_is_taken_once_and_whole(ledger: Ledger) -> None:
    assert ledger.take(KEY) is None
    ledger.put(KEY, DRAFT)
    assert ledger.take(KEY) == DRAFT
    assert ledger.take(KEY) is None


def test_of_many_takers_one_gets_it(ledger: Ledger, processes: list[Ledger]) -> None:
    for _ in range(10):
        ledger.put(KEY, DRAFT)
        assert sum(t is not None for t in at_once(processes, lambda p: p.take(KEY))) == 1


def claim_queued(ledger: Ledger) -> bool:
    return ledger.claim_queued(KEY)


def claim_running(ledger: Ledger) -> bool:
    return ledger.claim_running(KEY, time.time())


def announce_sweep(ledger: Ledger) -> bool:
    return ledger.announce_sweep(1)


@pytest.mark.parametrize("claim", [claim_queued, claim_running, announce_sweep])
def test_of_many_claimers_one_wins(
    ledger: Ledger, processes: list[Ledger], claim: Callable[[Ledger], bool]
) -> None:
    if claim is claim_running:
        ledger.claim_queued(KEY)
    assert sum(at_once(processes, claim)) == 1
    assert sum(at_once(processes, claim)) == 0


def test_a_claim_stands_until_it_is_released(ledger: Ledger) -> None:
    assert ledger.claim_queued(KEY)
    assert ledger.claim_running(KEY, time.time())
    assert not ledger.claim_queued(KEY)
    assert not ledger.claim_running(KEY, time.time())
    ledger.release(KEY)
    assert ledger.claim_queued(KEY)
    assert ledger.claim_running(KEY, time.time())


def test_what_was_released_runs_only_when_it_is_queued_again(ledger: Ledger) -> None:
    """The same task may wait in the queue twice; its second job finds that it is done."""
    ledger.claim_queued(KEY)
    assert ledger.claim_running(KEY, time.time())
    ledger.release(KEY)
    assert not ledger.claim_running(KEY, time.time())
    ledger.claim_queued(KEY)
    assert ledger.claim_running(KEY, time.time())


def test_a_job_that_a_finished_draft_made_needless_does_not_run(ledger: Ledger) -> None:
    """Queued by a sweep whose listing was older than the draft."""
    listed_at = time.time()
    ledger.put(KEY, DRAFT)
    ledger.claim_queued(KEY)
    assert not ledger.claim_running(KEY, listed_at)
    # a later listing without it: the draft was lost, and is made again
    ledger.claim_queued(KEY)
    assert ledger.claim_running(KEY, listed_at + 60)


def test_claims_of_different_drafts_are_independent(ledger: Ledger) -> None:
    assert ledger.claim_queued(KEY)
    assert ledger.claim_queued("v2:7:0123456789abcdef")
    assert ledger.announce_sweep(1)
    assert ledger.announce_sweep(2)


@pytest.mark.parametrize(
    ("duration", "claim"),
    [("QUEUED_S", claim_queued), ("RUNNING_S", claim_running), ("SWEEP_S", announce_sweep)],
)
def test_a_killed_process_blocks_nothing_for_ever(
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    duration: str,
    claim: Callable[[Ledger], bool],
) -> None:
    if claim is claim_running:
        ledger.claim_queued(KEY)
    monkeypatch.setattr(ledger_module, duration, 0.2)
    assert claim(ledger)
    assert not claim(ledger)
    time.sleep(0.25)
    assert claim(ledger)


def test_a_job_runs_however_long_it_waited(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """An expired claim lets a sweep queue the task again, but is no sign that it is done."""
    monkeypatch.setattr(ledger_module, "QUEUED_S", 0.0)
    ledger.claim_queued(KEY)
    assert ledger.claim_running(KEY, time.time())


def test_a_failure_is_forgotten_in_the_end(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "FAILED_S", 0.2)
    assert not ledger.has_failed(KEY)
    ledger.mark_failed(KEY)
    assert ledger.has_failed(KEY)
    time.sleep(0.25)
    assert not ledger.has_failed(KEY)


def test_a_draft_is_wanted_for_as_long_as_somebody_waits(ledger: Ledger) -> None:
    assert not ledger.is_wanted(KEY)
    ledger.want(KEY, 0.1)
    assert ledger.is_wanted(KEY)
    ledger.want(KEY, 60)  # somebody else, for longer
    time.sleep(0.15)
    assert ledger.is_wanted(KEY)
    ledger.want(KEY, 0.0)
    assert not ledger.is_wanted(KEY)


def test_a_sweep_may_be_announced_again_once_it_has_started(ledger: Ledger) -> None:
    assert ledger.announce_sweep(1)
    assert not ledger.announce_sweep(1)
    ledger.sweep_started(1)
    assert ledger.announce_sweep(1)


def test_when_a_draft_was_finished(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "SETTLE_S", 5.0)
    assert not ledger.finished_since(KEY, 0.0)
    ledger.put(KEY, DRAFT)
    ledger.take(KEY)
    now = time.time()
    assert ledger.finished_since(KEY, now)
    assert ledger.finished_since(KEY, now + 4)
    assert not ledger.finished_since(KEY, now + 6)


def test_settings_of_each_project(processes: list[Ledger]) -> None:
    one, other = ProjectSettings(guidelines="a"), ProjectSettings(interface="reasoning_steps")
    processes[0].remember_settings(1, ProjectSettings())
    processes[0].remember_settings(1, one)
    processes[0].remember_settings(11, other)
    assert [processes[1].settings(i) for i in (1, 11, 2, 1)] == [one, other, None, one]
