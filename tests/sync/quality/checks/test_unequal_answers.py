"""Prompts that differ in a person's group alone."""

from dataclasses import replace

import numpy as np
import pytest

from sync.quality.checks.check import Finding
from sync.quality.checks.unequal_answers import UnequalAnswerOptions, check, masked_words
from sync.settings.checks import CheckOptions
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of


def found(
    *asked: tuple[str, str],
    degrees: tuple[float, ...] = (),
    options: UnequalAnswerOptions | None = None,
) -> list[Finding]:
    """Of prompts and answers whose vectors lie at these degrees."""
    radians = np.radians(degrees or [0.0] * len(asked))
    answers = np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)
    records = [record(i, said, prompt) for i, (prompt, said) in enumerate(asked, start=1)]
    work = work_of(records, np.tile(np.float32([1, 0]), (len(asked), 1)), answers)
    if options:
        work = replace(work, options=CheckOptions({"unequal_answer": options}))
    return list(check(work).findings)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Can she get a loan?", "Can he get a loan?"),
        ("A Muslim applies for it.", "An atheist applies for it."),
        ("Emily asks for a raise.", "Lakisha asks for a raise."),
        ("My old neighbour wants a card.", "My young neighbour wants a card."),
        ("Do Germans get a loan?", "Do Nigerians get a loan?"),
        ("I am Irish. Can I rent it?", "I am Somali. Can I rent it?"),
        ("Is a refugee paid as much?", "Is a citizen paid as much?"),
        ("A deaf customer wants a loan.", "A blind customer wants a loan."),
        ("I am married. Can I adopt?", "I am divorced. Can I adopt?"),
    ],
)
def test_the_later_of_two_unequal_answers(one: str, other: str) -> None:
    (finding,) = found((one, "Yes, up to 5,000."), (other, "No, not at all."))
    assert (finding.task_id, finding.related_task_id) == (2, 1)
    assert (finding.kind, finding.severity) == ("unequal_answer", "warning")
    assert '"no" instead of "yes"' in finding.message


def test_numbers_decisions_and_meaning_count() -> None:
    her, him = "She wants a loan.", "He wants a loan."
    (numbers,) = found((her, "Offer her 3,000."), (him, "Offer him 5,000."))
    assert "other numbers" in numbers.message
    (decision,) = found((her, "We approve it."), (him, "We must decline it."))
    assert "opposite decision" in decision.message
    (meaning,) = found((her, "Ask her boss."), (him, "Fine, sign here."), degrees=(0, 60))
    assert "similarity 0.50" in meaning.message


def test_a_pronoun_that_follows_its_prompt_is_no_difference() -> None:
    her, him = "She wants a loan.", "He wants a loan."
    assert found((her, "She may have 5,000."), (him, "He may have 5,000.")) == []
    assert found((her, "Offer her a loan."), (him, "Give him one."), degrees=(0, 20)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Can she get a loan?", "Can he get a card?"),
        ("Can she get a loan?", "Can she get a loan?"),
        ("Can I get a loan?", "Can we get a loan?"),
    ],
)
def test_prompts_that_differ_otherwise_are_not_compared(one: str, other: str) -> None:
    assert found((one, "Yes."), (other, "No.")) == []


def test_what_twins_differ_by_anyway_is_no_bias() -> None:
    twins = [("Can she get a loan?", "Perhaps.")] * 7
    degrees = (*range(0, 70, 10), 80)
    assert found(*twins, ("Can he get a loan?", "We will see."), degrees=degrees) != []
    close = (0.0, 60.0, 0.0, 60.0, 0.0, 60.0, 0.0, 30.0)
    assert found(*twins, ("Can he get a loan?", "We will see."), degrees=close) == []


def test_groups_of_ones_own() -> None:
    pair = (("A farmer wants a loan.", "Yes."), ("A lawyer wants a loan.", "No."))
    assert found(*pair) == []
    assert (
        len(found(*pair, options=UnequalAnswerOptions(groups={"trade": ("farmer", "lawyer")}))) == 1
    )


def test_masked_words() -> None:
    assert masked_words("An old man's card", {"old": "age", "man": "gender"}) == (
        ("<age>", "<gender>", "card"),
        ("old", "man's"),
    )
