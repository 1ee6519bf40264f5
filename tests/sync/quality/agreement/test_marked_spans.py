"""F1 of marks: by hand, and what overlapping, touching and missing marks do."""

import pytest

from label_configs.control_values import MarkedSpan
from sync.quality.agreement.marked_spans import MarkedSpans, overlap_f1, spans_estimate


def marks(*spans: tuple[int, int, str]) -> MarkedSpans:
    return frozenset(MarkedSpan(*span) for span in spans)


@pytest.mark.parametrize(
    ("one", "other", "f1"),
    [
        (marks((0, 10, "a")), marks((0, 10, "a")), 1.0),
        (marks((0, 10, "a")), marks((0, 10, "b")), 0.0),
        (marks((0, 10, "a")), marks((5, 10, "a")), 2 * 5 / 15),
        (marks((0, 10, "a")), marks(), 0.0),
        # cut in two, or marked twice, it is still the same part
        (marks((0, 4, "a"), (4, 10, "a")), marks((0, 10, "a")), 1.0),
        (marks((0, 10, "a"), (2, 5, "a")), marks((0, 10, "a")), 1.0),
        (marks(), marks(), None),
        (marks((3, 3, "a")), marks(), None),
    ],
)
def test_f1_of_two(one: MarkedSpans, other: MarkedSpans, f1: float | None) -> None:
    assert overlap_f1(one, other) == pytest.approx(f1)
    assert overlap_f1(other, one) == pytest.approx(f1)


def test_texts_that_nobody_marked_change_nothing() -> None:
    both = [marks((0, 10, "a")), marks((5, 10, "a"))]
    assert spans_estimate([both, [marks(), marks()]]) == spans_estimate([both])
    assert spans_estimate([[marks(), marks()]]) is None
    assert spans_estimate([]) is None


def test_every_pair_of_annotators_counts() -> None:
    three = [marks((0, 10, "a")), marks((0, 10, "a")), marks((0, 5, "a"))]
    found = spans_estimate([three, three])
    assert found is not None
    assert found.value == pytest.approx((20 + 10 + 10) / (20 + 15 + 15))
    assert (found.low, found.high) == pytest.approx((found.value, found.value))
