"""Annotations that the page let through though they lack their answer."""

import numpy as np

from sync.quality.checks import CHECKS
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of


def test_an_emptied_answer_is_found_and_a_rejected_one_is_not() -> None:
    records = [
        record(1, "An answer.", verdict="edit"),
        record(2, " \n", verdict="edit"),
        record(3, "", verdict="reject"),
        record(4, "", verdict=None),
    ]
    outcome = CHECKS["incomplete"](work_of(records, np.eye(4, dtype=np.float32)))
    assert [f.task_id for f in outcome.findings] == [2, 4]
    found = outcome.findings[0]
    assert (found.kind, found.severity, found.score) == ("incomplete", "error", 0.0)
    assert found.url == "http://ls/2"
    assert found.message == (
        "the answer is empty, though the draft was not rejected; complete it or reject the draft"
    )


def test_blanks_that_nobody_sees_and_markup_around_nothing_are_no_answer() -> None:
    said = ["\u200b", "<p><br></p>", "****", "```\n```", "#", "**Yes**", "<p>Yes</p>"]
    records = [record(i, text, verdict="edit") for i, text in enumerate(said)]
    outcome = CHECKS["incomplete"](work_of(records, np.eye(len(said), dtype=np.float32)))
    assert [f.task_id for f in outcome.findings] == [0, 1, 2, 3]
