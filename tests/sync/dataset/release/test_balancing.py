"""Which lines an export leaves out or repeats: for any records, and in worked examples."""

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.errors import ExportError
from sync.coverage.targets import Targets
from sync.coverage.task_facts import Labeller
from sync.dataset.release.balancing import MODES, MOST_COPIES, ExportRecord, Mode, plan_balance
from sync.settings import Config
from tests.sync.coverage.planted import configured

CATEGORIES = {"topic": {"labels": ["a", "b", "c"]}}
LABELLER = Labeller(Config.model_validate({"categories": CATEGORIES}))
SPLITS = st.sampled_from(["train", "train", "train", "validation", "test", "dropped", None])
TOPICS = st.sampled_from(["a", "b", "c", None])


def targets(total: int | None = None, **wanted: int) -> Targets:
    return Targets(
        ("topic",), {(name,): count for name, count in wanted.items()}, total, "impact", LABELLER
    )


def items(split: str | None = None, **counts: int) -> list[ExportRecord]:
    """So many records of each topic."""
    return [
        ExportRecord(
            f"{split}-{topic}-{i}", i, split, {"topic": topic} if topic != "none" else {}, 10
        )
        for topic, count in counts.items()
        for i in range(count)
    ]


def got(made: list[ExportRecord], wanted: Targets, mode: Mode) -> dict[str, int]:
    """Lines of each topic."""
    planned = plan_balance(made, wanted, mode)
    lines: Counter[str] = Counter()
    for item in made:
        lines[item.categories.get("topic", "none")] += planned.copies(item.key)
    return dict(lines)


@st.composite
def exports(draw: st.DrawFn) -> tuple[list[ExportRecord], Targets]:
    drawn = draw(st.lists(st.tuples(TOPICS, SPLITS), max_size=60))
    made = [
        ExportRecord(f"key {i}", i, split, {} if topic is None else {"topic": topic}, 10)
        for i, (topic, split) in enumerate(drawn)
    ]
    wanted = draw(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(0, 60), min_size=1))
    total = draw(st.sampled_from([None, max(1, sum(wanted.values()))]))
    return made, targets(total, **wanted)


@given(exports(), st.sampled_from(MODES), st.randoms(use_true_random=False))
def test_the_order_of_the_records_makes_no_difference(
    export: tuple[list[ExportRecord], Targets], mode: Mode, chance: random.Random
) -> None:
    made, wanted = export
    shuffled = chance.sample(made, len(made))
    one, other = plan_balance(made, wanted, mode), plan_balance(shuffled, wanted, mode)
    assert one.manifest() == other.manifest()
    assert [one.copies(i.key) for i in made] == [other.copies(i.key) for i in made]


@given(exports(), st.sampled_from(MODES))
def test_validation_and_test_are_never_touched(
    export: tuple[list[ExportRecord], Targets], mode: Mode
) -> None:
    made, wanted = export
    planned = plan_balance(made, wanted, mode)
    is_split = any(item.split is not None for item in made)
    for item in made:
        if is_split and item.split != "train":
            assert planned.copies(item.key) == 1
    assert planned.balanced == ("train" if is_split else "all")


@given(exports())
def test_sampling_leaves_out_surplus_alone(export: tuple[list[ExportRecord], Targets]) -> None:
    made, wanted = export
    planned = plan_balance(made, wanted, "sample")
    assert {planned.copies(item.key) for item in made} <= {0, 1}
    for cell in planned.cells:
        assert cell.got == (cell.had if cell.wanted is None else min(cell.had, cell.wanted))


@given(exports())
def test_repeating_adds_alone_and_evenly(export: tuple[list[ExportRecord], Targets]) -> None:
    made, wanted = export
    planned = plan_balance(made, wanted, "repeat")
    chosen = [i for i in made if planned.balanced == "all" or i.split == "train"]
    for cell in planned.cells:
        copies = [planned.copies(i.key) for i in chosen if i.categories.get("topic") in cell.cell]
        assert sum(copies) == cell.got
        assert cell.had <= cell.got <= max(cell.had, cell.wanted or 0)
        assert all(1 <= each <= MOST_COPIES for each in copies)
        assert not copies or max(copies) - min(copies) <= 1


@given(exports(), st.sampled_from(MODES))
def test_the_manifest_adds_up(export: tuple[list[ExportRecord], Targets], mode: Mode) -> None:
    made, wanted = export
    planned = plan_balance(made, wanted, mode)
    told = planned.manifest()
    chosen = [i for i in made if planned.balanced == "all" or i.split == "train"]
    assert told["had"] == len(chosen)
    assert told["got"] == sum(planned.copies(i.key) for i in chosen)
    assert told["had"] == told["without_a_label"] + sum(c["had"] for c in told["cells"])


