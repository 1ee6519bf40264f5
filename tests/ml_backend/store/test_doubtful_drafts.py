"""What the second pass has still to do: kept for all processes, most doubtful first."""

import time

import pytest
from huey.api import Huey

from ml_backend.store import doubtful_drafts
from ml_backend.store.doubtful_drafts import KEPT_S, DoubtfulDraft, DoubtfulDrafts
from tests.ml_backend.stores import IN_EITHER_STORE

pytestmark = IN_EITHER_STORE


def doubtful(task_id: int, score: float, project_id: int = 1) -> DoubtfulDraft:
    key = f"chat_response-m-0123abcd:{task_id}:feedfeedfeedfeed"
    return DoubtfulDraft(key, project_id, task_id, score)


def test_the_most_doubtful_comes_first_in_every_process(queue: Huey) -> None:
    drafts = DoubtfulDrafts(queue)
    for task_id, score in ((1, 0.5), (2, 0.1), (3, 0.3)):
        drafts.add(doubtful(task_id, score))
    drafts.add(doubtful(1, 0.2))  # drafted anew
    other = DoubtfulDrafts(queue)
    assert [draft.task_id for draft in other.waiting()] == [2, 1, 3]
    other.done(doubtful(2, 0.1).key)
    assert [draft.task_id for draft in drafts.waiting()] == [1, 3]
    assert not drafts.holds(doubtful(2, 0.1).key)
    assert drafts.holds(doubtful(3, 0.3).key)


def test_they_are_counted_by_project(queue: Huey) -> None:
    drafts = DoubtfulDrafts(queue)
    drafts.add(doubtful(1, 0.5))
    drafts.add(doubtful(2, 0.5, project_id=2))
    drafts.add(doubtful(3, 0.5, project_id=2))
    assert drafts.counts([1, 2, 3]) == {1: 1, 2: 2, 3: 0}


def test_one_whose_first_sample_is_no_longer_kept_is_forgotten(
    queue: Huey, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = DoubtfulDrafts(queue)
    drafts.add(doubtful(1, 0.5))
    later = time.time() + KEPT_S + 1
    monkeypatch.setattr("ml_backend.store.doubtful_drafts.time.time", lambda: later)
    assert drafts.waiting() == []
    assert not drafts.holds(doubtful(1, 0.5).key)


def test_its_version_is_that_of_the_draft(queue: Huey) -> None:
    assert doubtful(1, 0.5).version == "chat_response-m-0123abcd"


def test_many_are_read_only_now_and_then(queue: Huey, monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process adds and finishes shows at once, what others do a little later."""
    monkeypatch.setattr(doubtful_drafts, "FEW", 2)
    monkeypatch.setattr(doubtful_drafts, "SHARE", 1e-9)  # never again
    drafts, other = DoubtfulDrafts(queue), DoubtfulDrafts(queue)
    for task_id in (1, 2, 3):
        drafts.add(doubtful(task_id, task_id / 10))
    assert [draft.task_id for draft in drafts.waiting()] == [1, 2, 3]
    drafts.done(doubtful(1, 0.1).key)
    drafts.add(doubtful(4, 0.25))
    other.add(doubtful(5, 0.1))
    assert [draft.task_id for draft in drafts.waiting()] == [2, 4, 3]
    assert drafts.counts([1]) == {1: 3}
    assert other.counts([1]) == {1: 4}
    assert DoubtfulDrafts(queue).counts([1]) == {1: 4}


def test_few_are_read_at_each_look(queue: Huey) -> None:
    drafts, other = DoubtfulDrafts(queue), DoubtfulDrafts(queue)
    drafts.add(doubtful(1, 0.5))
    assert drafts.counts([1]) == {1: 1}
    other.add(doubtful(2, 0.5))
    other.done(doubtful(1, 0.5).key)
    assert [draft.task_id for draft in drafts.waiting()] == [2]
