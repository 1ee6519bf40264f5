"""Parts of a query that nobody answered."""

import pytest

from sync.quality.text_checks.checked_text import CheckedText
from sync.quality.text_checks.unanswered_intent import UnansweredIntent

QUERY = "My card is lost. How do I freeze it, and what does a new one cost?"


def intents(*parts: tuple[str, str]) -> list[str]:
    text = CheckedText(QUERY, QUERY, "…", intents=parts)
    return [fault.message for fault in UnansweredIntent()(text)]


def asked(question: str, answer: str) -> list[str]:
    return [f.message for f in UnansweredIntent()(CheckedText(question, question, answer))]


def test_an_intent_without_a_part() -> None:
    (message,) = intents(("cards", "Freeze it in the app."), ("fees", ""))
    assert "'fees'" in message


def test_two_intents_with_one_answer() -> None:
    (message,) = intents(("cards", "Freeze it in the app."), ("fees", "Freeze  it in the app."))
    assert "'cards' and 'fees'" in message


def test_a_part_that_speaks_of_something_else() -> None:
    other = "Mortgage rates follow the base rate that banks publish every quarter."
    assert len(intents(("cards", "Freeze it in the app."), ("fees", other))) == 1
    assert intents(("cards", "Freeze it in the app."), ("mortgage_rates", other)) == []
    assert intents(("cards", "Freeze it in the app."), ("fees", "GBP 5.")) == []


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        ("Freeze it in the app under Cards.", 1),
        ("Freeze it in the app. A new card costs GBP 5.", 0),
        ("Freeze it in the app. It is free of charge.", 0),
    ],
)
def test_a_question_that_is_left_out(answer: str, faults: int) -> None:
    assert len(asked(QUERY, answer)) == faults


def test_enumerated_questions() -> None:
    question = "Please tell me:\n1. What is the overdraft limit?\n2. Who signs the mortgage?"
    assert len(asked(question, "Your overdraft limit is 500.")) == 1
    assert asked(question, "The overdraft limit is 500. Both owners sign the mortgage.") == []


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What does a new card cost?", "Five pounds."),
        ("Can you help me? What does a new card cost?", "A card costs five pounds."),
        ("Was kostet die Karte? Wann kommt sie?", "Die Karte kostet 5 Euro und kommt morgen."),
        ("البطاقة؟ الرسوم؟", "مجانا"),
    ],
)
def test_what_is_no_left_out_question(question: str, answer: str) -> None:
    assert asked(question, answer) == []


def test_plain_questions_can_be_left_alone() -> None:
    text = CheckedText(QUERY, QUERY, "Freeze it in the app under Cards.")
    assert list(UnansweredIntent(questions=False)(text)) == []
