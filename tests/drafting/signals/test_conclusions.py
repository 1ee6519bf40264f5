# ruff: noqa: RUF001
"""What answers come to, and how alike that is."""

import pytest

import label_configs
from drafting.signals.conclusion_agreement import conclusion_agreement
from drafting.signals.conclusions import conclusion_of, number_similarity, without_formula
from drafting.signals.evidence import SampledAnswer
from drafting.signals.model_agreement import model_agreement
from drafting.signals.semantic_entropy import SAME_MEANING, semantic_entropy
from label_configs.content import ToolCall
from label_configs.multi_intent import MultiIntent
from label_configs.multi_intent_items import Intent
from tests.drafting.signals.evidences import evidence, written

WAY = "She has 16 eggs a day and eats 3 for breakfast, bakes with 4, and sells the rest. "


def of(*answers: str | SampledAnswer) -> float:
    found = conclusion_agreement(evidence(*answers))
    assert found is not None
    return found


def test_the_last_sentences_are_the_conclusion_and_their_last_numbers() -> None:
    found = conclusion_of(f"{WAY}So she makes 9 * 2 = 18 dollars every day. Thank you!")
    assert found.ending.endswith("18 dollars every day. Thank you!")
    assert [int(one) for one in found.numbers] == [9, 2, 18]


def test_numbers_before_a_decision_are_no_part_of_it() -> None:
    found = conclusion_of("It was 5.3 % against 6.1 % (p = 0.04).\nDecision: yes")
    assert (found.numbers, found.decided) == ((), "yes")


def test_of_a_short_text_all_is_its_conclusion() -> None:
    assert conclusion_of("card_arrival").ending == "card_arrival"
    assert conclusion_of("?").ending == "?"


def test_what_leads_to_the_answer_does_not_count() -> None:
    """Worked answers that are alike but for the last number differ; another way does not."""
    right = f"{WAY}So she makes 18 dollars."
    wrong = f"{WAY}So she makes 26 dollars."
    other_way = "Of 16 eggs, 7 are used. Nine are sold at 2 dollars each. So she makes 18 dollars."
    assert of(right, wrong) < of(right, other_way)
    assert of(right, wrong) < SAME_MEANING < of(right, right)


def test_numbers_are_compared_as_numbers() -> None:
    assert of("It costs $1,200.00.", "It costs 1200 dollars.") > of(
        "It costs $1,200.00.", "It costs $1,300.00."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yes, the drug helps these patients.", "No, the drug helps these patients."),
        ("The drug helps these patients: yes.", "Maybe. The drug helps these patients."),
        ("Ja, das Mittel hilft.", "Nein, das Mittel hilft."),
        ("是的，这种药有效。", "不，这种药有效。"),
        ("The drug helps these patients.", "The drug doesn't help these patients."),
        ("यह दवा काम करती है।", "यह दवा काम नहीं करती है।"),
    ],
)
def test_contraries_differ_whatever_the_words(one: str, other: str) -> None:
    assert of(one, other) <= 0.5 < of(one, one)


def test_the_draft_is_compared_with_each_of_the_others() -> None:
    """Two that agree with each other against the draft say nothing for it."""
    assert of("It is 5.", "It is 7.", "It is 7.") < of("It is 7.", "It is 7.", "It is 5.")


def test_parts_are_compared_with_the_most_similar_part() -> None:
    """Each intent of a query has its answer, in whatever order; another answer of one tells."""
    fee, card = "The fee is 5 dollars a month.", "A new card arrives within 10 days."
    one = SampledAnswer(f"{fee}\n\n{card}", parts=(fee, card))
    turned = SampledAnswer(f"{card}\n\n{fee}", parts=(card, fee))
    other_fee = "The fee is 9 dollars a month."
    other = SampledAnswer(f"{other_fee}\n\n{card}", parts=(other_fee, card))
    assert of(one, turned) == pytest.approx(1.0)
    assert of(one, other) < 1 - 1 / 8


def test_intents_are_parts_of_their_own() -> None:
    interface = label_configs.load("multi_intent")
    parts = (Intent(intent="fees", segment="Five."), Intent(intent="cards", segment="Ten."))
    assert interface.separate_answers(MultiIntent(intents=parts)) == ("Five.", "Ten.")
    chat = label_configs.load("chat_response")
    record = chat.read_reply("Five.", {})
    assert list(chat.separate_answers(record)) == ["Five."]


