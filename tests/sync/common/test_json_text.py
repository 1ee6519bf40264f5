"""JSON as one line, by both writers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.json_text import from_json_line, to_json, to_json_line

TEXTS = st.text(
    alphabet=st.characters(codec=None, categories=None)
    | st.sampled_from(["\ud800", "\x85", "\u2028", "\u2029", "\n", "\x0b", "\x1c"])
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=8,
)


@given(VALUES)
def test_a_line_holds_what_the_text_holds_and_is_one_line_to_every_reader(value: Any) -> None:
    line = to_json_line(value)
    assert json.loads(line) == json.loads(to_json(value)) == value
    assert line.endswith(b"\n")
    assert line.decode("utf-8").splitlines() == [line[:-1].decode("utf-8")]


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ({"a": "é\u2028\u2029\x85ą"}, '{"a":"é\\u2028\\u2029\\u0085ą"}\n'),
        ({"\x85": "\ud800"}, '{"\\u0085":"\\ud800"}\n'),
        ([2**70, -1.5], "[1180591620717411303424,-1.5]\n"),
        ("\\u2028 as text", '"\\\\u2028 as text"\n'),
    ],
)
def test_what_is_written(value: Any, line: str) -> None:
    assert to_json_line(value) == line.encode("utf-8")


def test_deep_nesting_is_written_all_the_same() -> None:
    value: Any = "deep"
    for _ in range(300):
        value = [value]
    assert json.loads(to_json_line(value)) == value


@given(TEXTS)
def test_a_line_is_read_as_it_was_written(text: str) -> None:
    assert from_json_line(to_json_line({text: [text]})) == {text: [text]}


@pytest.mark.parametrize("line", [b"", b"{", b"\xff", b"{} {}"])
def test_what_is_no_json_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json_line(line)
