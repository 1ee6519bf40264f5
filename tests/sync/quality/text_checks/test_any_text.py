"""Whatever stands in an answer, a check finds something or nothing, and says it in one line."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sync.quality.text_checks import TEXT_CHECKS
from tests.sync.quality.text_checks.texts import found

FORM = {
    "placeholder": {},
    "cut_off": {},
    "answer_language": {},
    "assistant_phrase": {},
    "role_marker": {},
    "broken_markdown": {},
    "repetition": {},
    "toxicity": {},
    "readability": {"shortest": 1},
    "required_phrase": {"phrases": ("No advice.",)},
    "missing_section": {"form": "soap", "shortest": 1},
    "citation": {},
}
PIECES = ("*", "**", "_", "`", "```\n", "[", "](", ")", "<b>", "|", "| a |\n", "# ", "- ", "1. ", "\n", " ",
          ".", ":", ",", "“", "{{", "TBD", "A v. B", "12 U.S. 4", "S: ", "User: ", "word", "ä", "新", "ก", "ع", "\u200b")  # fmt: skip
answers = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join)


@pytest.mark.parametrize("name", FORM)
@settings(max_examples=40, deadline=None)
@given(answers)
@example("")
@example("```")
@example("| |\n|-|\n||")
@example("`\n*")
def test_any_answer(name: str, answer: str) -> None:
    check = TEXT_CHECKS[name](**FORM[name])
    for fault in found(check, answer):
        assert 0.0 <= fault.score <= 1.0
        assert fault.severity in ("error", "warning", "info")
        assert "\n" not in fault.message


def test_long_ones_without_blanks() -> None:
    for piece in ("**a", "x", "](", "新卡。", "$X,X", "\\begin{a}"):
        for name, options in FORM.items():
            assert len(found(TEXT_CHECKS[name](**options), piece * 1500)) <= 2
