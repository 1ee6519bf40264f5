"""A last step that leads elsewhere."""

import pytest

from sync.quality.text_checks.checked_text import CheckedText
from sync.quality.text_checks.conclusion import ReasoningConclusion


def found(step: str, answer: str, check: ReasoningConclusion | None = None) -> list[str]:
    text = CheckedText("", "", answer, reasoning=("Look at the facts.", step))
    return [fault.message for fault in (check or ReasoningConclusion())(text)]


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("She makes 9 * 2 = $<<9*2=18>>18 a day.", "#### 20"),
        ("So the total is 1,200.", "You pay 1,300 in all."),
        ("Therefore, yes, it is covered.", "No, it is not."),
        ("So the answer is (B).", "The answer is C."),
        ("The customer is not eligible.", "You are eligible for the plan."),
        ("The claim should be approved.", "We must decline your claim."),
        ("Hence the result is 12.", r"\boxed{15}"),
    ],
)
def test_another_conclusion_than_the_answer(step: str, answer: str) -> None:
    (message,) = found(step, answer)
    assert "make the answer follow" in message


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("She makes 9 * 2 = $<<9*2=18>>18 a day.", "#### 18"),
        # a comma of the sentence or of thousands is no other number (helm 4337, opencompass 2426)
        ("So it is 80,000 + 50,000 = 130,000.", "The total is $130,000, altogether."),
        ("The temperature is 2 - 5 = -3.", "#### -3"),
        ("So the total is 18.", "Eighteen dollars a day."),
        ("The share is 45 / 180 = 0.25.", "25% of them."),
        ("That is = 0.5 hours.", "It takes 30 minutes."),
        ("So it is 33.33.", "About 33."),
        ("Therefore, yes.", "Yes, it is covered."),
        ("So the answer is (B).", "The answer is B."),
        ("The customer is ineligible.", "You are not eligible."),
        ("There is no doubt about it.", "Yes."),
        ("Compare both plans.", "Take plan A, which costs 5."),
        ("Deshalb lautet die Antwort nein.", "Ja, das geht."),
    ],
)
def test_a_step_that_leads_to_the_answer_or_says_nothing(step: str, answer: str) -> None:
    assert found(step, answer) == []


def test_without_reasoning_there_is_nothing_to_compare() -> None:
    assert list(ReasoningConclusion()(CheckedText("", "", "#### 20"))) == []


def test_options_leave_kinds_out() -> None:
    assert found("So it is 12.", "#### 15", ReasoningConclusion(numbers=False)) == []
    assert found("So yes.", "No.", ReasoningConclusion(decisions=False)) == []
