"""What an emptied editor leaves says nothing, and everything that may be an answer stays."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_configs.visible_text import is_unseen, visible_text

EMPTIED = [
    "",
    " \n\t",
    "\u200b",
    "\ufeff\u2060",
    "\u00ad \u200d",
    "\u2800\u3164",
    "\U000e0020",
    "\u2061\ufe0f",
    "&nbsp;",
    "&#8203; &#xFEFF;",
    "<p></p>",
    "<p><br></p>",
    "<div>\n<p>&nbsp;</p>\n</div>",
    "<br/>",
    "<p>\u200b</p>",
    '<span class="a"> </span>',
    "<P> <Strong></Strong> </P>",
    "<!-- to do -->",
    "<hr>",
    "**",
    "****",
    "** **",
    "**\u200b**",
    "__",
    "_ _",
    "~~~~",
    "``",
    "```\n```",
    "```python\n\n```",
    "```",
    "~~~\n~~~",
    "# ",
    "## ",
    "###\n",
    "- ",
    "* \n",
    "- \n- \n-",
    "> ",
    ">\n> ",
    "1. ",
    "1.\n2.\n",
    "- [ ] ",
    "---",
    "***",
    "| | |\n|---|:-:|\n| | |",
    "[]()",
    "![]()",
    "<p>&nbsp;</p>\n\n**",
]
ANSWERS = [
    "Yes.",
    "0",
    "42",
    "1.",
    "-5",
    "+1",
    "é",
    "是",
    "👍",
    "?",
    "!",
    "#",
    "-",
    "*",
    ">",
    "|",
    "`",
    "||",
    ">>",
    "->",
    "--",
    "==",
    "[]",
    "()",
    "{}",
    "[x]",
    "…",
    "$x$",
    "\\",
    "&",
    "&amp;",
    "&lt;p&gt;",
    "<div>",
    "</div>",
    "`<br>`",
    "```html\n<p></p>\n```",
    "<img src='a.png'>",
    "<p><img src='a.png'></p>",
    "<video src='a'></video>",
    "<customer name>",
    "<p>.</p>",
    "- a",
    "1. a",
    "**a**",
    "[a]()",
    "| a | |",
    "👩\u200d⚕️",
]


@pytest.mark.parametrize("text", EMPTIED, ids=repr)
def test_blanks_and_markup_alone_say_nothing(text: str) -> None:
    assert visible_text(text) == ""
    assert visible_text(f"\n{text}\n\n") == ""


@pytest.mark.parametrize("text", ANSWERS, ids=repr)
def test_what_may_be_an_answer_stays(text: str) -> None:
    assert visible_text(f" {text}\n") == text


@given(st.text(), st.sampled_from(EMPTIED), st.sampled_from(EMPTIED))
def test_markup_around_a_word_hides_nothing(text: str, before: str, after: str) -> None:
    said = f"{before} word {text} {after}"
    assert visible_text(said) == said.strip()


@given(st.text(alphabet="#*->_`~[]()!|:= \n\u200b\u3164", max_size=20))
def test_what_is_left_is_the_text_itself(text: str) -> None:
    assert visible_text(text) in ("", text.strip())
    if is_unseen(text):
        assert visible_text(text) == ""


@pytest.mark.parametrize("sign", ["*", "-", ">", "#", "<p>", "| ", "- ", "_ ", "\u200b", "<p></p>"])
def test_a_long_row_of_signs_is_read_at_once(sign: str) -> None:
    text = f"{sign * 10_000} the end"
    started = process_time()
    assert visible_text(text) == text.strip()
    assert process_time() - started < 1
