"""What audits say of the open drafts, by cases that can be reckoned by hand and by simulation."""

import math

import numpy as np
import pytest

from benchmarks.stopping.simulated import Coverage, Scenario, scenarios, simulate_coverage
from sync.queue.remaining import (
    changed_left,
    changed_of_open,
    effective_number,
    likeness_to_open,
)


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


def test_ten_audits_without_a_change_leave_room_for_three_of_ten() -> None:
    """Half the probability that a sample of 10 of 20 misses all is 5.3 % for 3, 2.2 % for 4."""
    misses = {left: math.comb(20 - left, 10) / math.comb(20, 10) / 2 for left in (3, 4)}
    assert misses[3] > 0.025 > misses[4]
    assert changed_of_open(10, 10, 0) == (0, 3)
    assert changed_of_open(10, 10, 10) == (7, 10)


def test_the_interval_is_about_what_is_open_alone() -> None:
    assert changed_of_open(0, 50, 20) == (0, 0)
    assert changed_of_open(40, 0, 0) == (0, 40)
    low, high = changed_of_open(10_000, 400, 80)
    assert 1_600 < low < 2_000 < high < 2_450


def test_a_broken_number_of_changes_lies_between_whole_ones() -> None:
    one, two = changed_of_open(100, 20, 1), changed_of_open(100, 20, 2)
    between = changed_of_open(100, 20.6, 1.5)
    assert one[0] < between[0] < two[0]
    assert one[1] < between[1] < two[1]


@pytest.mark.parametrize(("n_open", "sample"), [(1, 10), (20, 10), (60, 12), (15, 40)])
def test_the_interval_holds_the_truth_for_every_number_of_changes(n_open: int, sample: int) -> None:
    """Over all samples that there are: never below 90 %, on the whole above 95 %."""
    intervals = [changed_of_open(n_open, sample, seen) for seen in range(sample + 1)]
    held = []
    for changed in range(n_open + sample + 1):
        ways = [
            math.comb(changed, seen) * math.comb(n_open + sample - changed, sample - seen)
            for seen in range(sample + 1)
        ]
        inside = [low <= changed - seen <= high for seen, (low, high) in enumerate(intervals)]
        held.append(sum(w for w, i in zip(ways, inside, strict=True) if i) / sum(ways))
    assert min(held) > 0.9
    assert sum(held) / len(held) > 0.95


def test_audits_of_what_is_done_count_little() -> None:
    """The others were done from the lowest score up: only audits above tell of what is open."""
    open_, others = column(*np.linspace(0.5, 1, 100)), column(*np.linspace(0, 0.5, 100))
    weights = likeness_to_open(open_, others, column(0.1, 0.3, 0.7, 0.9))
    assert weights.tolist() == [0, 0, 1, 1]
    assert effective_number(weights) == 2


def test_without_others_all_audits_are_like_the_open_ones() -> None:
    assert likeness_to_open(column(0.1, 0.9), np.zeros((0, 1)), column(0.4)).tolist() == [1]
    assert likeness_to_open(column(0.1), column(0.2), np.zeros((0, 1))).tolist() == []
    assert effective_number(np.zeros(3)) == 0


def test_what_else_put_tasks_in_order_is_heeded() -> None:
    """One kind came first and was changed each time; the audits of that kind tell nothing more."""
    score = np.full(100, 0.5)
    open_, others = np.stack([score, np.zeros(100)], 1), np.stack([score, np.ones(100)], 1)
    audits = np.stack([np.full(40, 0.5), np.repeat([0.0, 1.0], 20)], axis=1)
    changed = np.repeat([False, True], 20)
    estimate, number = changed_left(open_, others, audits, changed, expected=0.5)
    assert (number, estimate.low) == (20, 0)
    assert estimate.high < 20


def test_the_value_leans_on_the_score_while_audits_are_few() -> None:
    none = np.zeros((0, 1))
    few, _ = changed_left(column(*[0.9] * 100), none, column(0.9), np.array([False]), 0.1)
    many, _ = changed_left(column(*[0.9] * 100), none, column(*[0.9] * 90), np.zeros(90, bool), 0.1)
    assert few.value == pytest.approx(100 * 0.1 * 10 / 11)
    assert many.value == pytest.approx(100 * 0.1 * 10 / 100)
    assert many.value <= many.high


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(tasks=400, audit=0.1),
        Scenario(tasks=400, audit=0.1, changed=0.6, score="useless"),
        Scenario(tasks=400, audit=0.1, changed=0.02, score="too sure"),
    ],
    ids=lambda scenario: scenario.score,
)
def test_the_truth_lies_in_the_interval(scenario: Scenario) -> None:
    found = simulate_coverage(scenario, projects=20, seed=3)
    assert found.said >= 10
    assert found.held / found.said >= 0.9
    assert found.width < 0.6
    assert found.next_held / found.next_said >= 0.9


@pytest.mark.thorough
def test_the_truth_lies_in_the_interval_of_all_kinds_of_project() -> None:
    """Also where the score says nothing or the contrary, and where another one came before."""
    found: dict[tuple[str, str | None, bool], list[Coverage]] = {}
    for scenario in scenarios():
        kind = (scenario.score, scenario.before, scenario.wanted)
        found.setdefault(kind, []).append(simulate_coverage(scenario, projects=25, seed=11))
    for kind, measured in found.items():
        said, next_said = (
            sum(getattr(each, n) for each in measured) for n in ("said", "next_said")
        )
        assert said > 100
        assert sum(each.held for each in measured) / said >= 0.93, kind
        assert sum(each.next_held for each in measured) / next_said >= 0.9, kind
