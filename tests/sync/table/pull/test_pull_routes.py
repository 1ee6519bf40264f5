"""Which way a pull takes: by id, by counting, through all tasks; and what it need not list."""

import pytest

from sync.common.errors import SyncError
from sync.table.pull import bisection, changes, fetch
from sync.table.pull.task_listing import Listing
from tests.sync.desk import Desk, tally
from tests.sync.fakes import PROJECT_ID


def test_one_deletion_among_many_is_found_with_few_requests(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bisection, "LEAF", 10)
    tasks = [desk.client.add() for _ in range(1000)]
    desk.pull()
    desk.client.delete(tasks[700])
    report = desk.pull()
    assert tally(report) == (0, 0, 1, 999)
    assert report.requests < 20
    assert desk.rows() == desk.truth()


def test_many_deletions_are_found_by_walking_through_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bisection, "LEAF", 2)
    tasks = [desk.client.add() for _ in range(200)]
    desk.client.predict(tasks[1])
    desk.pull()
    for task in tasks[::3]:
        desk.client.delete(task)
    assert tally(desk.pull()) == (0, 0, 67, 133)
    assert desk.rows() == desk.truth()


def test_when_most_tasks_changed_all_are_walked_through(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "PAGE_SIZE", 20)
    tasks = [desk.client.add() for _ in range(60)]
    desk.pull()
    for task in tasks[:40]:
        desk.client.annotate(task)
    desk.client.delete(tasks[50])
    report = desk.pull()
    assert tally(report) == (0, 40, 1, 19)
    assert not any(isinstance(i, int) for asked in desk.client.history for i in asked)
    assert desk.rows() == desk.truth()


def test_predictions_too_many_for_one_answer_come_with_their_tasks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "LONGEST_ANSWER", 3)
    monkeypatch.setattr(changes, "LONGEST_ANSWER", 3)
    tasks = [desk.client.add() for _ in range(5)]
    for task in tasks:
        desk.client.predict(task)
    desk.pull()
    assert "predictions" not in desk.client.history
    desk.client.draft_again(tasks[2])
    assert tally(desk.pull()) == (0, 1, 0, 4)
    assert desk.rows() == desk.truth()


def test_what_changed_while_the_first_pull_ran_is_not_listed_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A walk of minutes: an early task is edited after it was read, a late one even later."""
    monkeypatch.setattr(fetch, "PAGE_SIZE", 4)
    tasks = [desk.client.add() for _ in range(12)]
    for task in tasks:
        desk.client.annotate(task, [{"text": "before"}])

    def work() -> None:
        desk.client.edit(tasks[0], [{"text": "after"}])
        desk.client.wait(120)
        desk.client.touch(tasks[11])
        desk.client.meanwhile = lambda: None

    desk.client.meanwhile = work
    desk.pull()
    assert desk.rows() != desk.truth()
    assert tally(desk.pull()) == (0, 1, 0, 11)
    assert desk.rows() == desk.truth()


def test_a_window_that_is_over_is_not_listed_again(desk: Desk) -> None:
    """Thousands of tasks may have come in the last seconds before a pull long ago."""
    tasks = [desk.client.add() for _ in range(5)]
    desk.client.wait(60)
    desk.pull()
    desk.client.wait(3600)
    desk.client.annotate(tasks[3])
    desk.pull()
    ((column, operator, _),) = desk.client.history[1]
    assert (column, operator) == ("filter:tasks:updated_at", "greater")


def test_ids_fit_an_address(desk: Desk) -> None:
    listing = Listing(desk.client, PROJECT_ID, "")
    ids = [10**12 + i for i in range(1000)]
    assert list(listing.whole(ids)) == [[]] * len(desk.client.history)
    asked = [i for part in desk.client.history for i in part]
    assert asked == ids
    lengths = [sum(len(str(i)) + 3 for i in part) for part in desk.client.history]
    assert max(lengths) <= 3000


def test_a_project_that_vanishes_is_one_sentence(desk: Desk) -> None:
    task = desk.client.add()
    desk.client.add()
    desk.pull()
    desk.client.delete(task)
    desk.client.meanwhile = lambda: setattr(desk.client, "title", "gone")
    with pytest.raises(SyncError, match="was deleted in Label Studio"):
        desk.pull()
