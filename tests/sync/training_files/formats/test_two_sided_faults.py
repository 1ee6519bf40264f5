"""What the checks of LLaMA-Factory's, Gemini's and Bedrock's formats say, and that nothing breaks
them; that each rule is found alone, see test_faults.
"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync.training_files.formats import FORMATS
from tests.sync.training_files.formats.two_sided_lines import FAULTY

CHECKED = sorted({name for name, _, _ in FAULTY})


def test_a_fault_says_which_turn_what_was_expected_what_came_and_what_to_do() -> None:
    turns = [{"from": "user", "value": "Hi"}, {"from": "gpt", "value": 7}]
    assert [f.message for f in FORMATS["sharegpt"].check({"conversations": turns})] == [
        "turn 1: from must be human, observation, gpt, function_call or system, found 'user'; "
        "write 'human'",
        "turn 2: value must be text, found a number",
    ]


def test_a_line_that_llama_factory_would_drop_is_an_error_that_says_so() -> None:
    human = {"from": "human", "value": "Hi"}
    for turns in ([human], [human, human]):
        (fault,) = FORMATS["sharegpt"].check({"conversations": turns})
        assert "LLaMA-Factory drops the line without an error" in fault.message


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
PART = (
    "from value role parts content text functionCall functionResponse functionDeclarations name "
    "weight image"
)
keys = st.sampled_from(PART.split())
values = json_values | st.sampled_from(
    ["human", "gpt", "system", "observation", "function_call", "user", "model", "assistant", "[{}]"]
)
inner_parts = st.dictionaries(keys, values, max_size=3)
parts = st.dictionaries(keys, values | st.lists(inner_parts, max_size=2) | inner_parts, max_size=4)
turns = st.lists(parts | json_values, max_size=4) | parts | json_values
LINE = (
    "conversations tools system chosen rejected kto_tag instruction input output history "
    "schemaVersion messages contents systemInstruction toolConfig"
)
lines = json_values | st.dictionaries(st.sampled_from(LINE.split()), turns, max_size=5)


@given(st.sampled_from(CHECKED), lines)
def test_no_value_breaks_a_check(name: str, line: Any) -> None:
    for fault in FORMATS[name].check(line):
        assert fault.severity in ("error", "warning")
