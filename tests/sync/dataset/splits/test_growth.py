"""Twenty steps of additions, edits and deletions: nothing of test is ever in train."""

import random
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from sync.dataset.splits.homes import STRENGTH
from sync.dataset.splits.split_items import DROPPED, SPLITS, SplitItem
from sync.dataset.splits.stored_splits import StoredSplit
from tests.sync.dataset.splits.planted import THRESHOLD, item, settings, split_of, vector_of

STEPS = 20


def groups_by_hand(items: list[SplitItem]) -> list[set[int]]:
    """Connected items, found by comparing each with each."""
    vectors = np.array([vector_of(one.text) for one in items], dtype=np.float64)
    near = vectors @ vectors.T >= THRESHOLD
    groups = [{at} for at in range(len(items))]
    for i, j in combinations(range(len(items)), 2):
        tied = bool(set(items[i].ties) & set(items[j].ties))
        if (near[i, j] or tied) and groups[i] is not groups[j]:
            groups[i] |= groups[j]
            for at in groups[i]:
                groups[at] = groups[i]
    return list({id(group): group for group in groups}.values())


class World:
    """A project that people work on."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.items: dict[str, SplitItem] = {}
        self.deleted: list[str] = []
        self._last = 0

    def step(self) -> None:
        for _ in range(self.rng.randint(0, 12)):
            self._last += 1
            self._write(f"k{self._last}")
        for key in self._some(4):
            self._write(key)
        for key in self._some(3):
            del self.items[key]
            self.deleted.append(key)
        if self.deleted and self.rng.random() < 0.5:
            self._write(self.deleted.pop(self.rng.randrange(len(self.deleted))))

    def _some(self, most: int) -> list[str]:
        return self.rng.sample(sorted(self.items), min(len(self.items), self.rng.randint(0, most)))

    def _write(self, key: str) -> None:
        rng = self.rng
        topics = rng.sample(range(80), 2 if rng.random() < 0.2 else 1)
        text = " ".join([*(f"t{topic}" for topic in topics), f"n{rng.randrange(5)}"])
        user = f"u{rng.randrange(40)}" if rng.random() < 0.2 else None
        self.items[key] = item(key, text, label=rng.choice("abc"), user=user)


@given(seed=st.integers(0, 2**32))
@effort(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_ever_leaks_and_nothing_moves(seed: int) -> None:
    world, homes, split = World(seed), dict[str, str](), None
    for _ in range(STEPS):
        world.step()
        items = sorted(world.items.values(), key=lambda one: one.key)
        if not items:
            continue
        split = split_of(items, split)
        assert_no_leak(items, split)
        now = split.homes()
        assert homes.items() <= now.items(), "an item changed its home"
        homes = now
        assert split.manifest()["changes"]["test_to_train"] == 0


def assert_no_leak(items: list[SplitItem], split: StoredSplit) -> None:
    """Every group is in one split; dropped is who has a weaker home than another of its group."""
    homes = split.homes()
    for group in groups_by_hand(items):
        keys = {items[at].key for at in group}
        strongest = max((homes[key] for key in keys), key=STRENGTH.__getitem__)
        for key in keys:
            expected = strongest if homes[key] == strongest else DROPPED
            assert split.split_of(key) == expected
    vectors = np.array([vector_of(one.text) for one in items], dtype=np.float64)
    splits = [split.split_of(one.key) for one in items]
    across = np.array([[a != b and DROPPED not in (a, b) for b in splits] for a in splits])
    assert not (across & (vectors @ vectors.T >= THRESHOLD)).any()


def whole(sizes: Counter[str | None]) -> dict[str | None, int]:
    return {name: sizes[name] for name in SPLITS}


def test_other_shares_are_felt_by_new_items_only() -> None:
    first = split_of([item(f"k{i}", f"t{i}") for i in range(40)])
    more = [item(f"k{i}", f"t{i}") for i in range(80)]
    second = split_of(more, first, settings(train=0.5, validation=0.25, test=0.25))
    kept = {line.key: line.split for line in first.lines}
    assert all(second.split_of(key) == split for key, split in kept.items())
    assert whole(Counter(line.split for line in first.lines)) == {
        "train": 32,
        "validation": 4,
        "test": 4,
    }
    sizes = whole(Counter(line.split for line in second.lines))
    assert sizes == {"train": 40, "validation": 20, "test": 20}


@pytest.mark.parametrize("loser", ["train", "validation"])
def test_of_two_groups_that_merge_test_wins_until_they_part(loser: str) -> None:
    items = [item(f"k{i}", f"t{i}") for i in range(40)]
    first = split_of(items)
    tested = next(line.key for line in first.lines if line.split == "test")
    weaker = next(line.key for line in first.lines if line.split == loser)
    topics = {one.key: one.text for one in items}
    bridge = item("k99", f"{topics[tested]} {topics[weaker]}")
    second = split_of([*items, bridge], first)
    found = [second.split_of(key) for key in (tested, weaker, "k99")]
    assert found == ["test", DROPPED, "test"]
    assert second.manifest()["changes"] == {
        "new": 1,
        "gone": 0,
        "dropped": 1,
        "returned": 0,
        "test_to_train": 0,
    }
    third = split_of(items, second)
    assert [third.split_of(key) for key in (tested, weaker)] == ["test", loser]
    assert third.manifest()["changes"]["returned"] == 1
    assert third.split_of("k99") is None
    # who comes back belongs where it was, whatever it is about by then
    fourth = split_of([*items, item("k99", "t90")], third)
    assert fourth.split_of("k99") == "test"


def test_groups_that_part_stay_where_they_are() -> None:
    items = [item(f"k{i}", f"t{i}", user="same") for i in range(10)]
    first = split_of([*items, *(item(f"m{i}", f"t{20 + i}") for i in range(60))])
    (home,) = {first.split_of(one.key) for one in items}
    apart = [item(f"k{i}", f"t{i}") for i in range(10)]
    second = split_of([*apart, *(item(f"m{i}", f"t{20 + i}") for i in range(60))], first)
    assert {second.split_of(one.key) for one in apart} == {home}


def test_a_lower_threshold_drops_what_is_near_by_then() -> None:
    items = [item(f"k{i}", f"t{i // 2} t{40 + i}") for i in range(60)]
    # two of one topic out of two are 0.5 similar
    first = split_of(items, given=settings(near_duplicates=0.65))
    second = split_of(items, first, settings(near_duplicates=0.4))
    torn = [{first.split_of(f"k{i}"), first.split_of(f"k{i + 1}")} for i in range(0, 60, 2)]
    dropped = sum(len(splits) > 1 for splits in torn)
    assert dropped
    assert second.manifest()["sizes"][DROPPED] == dropped
    assert second.homes() == first.homes()
