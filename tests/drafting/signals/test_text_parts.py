# ruff: noqa: RUF001
"""Sentences, words and decisions, in whatever language and script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.signals.decision_words import decision, is_negated
from drafting.signals.text_parts import sentences, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Yes. It costs 3.50 at www.x.com! Right?",
            ["Yes.", "It costs 3.50 at www.x.com!", "Right?"],
        ),
        ("1. One\n2. Two\n\n---\n", ["1.", "One", "2.", "Two"]),
        ("是的。答案是三。好！", ["是的。", "答案是三。", "好！"]),
        ("हाँ, यह सही है। नहीं।", ["हाँ, यह सही है।", "नहीं।"]),
        ("نعم؟ لا.", ["نعم؟", "لا."]),
        ("...", []),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(max_size=80))
def test_no_letter_and_no_digit_is_lost(text: str) -> None:
    def said(text: str) -> str:
        return "".join(filter(str.isalnum, text))

    assert said("".join(sentences(text))) == said(text)


def test_words_hold_their_marks_and_apostrophes() -> None:
    assert words("Don't \u201cSTOP\u201d हाँ, peut-être - l\u2019eau") == [
        "don't", "stop", "हाँ", "peut-être", "l\u2019eau",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes, it does.", "yes"),
        ("**No**", "no"),
        ("The answer is maybe.", "maybe"),
        ("Perhaps. It is not clear.", "maybe"),
        ("Nein, das geht nicht.", "no"),
        ("Peut-être.", "maybe"),
        ("是的。", "yes"),
        ("不是。", "no"),
        ("हाँ, यह सही है।", "yes"),
        ("It may or may not.", None),
        ("No difference was found.\nDecision: yes", "yes"),
        ("Yes, it was seen.\n\n**Decision:** *maybe*", "maybe"),
        ("No difference was found between the two of them.", None),
        ("No \u2013 it differs.", "no"),
        ("Ya está hecho.", None),
        ("Si può fare.", None),
        ("不，这种药无效。", "no"),
        ("不需要。", None),
        ("はい、そうです。", "yes"),
        ("결정: 아니요", "no"),
        ("...", None),
        ("Noon is at twelve.", None),
        ("Hi Maria,\n\nYes, you can cancel online. Thank you for asking!", "yes"),
        ("### Answer\n\nNo, you can never deduct it.", "no"),
        ("**Short answer:** No. Keep the receipts.", "no"),
        ("Answer: yes (see \u00a7 4)", "yes"),
        ("Thank you for your message. No, we don't deliver there.", "no"),
        ("The answer is not yes.", None),
        ("I can't say yes.", None),
        ("Yes and no.", None),
        ("Nej, det g\u00e5r ikke. Mange tak", "no"),
        ("El reembolso no puede solicitarse ya.", None),
        ("Custa 5 euros por ano.", None),
        ("\u2026 --- 7", None),
        ("", None),
    ],
)
def test_a_text_decides_where_it_begins_or_ends(text: str, expected: str | None) -> None:
    assert decision(text) == expected


@pytest.mark.parametrize(
    ("negated", "plain"),
    [
        ("It does not work.", "It does work."),
        ("It doesn't work.", "It works."),
        ("Es geht nicht.", "Es geht."),
        ("Ça ne marche pas.", "Ça marche."),
        ("这个不行。", "这个行。"),
        ("यह नहीं चलता।", "यह चलता है।"),
        ("動きません。", "動きます。"),
    ],
)
def test_negations(negated: str, plain: str) -> None:
    assert is_negated(negated)
    assert not is_negated(plain)
