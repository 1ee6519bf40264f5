"""Tasks on which annotators do not agree."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from sync.queue.review.disputed import disputed, shared_answers
from sync.queue.review.known_findings import KnownFindings, ReviewFinding
from tests.sync.builders import INTERFACE, annotation, result, task_row

# the first word tells what a text means
MEANINGS: Mapping[str, Sequence[float]] = {"Yes": (1.0, 0.0), "No": (0.0, 1.0)}


def embed(texts: Sequence[str]) -> Any:
    return np.array([MEANINGS[text.split()[0].strip(".")] for text in texts], np.float32)


def is_disputed(*answers: tuple[str, str], findings: KnownFindings | None = None) -> bool:
    """Of annotators 1, 2, … each with text and certainty."""
    made = [
        annotation(10 + who, result(text, verdict="edit", certainty=label), completed_by=who)
        for who, (text, label) in enumerate(answers, start=1)
    ]
    found = shared_answers(task_row(1, made), INTERFACE)
    assert found is not None
    return 1 in disputed([found], findings or KnownFindings(), embed)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([("Yes it is.", "established"), ("Yes indeed.", "established")], False),
        ([("Yes it is.", "established"), ("No it is not.", "established")], True),
        ([("Yes it is.", "established"), ("Yes it is.", "speculative")], True),
        ([("Yes.", "established"), ("Yes so.", "established"), ("No.", "established")], False),
        ([("Yes.", "established"), ("Yes.", "speculative"), ("No.", "established")], True),
        ([("Yes.", "established")] * 2 + [("No.", "established")] * 2, True),
    ],
)
def test_most_must_say_the_same(answers: list[tuple[str, str]], expected: bool) -> None:
    assert is_disputed(*answers) is expected


def test_what_crowdlab_can_not_settle_is_disputed_although_most_agree() -> None:
    agreed = [("Yes.", "established")] * 2 + [("Yes.", "speculative")]
    unsettled = ReviewFinding("label_error", "info", "certainty: nothing settles who is right", 0.3)
    other = ReviewFinding("label_error", "info", "texts like this differ", 0.3, "speculative")
    assert not is_disputed(*agreed, findings=KnownFindings({12: [other]}))
    assert is_disputed(*agreed, findings=KnownFindings({12: [unsettled]}))


def test_one_annotator_has_nobody_to_disagree_with() -> None:
    twice = [annotation(1, result("Yes.")), annotation(2, result("No."), minutes=1)]
    assert shared_answers(task_row(1, twice), INTERFACE) is None


def test_somebody_whom_label_studio_no_longer_knows_has_no_say() -> None:
    gone = [annotation(1, result("Yes.")), annotation(2, result("No."), completed_by=None)]
    assert shared_answers(task_row(1, gone), INTERFACE) is None
