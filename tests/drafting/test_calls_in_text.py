"""Calls in the text of a reply: those that are certain are calls, everything else is text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.calls_in_text import TextWithCalls, split_calls
from label_configs.content import ToolCall

NAMES = {"weather", "get_fee"}
ULM = ToolCall("weather", '{"city": "Ulm"}')
FEE = ToolCall("get_fee", "{}")
OBJECT = '{"name": "weather", "arguments": {"city": "Ulm"}}'
OTHER = '{"name": "get_fee", "arguments": {}}'

CALLS: dict[str, tuple[str, str, list[ToolCall]]] = {
    "Hermes": (f"<tool_call>\n{OBJECT}\n</tool_call>", "", [ULM]),
    "two blocks": (
        f"Let me look.\n<tool_call>\n{OBJECT}\n</tool_call>\n<tool_call>{OTHER}</tool_call>"
        "<|im_end|>",
        "Let me look.",
        [ULM, FEE],
    ),
    "two in one block": (f"<tool_call>{OBJECT}\n{OTHER}</tool_call>", "", [ULM, FEE]),
    "a block without an end": (f"<tool_call>\n{OBJECT}", "", [ULM]),
    "Qwen3-Coder": (
        "<tool_call>\n<function=weather>\n<parameter=city>\nUlm\n</parameter>\n</function>\n"
        "</tool_call>",
        "",
        [ULM],
    ),
    "Llama's tags": ('<function=weather>{"city": "Ulm"}</function>', "", [ULM]),
    "Llama": ('{"name": "weather", "parameters": {"city": "Ulm"}}<|eot_id|>', "", [ULM]),
    "Llama's python tag": (f"<|python_tag|>{OBJECT}; {OTHER}<|eom_id|>", "", [ULM, FEE]),
    "Mistral": (f"[TOOL_CALLS] [{OBJECT}, {OTHER}]</s>", "", [ULM, FEE]),
    "Mistral, newer": (
        'One moment.[TOOL_CALLS]weather[ARGS]{"city": "Ulm"}[TOOL_CALLS]get_fee[ARGS]{}',
        "One moment.",
        [ULM, FEE],
    ),
    "DeepSeek": (
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>weather\n```json\n"  # noqa: RUF001
        '{"city": "Ulm"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',  # noqa: RUF001
        "",
        [ULM],
    ),
    "DeepSeek, newer": (
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>weather<｜tool▁sep｜>"  # noqa: RUF001
        '{"city": "Ulm"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',  # noqa: RUF001
        "",
        [ULM],
    ),
    "JSON alone": (OBJECT, "", [ULM]),
    "Qwen2.5-Coder": (f"{{{OBJECT}}}\n\n", "", [ULM]),
    "Qwen2.5-Coder, more braces": (f"{{{OBJECT}}}}}", "", [ULM]),
    "a list alone": (f"[{OBJECT}, {OTHER}]", "", [ULM, FEE]),
    "a fence": (f"```json\n{OBJECT}\n```", "", [ULM]),
    "a block in a fence": (f"```\n<tool_call>\n{OBJECT}\n</tool_call>\n```", "", [ULM]),
    "OpenAI's form": (
        '<tool_call>{"type": "function", "function": {"name": "weather", "arguments": '
        '"{\\"city\\": \\"Ulm\\"}"}}</tool_call>',
        "",
        [ULM],
    ),
}
TEXTS = {
    "words": "It rains in Ulm; the weather is bad.",
    "JSON among words": f"Send {OBJECT} to the server.",
    "another tool": OBJECT.replace("weather", "delete_all"),
    "more than a call": '{"name": "weather", "arguments": {}, "price": 1}',
    "no arguments": '{"name": "weather"}',
    "a block that is quoted": f"Write `<tool_call>{OBJECT}</tool_call>` to call it.",
    "a block in a fence among words": f"So:\n```\n<tool_call>{OBJECT}</tool_call>\n```\nThat's it.",
}
BROKEN = {
    "cut": '<tool_call>\n{"name": "weather", "arguments": {"ci',
    "another tool": f"<tool_call>{OBJECT.replace('weather', 'weathers')}</tool_call>",
    "one of two": f"<tool_call>{OBJECT}</tool_call><tool_call>weather</tool_call>",
    "Mistral, cut": '[TOOL_CALLS]weather[ARGS]{"ci',
}


def same(found: TextWithCalls, words: str, calls: list[ToolCall]) -> bool:
    read = [(call.name, json.loads(call.arguments)) for call in found.calls]
    return found.words == words and read == [(c.name, json.loads(c.arguments)) for c in calls]


@pytest.mark.parametrize("name", CALLS)
def test_calls_are_read_as_templates_write_them(name: str) -> None:
    text, words, calls = CALLS[name]
    found = split_calls(text, NAMES)
    assert same(found, words, calls), found
    assert not found.broken


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_not_certain_is_text(name: str) -> None:
    assert split_calls(TEXTS[name], NAMES) == TextWithCalls(TEXTS[name])


@pytest.mark.parametrize("name", BROKEN)
def test_marks_without_a_call_are_told(name: str) -> None:
    assert split_calls(BROKEN[name], NAMES) == TextWithCalls(BROKEN[name], broken=True)


def test_nothing_is_a_call_where_no_tool_was_offered() -> None:
    assert split_calls(OBJECT, ()).calls == ()


@given(
    st.text()
    | st.sampled_from([*CALLS, *TEXTS, *BROKEN]).map(
        lambda name: {**{k: v[0] for k, v in CALLS.items()}, **TEXTS, **BROKEN}[name]
    ),
    st.integers(0),
)
def test_no_word_is_lost_without_a_call(text: str, cut: int) -> None:  # fmt: skip
    text = text[: len(text) - cut % (len(text) + 1)]
    found = split_calls(text, NAMES)
    assert found.calls or found.words == text
    assert all(call.name in NAMES for call in found.calls)
