"""One form for characters and white space, and nothing else changed."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.intake.cleaning.normalised_text import Form, normalised, normalised_task

CASES = {
    "plain text": ("My card is lost.", "My card is lost."),
    "line ends": ("a\r\nb\rc\u2028d\x0ce\x85f", "a\nb\nc\nd\ne\nf"),
    "composed": ("cafe\u0301", "caf\u00e9"),
    "look-alikes stay": ("x\u00b2 + \u00bd \ufb01", "x\u00b2 + \u00bd \ufb01"),
    "zero width": ("a\u200bb\ufeffc\u2060d\u00ade", "abcde"),
    "control characters": ("a\x00b\x1bc\x7fd\x9de", "abcde"),
    "tabs stay": ("a\tb", "a\tb"),
    "joined emoji": ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
    "Persian": ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",) * 2,
    "a joiner among Latin letters": ("a\u200db \u200c", "ab"),
    "non-breaking spaces": ("10\u00a0%\u202f!\u2009x", "10 % ! x"),
    "an ideographic space stays": ("\u4f60\u3000\u597d", "\u4f60\u3000\u597d"),
    "trailing blanks": ("a  \nb\t\n c \u00a0", "a\nb\n c"),
    "two blank lines stay": ("a\n\n\nb", "a\n\n\nb"),
    "three become two": ("a\n\n\n\nb\n \n\t\n\n\nc", "a\n\n\nb\n\n\nc"),
    "blank lines around": ("\n\n  a\n\n", "  a"),
    "indentation": ("def f():\n    if x:\n\treturn", "def f():\n    if x:\n\treturn"),
    "nothing": (" \n\t\u200b", ""),
    "half a character": ("\ud800 ", "\ud800"),
}


@pytest.mark.parametrize(("text", "form"), CASES.values(), ids=CASES)
def test_one_form(text: str, form: str) -> None:
    assert normalised(text) == form
    assert normalised(form) == form


FENCED = "    x = 'e\u0301\u00a0'  \n\n\n\n\n\t\u200b"


@pytest.mark.parametrize(
    "around",
    [
        "see  \n```python\n{}\n```\nthat\u00a0is",
        "~~~\n{}\n~~~",
        "````\n```\n{}\n````",
        "1. so\n   ```\n{}\n   ```",
        "never closed\n```\n{}",
    ],
)
def test_code_fences_stay_as_they_are(around: str) -> None:
    assert FENCED in normalised(around.format(FENCED))


def test_after_a_fence_it_goes_on() -> None:
    assert normalised("```\n  \n```  \n a  \n") == "```\n  \n```\n a"


def test_line_ends_in_a_fence_and_nul() -> None:
    assert normalised("```\r\na \0\r\n```") == "```\na \n```"


def test_one_line_of_code_in_backticks_opens_no_fence() -> None:
    assert normalised("```x```  \na  ") == "```x```\na"


def test_nfkc_only_when_asked_for() -> None:
    assert normalised("x\u00b2 \ufb01", "NFKC") == "x2 fi"


def test_markdown_keeps_its_line_breaks() -> None:
    assert normalised("a   \nb  \n\nc  ", markdown=True) == "a  \nb\n\nc"


def test_which_texts_of_a_task() -> None:
    messy = "a\u00a0  \nb  "
    task = {
        "messages": [
            {"role": "user", "content": messy, "name": messy},
            {"role": "assistant", "content": messy},
            {"role": "user", "content": [messy]},
            messy,
        ],
        "context": {"tier": messy, "orders": [{"note": messy, "n": 3}], "none": None},
        "documents": [{"title": messy, "text": messy, "url": messy}, None],
        "other": messy,
    }
    assert normalised_task(task) == {
        "messages": [
            {"role": "user", "content": "a\nb", "name": messy},
            {"role": "assistant", "content": "a  \nb"},
            {"role": "user", "content": [messy]},
            messy,
        ],
        "context": {"tier": "a\nb", "orders": [{"note": "a\nb", "n": 3}], "none": None},
        "documents": [{"title": "a\nb", "text": "a  \nb", "url": messy}, None],
        "other": messy,
    }


@pytest.mark.parametrize("task", [{}, {"messages": "x"}, {"messages": [3], "context": [1]}])
def test_what_is_no_task_is_left_to_the_interface(task: dict[str, object]) -> None:
    assert normalised_task(task) == task


PIECES = [*"`~ \t\n>ax", "```", "~~~", "  ", "\n\n\n\n", "\r\n", "\u00e9", "e\u0301", "\u0301"]
PIECES += [*"\u200b\u200c\u200d\u00a0\u2028\x0c\u212a\u037e\uff40\u1fef\ufeff\u3000\u2000\xa8\0"]
texts = st.one_of(st.lists(st.sampled_from(PIECES)).map("".join), st.text())


@given(texts, st.sampled_from(["NFC", "NFKC"]), st.booleans())
@example("\u200c\0\u0301", "NFC", False)
def test_once_is_enough(text: str, form: Form, markdown: bool) -> None:
    once = normalised(text, form, markdown)
    assert normalised(once, form, markdown) == once


no_fence = st.text(alphabet="ab >\n\t\u00a0\u200b\u00e9")


@given(st.text().filter(lambda t: "```" not in t and "\0" not in t), no_fence, st.booleans())
def test_a_fence_s_lines_are_never_changed(inner: str, around: str, closed: bool) -> None:
    fence = "```\n" + re.sub("\r\n?", "\n", inner) + ("\n```\n" + around if closed else "")
    done = normalised(f"{around}\n{fence}")
    assert fence.removesuffix(around) in f"{done}\n"


@given(texts)
@example("a\u200b\u0301")
@example("a\0\u0301")
@example("a\u200c\u200d\u0301")
@example("\u1100\u200b\u1161\ufeff\u11a8")
def test_words_are_never_lost(text: str) -> None:
    def letters(of: str) -> list[str]:
        return [c for c in unicodedata.normalize("NFC", of) if c.isalnum()]

    assert letters(normalised(text)) == letters(text)


@pytest.mark.parametrize("between", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"])
@pytest.mark.parametrize(
    "letters", ["a\u0301", "\u03b1\u0301", "\u0915\u093c", "\u1100\u1161", "=\u0338"]
)
def test_letters_that_are_kept_apart_do_not_become_another(letters: str, between: str) -> None:
    text = f"x{letters[0]}{between}{letters[1]} y"
    assert normalised(text) == text


@pytest.mark.parametrize("between", ["\0", "\x01", "\x7f\x80", "\u200b\x01"])
def test_a_control_character_goes_and_what_it_kept_apart_stays_so(between: str) -> None:
    assert normalised(f"a{between}\u0301 b{between}c") == "a\u200b\u0301 bc"
    assert normalised(f"```\na{chr(0)}\u0301\n```") == "```\na\u200b\u0301\n```"


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: a non-joiner in a word
        "\u0915\u094d\u200d\u0937 \u0995\u09cd\u200c\u09b7",  # Hindi, Bengali: after a virama
        "\u0d28\u0d4d\u200d",  # an old spelling of Malayalam
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308",
        "1\ufe0f\u20e3 \u2764\ufe0f\u200d\U0001f525",
    ],
)
def test_joiners_that_carry_meaning_stay(text: str) -> None:
    assert normalised(text) == text
