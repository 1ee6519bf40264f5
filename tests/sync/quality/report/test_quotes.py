"""What a page quotes is short and does nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.json_text import is_unicode
from sync.quality.report.quotes import ANSWER, QUESTION, harmless, question_of, quote_of
from tests.sync.builders import INTERFACE, record


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a\x00b\x1bc\x85d", "a�b�c�d"),
        ("a\u2028b\u2029", "a\nb"),
        ("half \ud800 of a pair", "half � of a pair"),
        ("pay \u202eevil\u202c now\u2066!\u2069", "pay evil now!"),
        ("one\r\n\r\n\r\n  two\tthree ", "one\ntwo\tthree"),
        ("שלום‏ <b>", "שלום‏ <b>"),
    ],
)
def test_characters_that_act_unseen_are_gone(said: str, shown: str) -> None:
    assert harmless(said) == shown


def test_a_long_text_is_cut_between_words() -> None:
    assert harmless("one two three four", 12) == "one two…"
    assert harmless("onetwothreefour", 8) == "onetwot…"
    assert len(harmless("word " * 30_000, 100)) <= 100


def test_what_is_drawn_as_one_is_not_cut() -> None:
    family = "👩‍👩‍👧"
    assert harmless(f"ab{family}cd", 5) == "ab…"
    assert harmless("e\N{COMBINING ACUTE ACCENT}" * 4, 4) == "e\N{COMBINING ACUTE ACCENT}…"


@given(st.text(st.characters(), max_size=300), st.integers(1, 60))
def test_any_text_can_be_written_and_is_short_enough(text: str, most: int) -> None:
    shown = harmless(text, most)
    assert len(shown) <= most
    assert is_unicode(shown)
    assert "\x00" not in shown
    assert "\u202e" not in shown


def test_a_task_is_quoted_by_its_last_question_and_its_answer() -> None:
    asked = [
        {"role": "user", "content": "First?"},
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": [{"type": "text", "text": "And\n\nthen?"}]},
    ]
    quote = quote_of(record(1, "x" * 100_000, data={"messages": asked}), INTERFACE)
    assert quote.question == "And\nthen?"
    assert len(quote.answer) == ANSWER
    assert question_of({"messages": [{"role": "user", "content": "y" * 5000}]}).endswith("…")
    assert len(question_of({"messages": [{"role": "user", "content": "y" * 5000}]})) == QUESTION
    assert question_of({"messages": None}) == ""
