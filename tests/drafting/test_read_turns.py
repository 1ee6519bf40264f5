"""A sample as a turn: calls taken where they are offered, and reasoning apart from the answer."""

from typing import Any

import pytest

import label_configs
from connectors.llm_replies import Sample
from connectors.llm_tools import OfferedTools
from drafting.project_settings import LLMSettings
from drafting.read_turns import offered_tools, record_of, turn_of
from label_configs import ReplyError
from label_configs.content import ToolCall
from tests.drafting.calling import FEE, WEATHER, call, calling, calls, task

TOOLS = OfferedTools((FEE, WEATHER))
GOLD = ToolCall("get_fee", '{"card": "gold"}', "call_1")
WRITTEN = '<tool_call>\n{"name": "get_fee", "arguments": {"card": "gold"}}\n</tool_call>'
AS_WRITTEN = ToolCall("get_fee", '{"card": "gold"}')
WHY = "A fee? Look it up."


def read(sample: Sample, tools: OfferedTools | None = TOOLS) -> tuple[str, Any, str]:
    """Words, calls and reasoning of the record."""
    record = record_of(calling, sample, task(), tools)
    return record.response, record.calls, record.reasoning


@pytest.mark.parametrize(
    ("sample", "words", "made", "reasoning"),
    [
        (calls(call(card="gold")), "", (GOLD,), ""),
        (calls(call(card="gold"), text="One moment."), "One moment.", (GOLD,), ""),
        (calls(call(card="gold"), reasoning=WHY), "", (GOLD,), WHY),
        (calls(call(card="gold"), text=f"<think>{WHY}</think>\n\n"), "", (GOLD,), WHY),
        (Sample(WRITTEN), "", (AS_WRITTEN,), ""),
        (Sample(f"<think>{WHY}</think>One moment.\n{WRITTEN}"), "One moment.", (AS_WRITTEN,), WHY),
        (Sample(f"<think>{WRITTEN}? No.</think>GBP 5."), "GBP 5.", (), f"{WRITTEN}? No."),
        (Sample("GBP 5.", reasoning=WHY), "GBP 5.", (), WHY),
        (Sample(f"{WHY}\n</think>\n\nGBP 5."), "GBP 5.", (), WHY),
    ],
)
def test_a_turn(sample: Sample, words: str, made: tuple[ToolCall, ...], reasoning: str) -> None:
    assert read(sample) == (words, made, reasoning)


@pytest.mark.parametrize(
    ("sample", "choice", "parallel", "said"),
    [
        (Sample("GBP 5."), "required", None, "calls no tool"),
        (calls(call()), "none", None, "calls a tool, and"),
        (Sample(WRITTEN), "none", None, "calls a tool, and"),
        (calls(call(), call()), "auto", False, "calls 2 tools"),
        (Sample(WRITTEN[:-30]), "auto", None, "can't be read"),
        (Sample("", withheld="only calls a tool"), "auto", None, "only calls a tool"),
        (Sample("", reasoning=WHY), "auto", None, "all reasoning"),
        (Sample(f"<think>{WHY}"), "auto", None, "ends inside its reasoning"),
    ],
)
def test_what_does_not_fit(sample: Sample, choice: Any, parallel: bool | None, said: str) -> None:
    with pytest.raises(ReplyError, match=said):
        read(sample, OfferedTools((FEE,), choice, parallel))


@pytest.mark.parametrize(
    ("samples", "choice", "parallel"),
    [
        ([calls(call())], "required", None),
        ([Sample("GBP 5.")], "none", None),
        ([calls(call())], "auto", False),
        ([calls(call(), call("weather"))], "auto", True),
    ],
)
def test_what_fits(samples: list[Sample], choice: Any, parallel: bool | None) -> None:
    for sample in samples:
        read(sample, OfferedTools((FEE,), choice, parallel))


def test_calls_are_none_where_no_tool_is_offered() -> None:
    with pytest.raises(ReplyError, match="only calls a tool"):
        turn_of(calls(call()))
    assert turn_of(calls(call(), text="GBP 5.")) == {"role": "assistant", "content": "GBP 5."}
    assert turn_of(Sample(WRITTEN))["content"] == WRITTEN


def test_tools_are_offered_where_an_interface_takes_calls() -> None:
    llm = LLMSettings(tool_choice="required", parallel_tool_calls=False)
    assert offered_tools(calling, task(), llm) == OfferedTools((FEE, WEATHER), "required", False)
    assert offered_tools(calling, {"messages": []}, llm) is None
    assert offered_tools(label_configs.load("reasoning_steps"), task(), llm) is None
