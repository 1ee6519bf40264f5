"""By time: the oldest train, the newest test, and no day of test before one of train."""

import datetime as dt
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sync.common.errors import SyncError
from sync.dataset.splits.split_items import SplitItem
from sync.dataset.splits.stored_splits import StoredSplit
from tests.sync.dataset.splits.desk import Desk, asked
from tests.sync.dataset.splits.planted import item, settings, split_of

START = datetime(2026, 1, 1, tzinfo=UTC)
BY_TIME = settings(by="time")


def days(start: int, end: int) -> list[SplitItem]:
    """One item a day."""
    return [item(f"k{d:03}", at=START + timedelta(days=d)) for d in range(start, end)]


def spans(items: list[SplitItem], split: StoredSplit) -> dict[str | None, tuple[int, int]]:
    """First and last day of each split."""
    found: dict[str | None, list[int]] = {}
    for one in items:
        assert one.at is not None
        found.setdefault(split.split_of(one.key), []).append((one.at - START).days)
    return {name: (min(d), max(d)) for name, d in found.items()}


def test_the_oldest_train_the_newest_test() -> None:
    items = days(0, 100)
    found = split_of(items, given=BY_TIME)
    assert spans(items, found) == {"train": (0, 79), "validation": (80, 89), "test": (90, 99)}
    assert found.manifest()["time"] == {
        "validation_from": "2026-03-22T00:00:00+00:00",
        "test_from": "2026-04-01T00:00:00+00:00",
        "spans": {
            "train": ["2026-01-01T00:00:00+00:00", "2026-03-21T00:00:00+00:00"],
            "validation": ["2026-03-22T00:00:00+00:00", "2026-03-31T00:00:00+00:00"],
            "test": ["2026-04-01T00:00:00+00:00", "2026-04-10T00:00:00+00:00"],
        },
        "train_as_new_as_test": 0,
    }


def test_a_group_is_as_new_as_its_newest() -> None:
    rng = random.Random(4)
    items = [
        item(f"k{d:03}", user=f"u{rng.randrange(60)}", at=START + timedelta(days=d))
        for d in range(200)
    ]
    found = split_of(items, given=BY_TIME)
    newest = {
        name: max(one.at for one in items if one.at and found.split_of(one.key) == name)
        for name in ("train", "validation", "test")
    }
    assert newest["train"] < newest["validation"] < newest["test"]
    assert found.manifest()["time"]["train_as_new_as_test"] == 0


def test_days_can_be_given() -> None:
    items = days(0, 100)
    given = settings(
        by="time", validation_from=dt.date(2026, 1, 11), test_from=dt.date(2026, 1, 21)
    )
    found = split_of(items, given=given)
    assert spans(items, found) == {"train": (0, 9), "validation": (10, 19), "test": (20, 99)}


def test_boundaries_stay_as_the_project_grows() -> None:
    first = split_of(days(0, 100), given=BY_TIME)
    grown = days(0, 150)
    second = split_of(grown, first, BY_TIME)
    assert spans(grown, second) == {"train": (0, 79), "validation": (80, 89), "test": (90, 149)}
    # days of one's own are for what is new: nothing leaves test
    later = settings(
        by="time", validation_from=dt.date(2026, 6, 20), test_from=dt.date(2026, 6, 30)
    )
    third = split_of(days(0, 200), second, later)
    assert spans(days(0, 150), third) == spans(grown, second)
    assert spans(days(150, 200), third) == {
        "train": (150, 169),
        "validation": (170, 179),
        "test": (180, 199),
    }


def test_a_split_by_chance_can_go_on_by_time() -> None:
    first = split_of(days(0, 100))
    second = split_of(days(0, 105), first, BY_TIME)
    assert all(second.split_of(one.key) == first.split_of(one.key) for one in days(0, 100))
    assert spans(days(100, 105), second) == {"test": (100, 104)}
    # what chance has put into train is told
    assert second.manifest()["time"]["train_as_new_as_test"] > 0


def test_equal_times_can_not_be_told_apart() -> None:
    with pytest.raises(SyncError, match="train would be empty"):
        split_of([item(f"k{i}", at=START) for i in range(9)], given=BY_TIME)


def test_the_time_is_read_from_the_task(tmp_path: Path) -> None:
    desk = Desk(tmp_path, by="time", time_field="context.asked")
    rows = [
        asked(i, f"t{i}", context={"asked": f"2026-01-{i:02}T10:00:00+0{i % 3}:00"})
        for i in range(1, 21)
    ]
    desk.pull(rows)
    found = desk.split().split
    assert [found.split_of(f"q{i}") for i in (1, 16, 17, 18, 19, 20)] == [
        "train",
        "train",
        "validation",
        "validation",
        "test",
        "test",
    ]
    assert desk.verify().failures == ()


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "found nothing"),
        ("soon", "text"),
        ("0001-01-01T00:30:00+01:00", "a time in the year 1 that in UTC is outside"),
        ("9999-12-31T23:30:00-01:00", "a time in the year 9999 that in UTC is outside"),
        (1700000000, "what seems to be seconds since 1970"),
        ("03/04/2026", "a date of which nothing says whether month or day comes first"),
    ],
)
def test_a_task_without_a_time_is_named(tmp_path: Path, value: object, told: str) -> None:
    desk = Desk(tmp_path, by="time", time_field="asked")
    desk.pull([asked(1, "t1", asked="2026-01-01"), asked(2, "t2", asked=value)])
    with pytest.raises(SyncError, match=rf"task 2: split.time_field = 'asked' .* {told}"):
        desk.split()


def test_without_a_field_the_tasks_own_age_counts(tmp_path: Path) -> None:
    desk = Desk(tmp_path, by="time")
    # the builder makes all of them at the same moment
    desk.pull([asked(i, f"t{i}") for i in range(1, 9)])
    with pytest.raises(SyncError, match="no group of tasks is older than 2026-11-21 12:00:00 UTC"):
        desk.split()
