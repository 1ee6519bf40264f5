"""Claims that come from elsewhere."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from connectors.reading import Reading
from sync.quality.checks.check import Finding
from sync.quality.checks.unsupported_claims import check
from tests.sync.builders import record
from tests.sync.quality.checks.work import at_rest, work_of

TERMS = {"title": "Cards", "text": "A lost card is blocked at once. A new card costs five pounds."}
RESTS_ON_IT = "A lost card is blocked at once, and a new one costs five pounds."
ELSEWHERE = "Mortgage lenders publish quarterly forecasts about regional housing markets."


class Vectors:
    """Reads texts on request: those about mortgages lie at a right angle to all others."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Reading:
        self.asked += texts
        rows = [[0.0, 1.0] if "ortgage" in text else [1.0, 0.0] for text in texts]
        unread = np.array(["forecasts" in text and "?" in text for text in texts])
        return Reading(np.array(rows, dtype=np.float32), unread)


def found(answer: str, reads: Vectors, *documents: dict[str, str]) -> list[Finding]:
    work = work_of([record(1, answer, data={"documents": list(documents)})], at_rest(1))
    return list(check(replace(work, read_texts=reads)).findings)


def test_a_sentence_that_nothing_is_like() -> None:
    (finding,) = found(f"{RESTS_ON_IT} {ELSEWHERE}", Vectors(), TERMS)
    assert (finding.kind, finding.severity, finding.score) == ("unsupported_claim", "warning", 0.0)
    assert ELSEWHERE in finding.message


def test_a_few_shared_words_are_no_support() -> None:
    half = "Mortgage lenders block a new card that is lost, forecasts say."
    assert found(half, Vectors(), TERMS) == []
    third = "Mortgage lenders block cards, forecasts say."
    assert len(found(third, Vectors(), TERMS)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Mortgage trials in larger regional groups are needed next.",
        "Whether mortgage lenders agree should be investigated in other countries.",
        "Future mortgage research is warranted before lenders adopt it.",
    ],
)
def test_what_is_still_to_be_studied_claims_nothing(sentence: str) -> None:
    assert found(sentence, Vectors(), TERMS) == []


def test_what_shares_its_words_is_not_even_read() -> None:
    reads = Vectors()
    assert found(RESTS_ON_IT, reads, TERMS) == []
    assert reads.asked == []


def test_other_words_for_the_same_are_support() -> None:
    lending = {"title": "", "text": "Mortgage loans rise."}
    assert found(ELSEWHERE, Vectors(), TERMS, lending) == []


def test_without_documents_nothing_can_be_told() -> None:
    assert found(ELSEWHERE, Vectors()) == []


def test_what_the_model_cant_read_is_not_judged() -> None:
    assert found(ELSEWHERE.replace(".", "?"), Vectors(), TERMS) == []
