"""Each rule of every format with lines that break it and no other."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.training_files.formats import FORMATS
from tests.sync.training_files.formats import two_sided_lines as two_sided
from tests.sync.training_files.formats.fault_lines import OPENAI, RIGHT, SECRET, TRL, WARNED

CHECKED = sorted({name for name, _, _ in OPENAI + TRL})
REFUSED = OPENAI + TRL + two_sided.FAULTY
DOUBTFUL = WARNED + two_sided.WARNED
ACCEPTED = RIGHT + two_sided.RIGHT


def ids(table: list[Any]) -> list[str]:
    return [f"{name}-{rest[0]}" if len(rest) > 1 else name for name, *rest in table]


@pytest.mark.parametrize(("name", "rule", "line"), REFUSED, ids=ids(REFUSED))
def test_a_line_breaks_its_rule_alone(name: str, rule: str, line: Any) -> None:
    found = list(FORMATS[name].check(line))
    assert [(f.rule, f.severity) for f in found] == [(rule, "error")]


@pytest.mark.parametrize(("name", "rule", "line"), DOUBTFUL, ids=ids(DOUBTFUL))
def test_what_costs_quality_only_is_a_warning(name: str, rule: str, line: Any) -> None:
    found = list(FORMATS[name].check(line))
    assert [(f.rule, f.severity) for f in found] == [(rule, "warning")]


@pytest.mark.parametrize(("name", "line"), ACCEPTED, ids=ids(ACCEPTED))
def test_what_is_right_is_not_faulted(name: str, line: Any) -> None:
    assert list(FORMATS[name].check(line)) == []


@pytest.mark.parametrize(("name", "rule", "line"), REFUSED + DOUBTFUL)
def test_no_message_repeats_the_example(name: str, rule: str, line: Any) -> None:
    for fault in FORMATS[name].check(line):
        assert SECRET not in fault.message
        assert len(fault.message.splitlines()) == 1


def test_a_fault_says_which_message_what_was_expected_what_came_and_what_to_do() -> None:
    line = {"messages": [{"role": "human", "content": "Hi"}, {"role": "assistant", "content": 7}]}
    assert [f.message for f in FORMATS["openai-chat"].check(line)] == [
        "message 1: role must be system, user, assistant or tool, found 'human'; write 'user'",
        "message 2: content must be text, found a number",
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(
    ["role", "content", "weight", "name", "tool_calls", "tool_call_id", "id", "function", "type"]
)
values = json_values | st.sampled_from(["user", "assistant", "tool", "text", "function"])
parts = st.dictionaries(keys, values | st.lists(st.dictionaries(keys, values)), max_size=5)
messages = st.lists(parts | json_values, max_size=4) | json_values
PARTS = (
    "messages tools input preferred_output non_preferred_output prompt completion chosen rejected "
    "label completions labels text"
)
lines = json_values | st.dictionaries(
    st.sampled_from(PARTS.split()),
    messages | st.fixed_dictionaries({"messages": messages}),
    max_size=5,
)


@given(st.sampled_from(CHECKED), lines)
def test_no_value_breaks_a_check(name: str, line: Any) -> None:
    for fault in FORMATS[name].check(line):
        assert fault.severity in ("error", "warning")
