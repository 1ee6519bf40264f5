"""Labels shared out: how near to the whole, and how near the groups let them be."""

import random
from collections import Counter
from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from sync.dataset.splits.proportions import Proportions, subset_sums
from sync.dataset.splits.split_items import SPLITS
from tests.sync.dataset.splits.planted import item, settings, split_of


@given(st.lists(st.integers(1, 9), max_size=7))
def test_subset_sums_are_those_of_all_subsets(numbers: list[int]) -> None:
    subsets = chain.from_iterable(combinations(numbers, n) for n in range(len(numbers) + 1))
    by_hand = {sum(subset) for subset in subsets}
    found = subset_sums(Counter(numbers))
    assert {at for at in range(sum(numbers) + 1) if found >> at & 1} == by_hand


def test_rare_labels_are_in_every_split() -> None:
    # of 10 items 8, 1 and 1
    rng = random.Random(1)
    labels = [name for name, count in (("a", 640), ("b", 150), ("c", 10)) for _ in range(count)]
    rng.shuffle(labels)
    found = split_of([item(f"k{i}", label=label) for i, label in enumerate(labels)])
    shown = found.manifest()["proportions"]
    assert shown["off"] == []
    assert shown["percent"]["topic"]["c"]["test"] == 1.25
    assert shown["percent"]["topic"]["c"]["validation"] == 1.25


def test_several_kinds_at_once_within_two_points() -> None:
    rng = random.Random(2)
    items = []
    for i in range(600):
        one = item(f"k{i}", label=rng.choice("aaabc"), user=f"u{rng.randrange(250)}")
        kinds = (("level", rng.choice("xxxxy")), ("tone", rng.choice("mn")), *one.labels)
        items.append(type(one)(one.key, one.task_id, "", one.ties, None, kinds))
    found = split_of(items)
    assert found.manifest()["proportions"]["off"] == []
    sizes = found.manifest()["sizes"]
    assert [round(sizes[name] / 600, 2) for name in SPLITS] == [0.8, 0.1, 0.1]


def test_what_groups_do_not_allow_is_said_to_be_forced() -> None:
    # all of one label are one user's
    items = [item(f"k{i}", label="b", user="one") for i in range(100)]
    items += [item(f"m{i}", label="a") for i in range(400)]
    found = split_of(items).manifest()
    off = {(o["label"], o["split"]): o for o in found["proportions"]["off"]}
    assert off["b", "test"]["points"] == -20.0
    assert off["b", "test"]["at_best"] == 20.0
    assert off["b", "test"]["forced"]
    # the other label pays for it, though its own groups would allow better
    assert off["a", "test"]["points"] == 20.0
    assert not off["a", "test"]["forced"]


def test_what_groups_would_allow_is_not_excused() -> None:
    items = [item(f"k{i}", label="ab"[i % 2]) for i in range(40)]
    wrong = ["test" if one.labels == (("topic", "b"),) else "train" for one in items]
    every = [[at] for at in range(40)]
    off = Proportions.of(items, wrong).off(items, wrong, every)
    assert {(o.label, o.split, o.points, o.is_forced) for o in off} == {
        (label, split, points, False)
        for label, split, points in (
            ("a", "train", 50.0),
            ("b", "train", -50.0),
            ("a", "test", -50.0),
            ("b", "test", 50.0),
        )
    }
    # those that an earlier split has put there can't be put right
    late = Proportions.of(items, wrong).off(items, wrong, [])
    assert [o.at_best for o in late] == [50.0] * 4


def test_a_share_of_nothing_stays_empty() -> None:
    found = split_of(
        [item(f"k{i}") for i in range(30)], given=settings(train=0.9, validation=0.0, test=0.1)
    )
    assert [found.manifest()["sizes"][name] for name in SPLITS] == [27, 0, 3]


def test_a_large_group_goes_where_there_is_room() -> None:
    items = [item(f"k{i}", user="one") for i in range(30)]
    items += [item(f"m{i}") for i in range(70)]
    found = split_of(items)
    assert {found.split_of(f"k{i}") for i in range(30)} == {"train"}
    assert [found.manifest()["sizes"][name] for name in SPLITS] == [80, 10, 10]


def test_one_item_is_to_train_on() -> None:
    assert split_of([item("k1")]).split_of("k1") == "train"
