"""What samples and documents say of a draft, sentence by sentence."""

import pytest

from drafting.signals.document_support import MOST, document_support
from drafting.signals.evidence import SampledAnswer
from drafting.signals.sample_support import MOST_CLAIMS, sample_support
from drafting.signals.text_checks import soundness, text_checks
from label_configs.content import ToolCall
from tests.drafting.signals.evidences import evidence

FEE = "A new card costs 5 dollars."
DAYS = "It arrives within 10 working days."


def test_a_sentence_that_no_sample_says_lowers_the_support() -> None:
    told = sample_support(evidence(f"{FEE} {DAYS}", f"{DAYS}\n{FEE}"))
    half = sample_support(evidence(f"{FEE} {DAYS}", f"{FEE} Ask your branch for help."))
    assert told == pytest.approx(1.0, abs=1e-5)
    assert half is not None
    assert 0.5 <= half < 0.9


def test_a_number_that_no_sample_says_lowers_it_more_than_its_words() -> None:
    other = sample_support(evidence(FEE, "A new card costs 7 dollars."))
    assert other == 0.0


def test_without_other_samples_or_with_calls_nothing_is_known() -> None:
    assert sample_support(evidence(FEE)) is None
    assert sample_support(evidence("...", FEE)) is None
    calls = SampledAnswer("", calls=(ToolCall("block"),))
    assert sample_support(evidence(calls, FEE)) is None
    assert document_support(evidence(calls, FEE, documents=(FEE,))) is None


def test_documents_support_what_they_say() -> None:
    documents = (f"Fees\n{FEE} Terms apply.", f"Delivery\n{DAYS}")
    told = document_support(evidence(f"{FEE} {DAYS}", FEE, documents=documents))
    assert told == pytest.approx(1.0, abs=1e-5)
    made_up = document_support(
        evidence(f"{FEE} It arrives within 2 days.", FEE, documents=documents)
    )
    assert made_up == pytest.approx(0.5, abs=1e-5)
    assert document_support(evidence(FEE, FEE)) is None
    # a first draft waits for no embedding model
    alone = evidence(FEE, documents=documents)
    assert document_support(alone) is None
    assert alone.vectors._encoder().history == []  # type: ignore[attr-defined]


def test_numbers_of_the_question_need_no_document() -> None:
    documents = ("Each card costs the same.",)
    asked = document_support(
        evidence("Your 3 cards.", FEE, documents=documents, asked="I want 3 cards.")
    )
    made_up = document_support(evidence("Your 3 cards.", FEE, documents=documents))
    assert asked is not None
    assert asked > 0.0 == made_up


def test_of_a_long_document_only_what_is_near_is_embedded() -> None:
    handbook = "\n".join(f"Rule {n} is about matter {n * 7}." for n in range(5 * MOST))
    given = evidence(FEE, FEE, documents=(f"{handbook}\n{FEE}",))
    assert document_support(given) == pytest.approx(1.0, abs=1e-5)
    encoder = given.vectors._encoder()
    assert sum(map(len, encoder.history)) <= MOST + 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (FEE, None),
        (f"{FEE} {DAYS} {FEE}", pytest.approx(2 / 3)),
        (f"{FEE}\n" * 8, pytest.approx(1 / 8)),
        (f"{FEE}<|im_end|>", 0.0),
        (SampledAnswer("", calls=(ToolCall("block"),)), None),
        (SampledAnswer("", calls=(ToolCall("block"),), faulty_calls=True), 0.0),
        ("- Yes.\n- No.\n- Maybe.\n- Perhaps.\n- Yes.", None),
        ("12 boxes of 8 are 12 * 8 = 96 pens.", None),
        ("12 boxes of 8 are 12 * 8 = 98 pens.", 0.1),
        ("1.200 € + 3.50 € = 1.203,50 €", None),
        ("2 km + 300 m = 2300 m", None),
        (SampledAnswer("98", steps=("Boxes: 12", "Pens: 12 * 8 = 98")), 0.1),
    ],
)
def test_faults_that_can_be_seen(answer: str | SampledAnswer, expected: float | None) -> None:
    assert text_checks(evidence(answer)) == expected


def test_what_the_task_says_is_no_fault_of_the_draft() -> None:
    quoted = "The bill says 12 * 8 = 98, and it should say 96."
    assert text_checks(evidence(quoted)) == 0.1
    assert text_checks(evidence(quoted, asked="Is 12 * 8 = 98?")) is None
    assert text_checks(evidence(quoted, documents=("Pens\n12 * 8 = 98",))) is None
    assert text_checks(evidence(f"{quoted} 2 + 2 = 5", asked="Is 12 * 8 = 98?")) == 0.1


def test_each_answer_is_looked_at_by_itself() -> None:
    given = evidence("3 + 4 = 7", "3 + 4 = 8", f"{FEE}<|im_end|>")
    assert soundness(given).tolist() == [1.0, 0.1, 0.0]


def test_of_a_long_draft_some_sentences_are_looked_at() -> None:
    given = evidence("\n".join(f"Rule {n} holds." for n in range(10 * MOST_CLAIMS)), FEE)
    assert sample_support(given) is not None
    encoder = given.vectors._encoder()
    assert sum(map(len, encoder.history)) <= MOST_CLAIMS + 1  # type: ignore[attr-defined]
