"""The ledger in both stores: one caller drafts, drafts are taken once, nothing is lost for ever."""

import time

import pytest
from huey.api import Huey

from ml_backend.store import ledger as ledger_module
from ml_backend.store.draft_jobs import FinishedDraft
from ml_backend.store.ledger import FAILED_S, Ledger
from tests.ml_backend.ledgers import at_once, ledger_of
from tests.ml_backend.stores import IN_EITHER_STORE
from tests.ml_backend.workers import PassTime

pytestmark = IN_EITHER_STORE

KEY, OTHER = "v1:7:0123456789abcdef", "v2:7:0123456789abcdef"
DRAFT = FinishedDraft(1, 7, [{"id": "response"}], 0.25, "v1", stale=(3, 4), one_by_one=True)
# --- finished drafts


def test_a_draft_is_taken_once_and_whole(ledger: Ledger) -> None:
    assert ledger.take(KEY) is None
    ledger.put(KEY, DRAFT)
    assert ledger.is_ready(KEY)
    assert ledger.take(KEY) == DRAFT
    assert not ledger.is_ready(KEY)
    assert ledger.take(KEY) is None


def test_of_many_takers_one_gets_it(ledger: Ledger, processes: list[Ledger]) -> None:
    for _ in range(10):
        ledger.put(KEY, DRAFT)
        assert sum(t is not None for t in at_once(processes, lambda p: p.take(KEY))) == 1


def test_what_is_settled_is_ready_or_has_failed(ledger: Ledger) -> None:
    keys = [f"v1:{task_id}:0" for task_id in range(4)]
    ledger.put(keys[0], DRAFT)
    ledger.mark_failed(keys[1], 1, 1, "no reply fits")
    ledger.claim_queued(keys[2])
    assert ledger.settled(keys) == set(keys[:2])
    ledger.take(keys[0])
    assert ledger.settled(keys) == {keys[1]}


def test_when_a_draft_was_finished(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "SETTLE_S", 5.0)
    assert not ledger.finished_since(KEY, 0.0)
    ledger.put(KEY, DRAFT)
    ledger.take(KEY)
    now = time.time()
    assert ledger.finished_since(KEY, now)
    assert ledger.finished_since(KEY, now + 4)
    assert not ledger.finished_since(KEY, now + 6)
    assert not ledger.finished_since(OTHER, now)


def test_of_which_data_a_task_s_last_draft_was(ledger: Ledger) -> None:
    assert ledger.last_drafted(7) is None
    ledger.found_drafted(7, OTHER)
    assert ledger.last_drafted(7) == OTHER
    # it was in Label Studio already, so a listing without it is to be believed
    assert not ledger.finished_since(OTHER, time.time())
    ledger.put(KEY, DRAFT)
    assert ledger.last_drafted(7) == KEY
    assert ledger.last_drafted(8) is None


def test_a_rewrite_is_no_draft_of_the_task(ledger: Ledger) -> None:
    rewrite = FinishedDraft(1, 7, [], 0.5, "v1", for_page_only=True)
    ledger.put(KEY, rewrite)
    assert ledger.take(KEY) == rewrite
    assert ledger.last_drafted(7) is None
    assert not ledger.finished_since(KEY, time.time())


# --- who drafts


def test_of_many_one_queues_and_one_drafts(ledger: Ledger, processes: list[Ledger]) -> None:
    assert sum(n is not None for n in at_once(processes, lambda p: p.claim_queued(KEY))) == 1
    assert sum(at_once(processes, lambda p: p.claim_running(KEY, time.time()))) == 1
    assert sum(n is not None for n in at_once(processes, lambda p: p.claim_queued(KEY))) == 0
    assert sum(at_once(processes, lambda p: p.claim_running(KEY, time.time()))) == 0


def test_a_claim_stands_until_it_is_released(ledger: Ledger) -> None:
    first = ledger.claim_queued(KEY)
    assert first is not None
    assert ledger.is_under_way(KEY)
    assert ledger.claim_running(KEY, time.time(), first)
    assert ledger.claim_queued(KEY) is None
    assert not ledger.claim_running(KEY, time.time())
    ledger.release(KEY)
    assert not ledger.is_under_way(KEY)
    again = ledger.claim_queued(KEY)
    assert again is not None
    assert again > first
    assert ledger.claim_running(KEY, time.time(), again)


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
    assert not ledger.is_under_way(KEY)
    # a later listing without it: the draft was lost, and is made again
    ledger.claim_queued(KEY)
    assert ledger.claim_running(KEY, listed_at + 60)


def test_what_is_handed_back_another_worker_runs(queue: Huey, ledger: Ledger) -> None:
    ledger.claim_queued(KEY)
    assert ledger.claim_running(KEY, time.time())
    assert not ledger_of(queue, "w2").claim_running(KEY, time.time())
    ledger.hand_back(KEY)
    assert ledger.is_under_way(KEY)
    assert ledger_of(queue, "w2").claim_running(KEY, time.time())


def test_claims_of_different_drafts_are_independent(ledger: Ledger) -> None:
    assert ledger.claim_queued(KEY) is not None
    assert ledger.claim_queued(OTHER) is not None
    assert ledger.claim_running(KEY, time.time())
    ledger.release(KEY)
    assert ledger.is_under_way(OTHER)


# --- failures, annotated tasks, and who waits


def test_a_failure_is_told_and_forgotten_in_the_end(ledger: Ledger, pass_time: PassTime) -> None:
    assert not ledger.has_failed(KEY)
    ledger.mark_failed(KEY, 2, 8, "too long")
    pass_time(FAILED_S / 2)
    ledger.mark_failed(OTHER, 1, 7, "no reply fits")
    assert ledger.has_failed(KEY)
    told = [(f.project_id, f.task_id, f.reason) for f in ledger.failures()]
    assert told == [(1, 7, "no reply fits"), (2, 8, "too long")]
    pass_time(FAILED_S / 2)
    assert not ledger.has_failed(KEY)
    assert [failure.task_id for failure in ledger.failures()] == [7]


def test_a_draft_is_wanted_for_as_long_as_somebody_waits(
    ledger: Ledger, pass_time: PassTime
) -> None:
    assert not ledger.is_wanted(KEY)
    ledger.want([KEY, OTHER], 10)
    ledger.want([KEY], 60)  # somebody else, for longer
    pass_time(10)
    assert [ledger.is_wanted(key) for key in (KEY, OTHER)] == [True, False]
    ledger.unwant([KEY])
    assert not ledger.is_wanted(KEY)


def test_which_tasks_are_annotated(ledger: Ledger) -> None:
    listed_at = time.time()
    ledger.annotated(7)
    assert [ledger.is_annotated_since(task_id, listed_at) for task_id in (7, 8)] == [True, False]
    # a later listing shows it without an annotation: it was deleted
    assert not ledger.is_annotated_since(7, time.time())