def test_more_records_keep_what_was_sampled_before_as_far_as_it_goes() -> None:
    """By the digest of the key, so that a new record takes one place and shuffles nothing."""
    made = items(a=50)
    before = plan_balance(made, targets(a=20), "sample")
    after = plan_balance(
        [*made, ExportRecord("new", 99, None, {"topic": "a"}, 1)], targets(a=20), "sample"
    )
    assert sum(before.copies(i.key) != after.copies(i.key) for i in made) <= 1


def test_surplus_goes_and_what_is_short_stays() -> None:
    wanted = targets(100, a=60, b=30, c=10)
    assert got(items(a=200, b=10, c=10, none=3), wanted, "sample") == {
        "a": 60,
        "b": 10,
        "c": 10,
        "none": 3,
    }


def test_the_train_split_has_its_part_of_what_is_wanted() -> None:
    made = [*items("train", a=80), *items("test", a=10), *items("validation", a=10)]
    # 80 of 100 that are exported: 40 of the 50 that are wanted; the other splits keep their 20
    assert got(made, targets(50, a=50), "sample") == {"a": 40 + 20}
    dropped = items("dropped", b=40)
    assert got([*made, *dropped], targets(50, a=50), "sample") == {"a": 40 + 20, "b": 40}


def test_what_is_short_is_repeated_in_proportion() -> None:
    """200 records for a total of 1000: two thirds of b's share are there, all of a's."""
    wanted = targets(1000, a=500, b=300, c=200)
    assert got(items(a=160, b=40), wanted, "repeat") == {"a": 160, "b": 60}


def test_nothing_is_repeated_too_often() -> None:
    assert got(items(a=97, b=3), targets(100, a=50, b=50), "repeat") == {
        "a": 97,
        "b": 3 * MOST_COPIES,
    }


def test_without_a_total_the_counts_are_meant_as_they_are() -> None:
    assert got(items(a=20, b=100), targets(None, a=60), "repeat") == {"a": 60, "b": 100}


def test_a_length_may_be_a_dimension(tmp_path: Path) -> None:
    text = "[targets]\ntotal = 2\n[targets.shares.length]\nshort = 0.5\n"
    config = configured(tmp_path, text)
    wanted = Targets(("length",), {("short",): 1, ("long",): 1}, 2, "", Labeller(config))
    made = [ExportRecord(f"{n}/{i}", i, None, {}, n) for n in (5, 500) for i in range(3)]
    planned = plan_balance(made, wanted, "sample")
    assert sum(planned.copies(f"5/{i}") for i in range(3)) == 1
    assert sum(planned.copies(f"500/{i}") for i in range(3)) == 1


def test_what_was_done_is_said() -> None:
    wanted = targets(100, a=60, b=30, c=10)
    planned = plan_balance(items(a=200, b=10, c=11), wanted, "sample")
    assert planned.sentence() == (
        "Balancing (sample): 141 records left out in the export, 221 to 80 (a 200 to 60, c 11 to "
        "10)."
    )
    assert planned.manifest()["cells"][0] == {
        "labels": {"topic": "a"},
        "had": 200,
        "wanted": 60,
        "got": 60,
    }
    repeated = plan_balance(items("train", a=15, b=3), targets(None, a=15, b=12), "repeat")
    assert repeated.sentence() == (
        "Balancing (repeat): 9 lines added by repeating in the train split, 18 to 27 (b 3 to 12)."
    )
    nothing = plan_balance(items("train", a=15), targets(None, a=15), "sample")
    assert nothing.sentence() == (
        "Balancing (sample) changed nothing in the train split: no cell holds more than is wanted."
    )


def test_nothing_wanted_is_one_sentence() -> None:
    with pytest.raises(ExportError, match="nothing to balance by: set targets"):
        plan_balance(items(a=3), targets(), "sample")


def test_two_records_of_one_key_are_refused() -> None:
    with pytest.raises(ExportError, match="two records have the same labeltune_id"):
        plan_balance([*items(a=1), *items(a=1)], targets(a=1), "sample")


def test_a_key_that_was_not_planned_is_an_error() -> None:
    with pytest.raises(KeyError):
        plan_balance(items(a=1), targets(a=1), "sample").copies("other")
