"""The quick look at plain lines, held against the rules and the reading that it stands for."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.training_files.formats import FORMATS
from sync.training_files.formats.example_texts import count_quoted
from sync.training_files.formats.format import Format
from tests.sync.training_files.validation.lines import right

GOLDEN = Path(__file__).parent / "golden"
QUICK = [name for name, form in FORMATS.items() if type(form).plain is not Format.plain]


def held(form: str, line: Any) -> bool:
    """Whether a line is plain; then no rule may be broken, and what it says be the same."""
    found = FORMATS[form].plain(line)
    if found is not None:
        said, quoted = found
        assert list(FORMATS[form].check(line)) == []
        assert said == FORMATS[form].read(line)
        assert quoted == count_quoted(line)
    return found is not None


@pytest.mark.parametrize("form", QUICK)
def test_plain_lines_are_right_and_say_what_is_read(form: str) -> None:
    assert all(held(form, right(form, number)) for number in range(3))
    for line in (GOLDEN / f"{form}.jsonl").read_bytes().splitlines():
        held(form, json.loads(line))


def places(value: Any) -> list[tuple[Any, Any]]:
    """(container, key) of everything in a line."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, Any]] = []
    for key, held_there in inner:
        found.append((value, key))
        if isinstance(held_there, dict | list):
            found += places(held_there)
    return found


@pytest.mark.parametrize("form", QUICK)
def test_a_part_of_the_turns_alone(form: str) -> None:
    """Such as a system's message without a conversation."""
    line = right(form, 1)
    for container, key in places(line):
        turns = container[key]
        for end in range(len(turns) + 1 if isinstance(turns, list) else 0):
            for start in range(end + 1):
                container[key] = turns[start:end]
                held(form, line)
        container[key] = turns


WORDS = ("", " ", "user", "assistant", "system", "tool", "human", "gpt", "model", "User:", "[]")
odd = st.sampled_from((*WORDS, None, 0, 1, True, [], {}, ["a"], {"text": "a"}, [{"text": "a"}]))
edits = st.lists(st.tuples(st.integers(0, 99), st.sampled_from("sdxta"), odd), max_size=4)


@pytest.mark.parametrize("form", QUICK)
@given(edits=edits)
def test_whatever_is_changed_in_a_plain_line(form: str, edits: list[Any]) -> None:
    line = copy.deepcopy(right(form, 1))
    for at, how, value in edits:
        there = places(line)
        if not there:
            break
        container, key = there[at % len(there)]
        if how == "s":
            container[key] = copy.deepcopy(value)
        elif how == "d":
            del container[key]
        elif isinstance(container, dict):
            container[{"x": "tools", "t": "name", "a": "weight"}[how]] = copy.deepcopy(value)
        else:
            container.insert(0, copy.deepcopy(container[key]))
    held(form, line)
