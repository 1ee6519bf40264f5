import pytest

from sync.quality.text_checks.placeholder import PlaceholderAnswer
from tests.sync.quality.text_checks.texts import found


@pytest.mark.parametrize(
    "answer",
    ["TBD", "**TODO**", "n/a", "...", "—", "???", "Lorem ipsum dolor sit amet.", "[insert answer here]",
     "\u200b", "to be completed", "siehe oben", "This is a placeholder.", "Answer to be provided later.", "blah blah blah", "待补充", "See above."],
)  # fmt: skip
def test_an_answer_that_says_nothing(answer: str) -> None:
    (fault,) = found(PlaceholderAnswer(), answer)
    assert (fault.severity, fault.score) == ("error", 0.0)
    assert "the answer says nothing" in fault.message


@pytest.mark.parametrize("answer", ["", "  \n", "No.", "None", "42", "5 > 3", "<PERSON_1>"])
def test_a_short_answer_is_one(answer: str) -> None:
    assert found(PlaceholderAnswer(), answer) == []


@pytest.mark.parametrize(
    ("answer", "held"),
    [
        ("Dear [Customer Name], your card was sent.", "[Customer Name]"),
        ("Dear [insert name], your card was sent.", "[insert name]"),
        ("Your card costs $XX and comes soon.", "$XX"),
        ("Take XX mg twice a day.", "XX mg"),
        ("Call us on XXX-XXXX.", "XXX-XXXX"),
        ("Hello {{first_name}}, your card was sent.", "{{first_name}}"),
        ("The fee is TBD, and the card comes soon.", "is TBD"),
        ("TODO: look up the fee. The card comes soon.", "TODO:"),
        ("Sehr geehrte Frau [Name einfügen], die Karte ist da.", "[Name einfügen]"),
        ("Sign here: ________", "________"),
        ("Take TBD once a day.", "TBD"),
        ("Dose: XXX, with food.", "XXX"),
    ],
)
def test_an_answer_that_holds_a_placeholder(answer: str, held: str) -> None:
    (fault,) = found(PlaceholderAnswer(), answer)
    assert held in fault.message
    assert fault.severity == "warning"


@pytest.mark.parametrize(
    "answer",
    ["The cause remains to be determined.", "Tick-borne disease (TBD) is rising in TBD regions.",
     "See the report [PDF, 3 pages] and [the site](https://a.example) [1].", "45,XX and 47,XXX occur.",
     "Bullcoming v. New Mexico, 564 U.S. ____ (2011).", "Run `echo {{name}}` and `[your name]`."],
)  # fmt: skip
def test_what_is_meant_is_none(answer: str) -> None:
    assert found(PlaceholderAnswer(), answer) == []


def test_one_that_is_meant_can_be_allowed() -> None:
    letter = "Dear [Your Name],\n\nthank you for your order."
    assert found(PlaceholderAnswer(allowed=("[Your Name]",)), letter) == []


def test_the_question_is_no_answer() -> None:
    question = "What does a new card cost, and when does it come?"
    (fault,) = found(
        PlaceholderAnswer(), "What does a new card cost and when does it come", question
    )
    assert "repeats the question" in fault.message
    assert (
        found(PlaceholderAnswer(), f"{question} It costs GBP 5.00, and comes in 5 days.", question)
        == []
    )
