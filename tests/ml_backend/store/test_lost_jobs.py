"""A job that a kill took away is found again; one that waits or runs is left alone."""

import time

from huey.api import Huey

from ml_backend.store.ledger import Ledger
from ml_backend.store.marks import ALIVE_S
from tests.ml_backend.ledgers import at_once, ledger_of
from tests.ml_backend.stores import IN_EITHER_STORE
from tests.ml_backend.workers import PassTime

KEY, OTHER = "v1:7:0123456789abcdef", "v2:7:0123456789abcdef"

pytestmark = IN_EITHER_STORE


def enqueue(ledger: Ledger, queue: Huey, key: str) -> int | None:
    """What `Jobs.draft` does."""
    number = ledger.claim_queued(key)
    if number is not None:
        queue.storage.enqueue(key.encode())
    return number


def test_a_job_that_was_taken_and_never_begun_is_found(
    ledger: Ledger, queue: Huey, pass_time: PassTime
) -> None:
    """A worker was killed in between; the next job, which came later, has begun."""
    assert enqueue(ledger, queue, KEY) is not None
    second = enqueue(ledger, queue, OTHER)
    for _ in range(2):
        queue.storage.dequeue()
    enqueue(ledger, queue, "v1:8:0")  # there is more to do
    ledger.claim_running(OTHER, time.time(), second)
    assert ledger.is_under_way(KEY)  # it may be about to begin
    assert ledger.claim_queued(KEY) is None
    pass_time(ALIVE_S + 1)
    assert not ledger.is_under_way(KEY)
    assert ledger.claim_queued(KEY) is not None
    assert ledger.claim_queued(KEY) is None


def test_the_last_job_that_was_taken_and_never_begun_is_found(
    ledger: Ledger, queue: Huey, pass_time: PassTime
) -> None:
    """No job begins after it, but the queue is empty."""
    enqueue(ledger, queue, KEY)
    queue.storage.dequeue()
    pass_time(ALIVE_S + 1)
    assert not ledger.is_under_way(KEY)
    assert ledger.claim_queued(KEY) is not None


def test_of_many_one_finds_a_lost_job(
    ledger: Ledger, queue: Huey, processes: list[Ledger], pass_time: PassTime
) -> None:
    for turn in range(5):
        enqueue(ledger, queue, f"v1:{turn}:0")
        queue.storage.dequeue()
    pass_time(ALIVE_S + 1)
    for turn in range(5):
        found = at_once(processes, lambda p, key=f"v1:{turn}:0": enqueue(p, queue, key))
        assert sum(number is not None for number in found) == 1
        queue.storage.dequeue()


def test_a_job_that_still_waits_is_not_queued_twice(
    ledger: Ledger, queue: Huey, pass_time: PassTime
) -> None:
    first = enqueue(ledger, queue, KEY)
    enqueue(ledger, queue, OTHER)
    queue.storage.dequeue()
    ledger.claim_running(KEY, time.time(), first)
    pass_time(ALIVE_S + 1)
    assert ledger.is_under_way(OTHER)
    assert ledger.claim_queued(OTHER) is None


def test_jobs_that_were_put_to_the_front_tell_nothing_of_those_that_wait(
    ledger: Ledger, queue: Huey, pass_time: PassTime
) -> None:
    enqueue(ledger, queue, KEY)
    ledger.claim_queued(OTHER)
    ledger.claim_running(OTHER, time.time(), None)
    pass_time(ALIVE_S + 1)
    assert ledger.is_under_way(KEY)


def test_a_draft_under_way_is_not_lost_however_long_it_takes(
    ledger: Ledger, queue: Huey, pass_time: PassTime
) -> None:
    number = enqueue(ledger, queue, KEY)
    queue.storage.dequeue()
    ledger.claim_running(KEY, time.time(), number)
    pass_time(ALIVE_S + 1)
    ledger_of(queue, "w1")  # its heart beats
    assert ledger_of(queue, "w2").claim_queued(KEY) is None
    assert ledger.is_under_way(KEY)


def test_what_a_killed_worker_drafted_another_one_drafts(
    ledger: Ledger, queue: Huey, pass_time: PassTime
) -> None:
    number = enqueue(ledger, queue, KEY)
    queue.storage.dequeue()
    ledger.claim_running(KEY, time.time(), number)
    other = ledger_of(queue, "w2")
    assert other.claim_queued(KEY) is None
    pass_time(ALIVE_S + 1)
    other = ledger_of(queue, "w2")
    again = other.claim_queued(KEY)
    assert again is not None
    assert other.claim_running(KEY, time.time(), again)
