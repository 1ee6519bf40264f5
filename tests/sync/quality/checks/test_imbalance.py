"""Labels that are too rare, too frequent, or fewer than wanted."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

import label_configs
from label_configs.preference import PreferenceRecord
from sync.quality.checks.check import CheckResult, Finding
from sync.quality.checks.imbalance import check
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of


def looked_at(
    counts: Mapping[str, int], wanted: Mapping[str, Mapping[str, int]] | None = None
) -> CheckResult:
    labels = [label for label, n in counts.items() for _ in range(n)]
    records = [record(i, categories={"topic": label}) for i, label in enumerate(labels)]
    work = work_of(records, np.eye(len(records), dtype=np.float32))
    return check(replace(work, wanted=wanted or {}))


def only(result: CheckResult) -> Finding:
    (found,) = result.findings
    return found


def test_a_rare_label_is_told_with_what_it_hurts() -> None:
    found = only(looked_at({"fees": 400, "cards": 390, "fraud": 5}))
    assert "topic: 'fraud' (5) of 795 are less than 10% of an even share" in found.message
    assert (found.severity, found.control, found.task_id) == ("warning", "topic", None)


def test_even_labels_and_small_sets_raise_no_alarm() -> None:
    assert looked_at({"fees": 100, "cards": 60, "fraud": 40}).findings == ()
    assert looked_at({"fees": 30, "cards": 25, "fraud": 1}).findings == ()


def test_a_label_that_drowns_the_others_is_told() -> None:
    found = only(looked_at({"fees": 900, "cards": 50, "fraud": 50}))
    assert "900 of 1000 (90%, 88 to 92%) are 'fees'" in found.message
    assert found.severity == "info"


def test_targets_count_more_than_an_even_share() -> None:
    wanted = {"topic": {"fees": 100, "cards": 60, "fraud": 2}}
    found = only(looked_at({"fees": 90, "cards": 12, "fraud": 2}, wanted))
    assert "'cards' (12 of 60) have less than 50% of what [targets] wants" in found.message
    assert found.score == 0.2
    assert looked_at({"fees": 90, "cards": 50, "fraud": 2}, wanted).findings == ()


def test_too_few_labels_are_said_not_judged() -> None:
    assert looked_at({"fees": 30, "cards": 1}) == CheckResult(needs=50)


def test_sides_at_random_must_win_alike() -> None:
    def preferring(left: int, right: int) -> tuple[Finding, ...]:
        sides = ["left better"] * left + ["right slightly better"] * right
        interface = label_configs.load("preference")
        records = [
            replace(record(i), record=PreferenceRecord("a", "b", side))
            for i, side in enumerate(sides)
        ]
        work = work_of([record()], np.eye(1, dtype=np.float32))
        labelled = replace(work.labelled, records=tuple(records))
        return check(replace(work, labelled=labelled, interface=interface)).findings

    assert preferring(55, 45) == ()
    (found,) = preferring(75, 25)
    assert "the left answer won 75 of 100" in found.message
