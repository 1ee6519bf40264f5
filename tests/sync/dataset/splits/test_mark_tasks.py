"""Marks in Label Studio: only what differs is written, and what else is in a task's meta stays."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from connectors.errors import LabelStudioError
from sync.dataset.splits.mark_tasks import Marked, mark
from sync.dataset.splits.stored_splits import Assigned


class FakeTasks:
    """Tasks with a meta each; fails after so many changes."""

    def __init__(self, fails_after: int = 10**9, **metas: Any) -> None:
        self.metas: dict[int, Any] = {int(name[1:]): meta for name, meta in metas.items()}
        self.history: list[int] = []
        self.fails_after = fails_after
        self._lock = threading.Lock()

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[dict[str, Any]]:
        assert project_id == 7
        assert set(include) == {"id", "meta"}
        return [{"id": i, "meta": self.metas[i]} for i in task_ids if i in self.metas]

    def update_meta(self, task_id: int, meta: Mapping[str, Any]) -> None:
        with self._lock:
            if len(self.history) == self.fails_after:
                raise LabelStudioError("gone")
            self.history.append(task_id)
            self.metas[task_id] = dict(meta)


def lines(**splits: str) -> list[Assigned]:
    return [Assigned(f"q{n[1:]}", int(n[1:]), split, split) for n, split in splits.items()]


def test_only_the_mark_changes() -> None:
    client = FakeTasks(t1=None, t2={"mine": [1]}, t3={"split": "train", "mine": 2})
    told: list[tuple[int, int]] = []
    wanted = lines(t1="train", t2="test", t3="dropped")
    assert mark(client, 7, wanted, lambda *n: told.append(n)) == Marked(3, 0, 0)
    assert client.metas == {
        1: {"split": "train"},
        2: {"mine": [1], "split": "test"},
        3: {"split": "dropped", "mine": 2},
    }
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_is_marked_already_is_left_alone() -> None:
    client = FakeTasks(t1={"split": "train"}, t2={"split": "test"})
    assert mark(client, 7, lines(t1="train", t2="test", t9="test")) == Marked(0, 2, 1)
    assert client.history == []


def test_what_must_not_be_shown_is_marked_first() -> None:
    count = 300
    client = FakeTasks(**{f"t{i}": {"split": "train"} for i in range(1, count + 1)})
    for i in range(1, count, 2):
        client.metas[i] = {}
    splits = {f"t{i}": "train" if i % 2 else "dropped" for i in range(1, count + 1)}
    mark(client, 7, lines(**splits))
    # at most a few at once are not in order
    assert all(task_id % 2 == 0 for task_id in client.history[: count // 2 - 4])


def test_items_that_are_gone_are_not_asked_for() -> None:
    client = FakeTasks()
    assert mark(client, 7, [Assigned("q1", None, None, "test")]) == Marked(0, 0, 0)


def test_another_run_goes_on_where_one_failed() -> None:
    client = FakeTasks(fails_after=2, t1={}, t2={}, t3={})
    wanted = lines(t1="train", t2="train", t3="train")
    with pytest.raises(LabelStudioError):
        mark(client, 7, wanted)
    client.fails_after = 10
    assert mark(client, 7, wanted) == Marked(1, 2, 0)
    assert sorted(client.history) == [1, 2, 3]


def test_many_tasks_are_asked_for_in_chunks() -> None:
    client = FakeTasks(**{f"t{i}": {} for i in range(1, 451)})
    assert mark(client, 7, lines(**{f"t{i}": "train" for i in range(1, 451)})).changed == 450
