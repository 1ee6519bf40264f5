"""What the rules say of tools: calls, answers, names, ids, arguments, schemas, parts."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from sync.training_files.example import Conversation
from sync.training_files.formats import FORMATS, Unsuitable
from sync.training_files.trainers import for_name
from tests.sync.training_files.formats.fault_lines import SECRET
from tests.sync.training_files.formats.tool_lines import LINES, Verdict, config, converse

# lent to this project beside its own folder; the constants of `tool_lines` cover the same
LENT = Path(__file__).parents[4].parent / "shared" / "data" / "faults" / "tool_lines.jsonl"


@pytest.mark.parametrize(("name", "verdict", "line"), LINES)
def test_each_line_breaks_the_rules_that_it_should(name: str, verdict: Verdict, line: Any) -> None:
    found = list(FORMATS[name].check(line))
    assert tuple((f.rule, f.severity) for f in found) == verdict
    for fault in found:
        assert SECRET not in fault.message
        assert len(fault.message.splitlines()) == 1


def test_a_call_that_was_not_answered_is_told_by_number() -> None:
    line = {
        "messages": [
            {"role": "user", "content": "Weather?"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": f"c{n}", "type": "function", "function": {"name": "f", "arguments": ""}}
                    for n in range(3)
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": ""},
            {"role": "assistant", "content": "Fine."},
        ]
    }
    messages = [f.message for f in FORMATS["openai-chat"].check(line) if f.severity == "error"]
    assert messages == [
        "message 2: 2 of its 3 tool calls have no answer before somebody else speaks; add the "
        "tool's message, or take the call away"
    ]


def test_bedrock_itself_takes_no_tools() -> None:
    said = [{"text": SECRET}]
    bedrock = for_name("bedrock")
    assert [f.rule for f in bedrock.check("bedrock-conversation", converse(said, said))] == []
    with_tools = converse(said, said, toolConfig=config())
    assert [f.rule for f in bedrock.check("bedrock-conversation", with_tools)] == ["no-tools"]


def lent() -> list[Any]:
    if not LENT.is_file():
        return []
    found = [json.loads(line) for line in LENT.read_text(encoding="utf-8").splitlines()]
    return [pytest.param(row["verdict"], row["line"], id=row["case"]) for row in found]


@pytest.mark.skipif(not LENT.is_file(), reason=f"{LENT} is not on this machine")
@pytest.mark.parametrize(("verdict", "line"), lent())
def test_the_lent_lines_get_their_verdict(verdict: str, line: Any) -> None:
    worst = {f.severity for f in FORMATS["openai-chat"].check(line)}
    assert ("error" if "error" in worst else "warning" if worst else "ok") == verdict


@pytest.mark.parametrize(
    "odd",
    ["\ud800", 2**70, [[]] * 1 + [json.loads("[" * 600 + "]" * 600)]],
    ids=["half", "big", "deep"],
)
def test_odd_arguments_stop_no_reading(odd: Any) -> None:
    """As objects, which TRL's formats hold: what our quick writer refuses is still a text."""
    call = {"type": "function", "function": {"name": "pay", "arguments": {"of": odd}}}
    turn = {"role": "assistant", "content": "", "tool_calls": [call]}
    asked = {"role": "user", "content": "Pay."}
    said = FORMATS["trl-language-modeling"].read({"messages": [asked, turn], "tools": [call]})
    assert said.prompt[-1] == "Pay." and '"pay"' in said.answer[-1]


@pytest.mark.parametrize("name", ["gemini", "bedrock-conversation", "sharegpt"])
def test_not_a_number_is_written_nowhere(name: str) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "pay", "arguments": '{"a": NaN}'}}
    turns = (
        {"role": "user", "content": "Pay."},
        {"role": "assistant", "content": "", "tool_calls": [call]},
    )
    with pytest.raises(Unsuitable, match="not a JSON object"):
        FORMATS[name].encode(Conversation(turns))


@pytest.mark.parametrize("name", ["gemini", "bedrock-conversation", "sharegpt"])
@pytest.mark.parametrize("ids", [{}, {"id": "c"}, {"id": ["c"]}])
@pytest.mark.parametrize("answered", [True, False])
def test_calls_without_ids_stop_no_release(name: str, ids: Any, answered: bool) -> None:
    """As tasks hold them that an earlier version pushed."""
    call = {**ids, "type": "function", "function": {"name": "pay", "arguments": "{}"}}
    result = {"role": "tool", "content": "Paid."}
    asked, paid = {"role": "user", "content": "Pay."}, {"role": "assistant", "content": "Paid."}
    turns = [asked, {"role": "assistant", "content": "", "tool_calls": [call]}]
    with suppress(Unsuitable):
        line = FORMATS[name].encode(Conversation([*turns, result, paid] if answered else turns))
        assert not any(fault.severity == "error" for fault in FORMATS[name].check(line))
