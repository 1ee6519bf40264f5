"""What the last tasks say of the next ones."""

import numpy as np
import pytest

from sync.queue.expected_changes import changed_among, recalibrate
from sync.queue.remaining import Estimate

NONE = np.zeros(0)


def test_without_finished_work_the_score_is_believed() -> None:
    line = recalibrate(NONE, np.zeros(0, dtype=bool))
    assert line.changes(np.array([0.1, 0.5, 0.9])) == pytest.approx([0.9, 0.5, 0.1])
    assert line.finished == 0


def test_scores_that_are_right_stay_as_they_are() -> None:
    rng = np.random.default_rng(0)
    acceptance = rng.random(4_000)
    line = recalibrate(acceptance, rng.random(4_000) > acceptance)
    assert line.changes(np.array([0.2, 0.5, 0.8])) == pytest.approx([0.8, 0.5, 0.2], abs=0.1)


def test_scores_that_are_too_sure_are_put_right() -> None:
    """Drafts that should fail one time in ten fail every second time."""
    line = recalibrate(np.full(300, 0.9), np.arange(300) % 2 == 0)
    assert line.changes(np.array([0.9])) == pytest.approx([0.5], abs=0.05)


def test_the_last_tasks_tell_most() -> None:
    changed = np.arange(600) < 300
    likely = recalibrate(np.full(600, 0.5), changed).changes(np.array([0.5]))
    assert likely[0] < 0.1


def test_work_that_was_all_changed_or_never_is_no_certainty() -> None:
    for changed in (True, False):
        line = recalibrate(np.full(30, 0.5), np.full(30, changed))
        likely = line.changes(np.array([0.5]))[0]
        assert 0.01 < likely < 0.99


def test_the_interval_holds_chance_and_what_is_not_known() -> None:
    rng = np.random.default_rng(1)
    acceptance = np.full(5_000, 0.8)
    line = recalibrate(acceptance, rng.random(5_000) > 0.8)
    ahead = changed_among(line, np.full(100, 0.8))
    # chance alone has 12 to 28 changed where 20 are expected
    assert 5 <= ahead.low <= ahead.value - 8
    assert ahead.value + 8 <= ahead.high <= 35
    assert ahead == changed_among(line, np.full(100, 0.8))
    assert changed_among(line, NONE) == Estimate(0, 0, 0)