def test_calls_are_compared_by_what_they_do() -> None:
    block, other = (
        SampledAnswer("", calls=(ToolCall("block", f'{{"card": {n}}}'),)) for n in (1, 2)
    )
    assert of(block, block) == 1.0
    assert of(block, other) == pytest.approx(0.5)
    assert of(block, "I have blocked it.") == 0.0
    assert of("It is 5.", "It is 5.", block) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([], [], 1.0),
        ([1], [], 0.0),
        ([18], [9, 2, 18], 1.0),
        ([18, 9], [18], 0.5),
        ([1, 2], [3, 4], 0.0),
        ([2, 2], [2, 3], 0.25),
        ([5, 8], [50, 8], 0.25),
        ([2, 9, 18], [3, 6, 18], 1 / 6),
    ],
)
def test_number_similarity(one: list[int], other: list[int], expected: float) -> None:
    assert number_similarity(one, other) == number_similarity(other, one) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Give 5 mg every 8 hours.", "Give 50 mg every 8 hours."),
        (
            "The notice period is 3 months (§ 573 BGB).",
            "The notice period is 6 months (§ 573 BGB).",
        ),
        ("Give ½ tablet twice a day.", "Give ¼ tablet twice a day."),
        ("### Answer\n\nYes, it is deductible.", "### Answer\n\nNo, it is deductible."),
    ],
)
def test_what_differs_in_one_number_or_word_means_something_else(one: str, other: str) -> None:
    assert semantic_entropy(evidence(one, other)) == 0.0
    assert semantic_entropy(evidence(one, one)) == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("You pay 12 EUR in all.", "You pay €12 in all."),
        ("Give 5 mg every 8 hours.", "Give 5 milligrams every 8 hours."),
        ("The right answer is (B).", "The right answer is B."),
    ],
)
def test_what_is_written_otherwise_means_the_same(one: str, other: str) -> None:
    assert semantic_entropy(evidence(one, other)) == 1.0


def test_numbers_of_items_and_sources_say_nothing() -> None:
    three = conclusion_of("1. Open the app [2].\n2. Choose the card.[1, 3]\n3. Press Freeze.")
    assert (three.numbers, three.ending) == ((), "Open the app. Choose the card. Press Freeze.")
    assert conclusion_of("7.").ending == "7."
    assert [int(one) for one in conclusion_of("It is in [0, 1].").numbers] == [0, 1]


DISCLAIMER = "This is general information. Please ask a doctor, or call 0800 123 456, at any time."


def test_a_formula_that_ends_every_answer_is_no_conclusion() -> None:
    four, six = (f"Take {grams} g a day.\n{DISCLAIMER}" for grams in (4, 6))
    assert semantic_entropy(evidence(four, six)) == 0.0
    assert of(four, six) < of(four, f"A day, take 4 g.\n{DISCLAIMER}")


def test_a_short_end_that_all_share_is_what_they_come_to() -> None:
    texts = ["3 * 6 makes it.\nAnswer: 18", "It is twice nine, no more.\nAnswer: 18"]
    assert list(without_formula(texts)) == texts
    assert list(without_formula([f"A.\n{DISCLAIMER}"] * 2)) == [f"A.\n{DISCLAIMER}"] * 2
    assert list(without_formula([DISCLAIMER, "A."])) == [DISCLAIMER, "A."]


def test_one_part_or_argument_that_differs_is_another_meaning() -> None:
    """Though on the whole, they are much alike."""
    parts = ["The fee is 5 dollars.", "A card takes 10 days.", "The limit is 300 dollars."]
    one = SampledAnswer("\n\n".join(parts), parts=tuple(parts))
    others = ["The fee is 15 dollars.", *parts[1:]]
    other = SampledAnswer("\n\n".join(others), parts=tuple(others))
    assert semantic_entropy(evidence(one, other)) == 0.0
    assert semantic_entropy(evidence(one, one)) == 1.0
    pay, more = (
        SampledAnswer("", calls=(ToolCall("pay", f'{{"amount": {n}, "to": 1, "at": 2, "x": 3}}'),))
        for n in (50, 5000)
    )
    assert of(pay, more) >= SAME_MEANING
    assert semantic_entropy(evidence(pay, more)) == 0.0
    assert semantic_entropy(evidence(pay, pay)) == 1.0


def test_semantic_entropy_counts_meanings() -> None:
    """The formula of Farquhar et al. (2024): of 3 and 1, ln 4 - 3/4 ln 3, over ln 4."""
    assert semantic_entropy(evidence("It is 5.", "It is 5.", "It is 5.")) == 1.0
    assert semantic_entropy(evidence("It is 1.", "It is 2.", "It is 3.")) == pytest.approx(0.0)
    found = semantic_entropy(evidence("It is 5.", "It is 7.", "It is 5.", "It is 5."))
    assert found == pytest.approx(1 - 0.8112781 / 2)
    assert semantic_entropy(evidence("It is 5.")) is None


def test_a_brought_draft_is_no_meaning_of_the_model_s() -> None:
    brought = evidence("It is 9.", "It is 5.", "It is 5.", brought=True)
    assert semantic_entropy(brought) == 1.0
    assert conclusion_agreement(brought) == of("It is 9.", "It is 5.") < 0.6


def test_models_are_compared_with_each_other_only() -> None:
    one, other = written("It is 5.", model="one"), written("It is 7.", model="one")
    assert model_agreement(evidence(one, other)) is None
    assert model_agreement(evidence(one, written("It is 5.", model="two"))) == pytest.approx(1.0)
    mixed = model_agreement(evidence(one, other, written("It is 5.", model="two")))
    assert mixed == pytest.approx((1.0 + of("It is 5.", "It is 7.")) / 2)
