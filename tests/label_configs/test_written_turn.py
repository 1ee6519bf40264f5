"""A turn written in one editor: its words and its calls, and what is no call."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_configs.content import ToolCall, spoken
from label_configs.written_turn import WrittenTurn, read_written
from tests.label_configs.strategies.common import texts

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,12}", fullmatch=True)
ARGUMENTS = st.dictionaries(texts, st.integers() | texts | st.lists(texts, max_size=2), max_size=3)


@given(
    words=texts.map(str.strip),
    called=st.lists(st.tuples(NAMES, ARGUMENTS), max_size=3),
    indent=st.sampled_from([None, 2]),
)
def test_what_is_written_is_read(
    words: str, called: list[tuple[str, Any]], indent: int | None
) -> None:
    calls = tuple(ToolCall(name, json.dumps(given, indent=indent)) for name, given in called)
    turn = WrittenTurn(words, calls)
    assert read_written(spoken(turn.message())) == turn


@pytest.mark.parametrize(
    ("text", "words", "calls"),
    [
        ("", "", []),
        ("Just words (with brackets).", "Just words (with brackets).", []),
        ("look()", "", [ToolCall("look")]),
        (
            'I look.\n\n  look({"a": 1})\n\nbook({})\n',
            "I look.",
            [ToolCall("look", '{"a": 1}'), ToolCall("book")],
        ),
        (
            'look({\n  "a": [1, 2]\n})',
            "",
            [ToolCall("look", '{\n  "a": [1, 2]\n}')],
        ),
        ('say({"text": "a) b\\n)"})', "", [ToolCall("say", '{"text": "a) b\\n)"}')]),
        # what words follow is a quotation
        ("Use look({}) like so:\nlook({})\nand wait.", None, []),
        ('look({"a": NaN})', None, []),
        ("look([1])", None, []),
        ("f(x) = 2", None, []),
        ("a\nf({}) then g({})", None, []),
    ],
)
def test_words_and_calls(text: str, words: str | None, calls: list[ToolCall]) -> None:
    assert read_written(text) == WrittenTurn(text if words is None else words, tuple(calls))


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("look({'a': 1})", "look"),
        ('I look.\nlook({"a": 1)', "look"),
        ('look({"a": 1}) and wait', "look"),
        ("other({'a': 1})", ""),  # no tool of the task's
        ("I would look({...}) there.", ""),
        ("look(at this)", ""),
    ],
)
def test_a_call_of_a_tool_that_can_t_be_read(text: str, broken: str) -> None:
    assert read_written(text, ["look"]) == WrittenTurn(text, broken=broken)


def test_arguments_beyond_any_depth_are_no_call() -> None:
    deep = "[" * 100_000
    assert read_written(f'look({{"a": {deep}', ["look"]).broken == "look"
