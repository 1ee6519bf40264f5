"""Calls in finished work that do not fit their tools' schemas."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from label_configs import load
from label_configs.call_faults import call_faults, schema_faults
from label_configs.content import ToolCall
from label_configs.edited_calls import AS_IT_WAS
from label_configs.multi_turn import MultiTurn, Turn
from sync.quality.checks import CHECKS
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of

TOOLS = {
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "fee_of",
                "parameters": {
                    "type": "object",
                    "properties": {"plan": {"type": "string"}},
                    "required": ["plan"],
                },
            },
        }
    ]
}


def test_a_call_that_no_tool_could_take_is_an_error_and_counts_once() -> None:
    calls = [
        ToolCall("fee_of", '{"plan": "Plus"}'),
        ToolCall("fee_of", '{"plan": 1}'),
        ToolCall("fee_of", '{"plan": "Plus", "plam": "Plus"}'),
    ]
    records = [
        record(at, "", data=TOOLS, verdict="edit", calls=(call,))
        for at, call in enumerate(calls, start=1)
    ]
    records.append(record(4, "", data=TOOLS, verdict="reject", calls=(calls[1],)))
    work = work_of(records, np.eye(4, dtype=np.float32))
    slip, doubt = CHECKS["tool_call"](work).findings
    assert (slip.task_id, slip.kind, slip.severity, slip.score) == (2, "tool_call", "error", 0.0)
    assert slip.message == (
        "call 1 (fee_of) plan: expected string, found integer 1; correct it, or take the call out"
    )
    assert (doubt.task_id, doubt.severity) == (3, "warning")
    assert doubt.message == (
        "call 1 (fee_of) has the argument 'plam', which the tool does not list (it lists 'plan'); "
        "correct its name, or accept it as it is"
    )
    assert CHECKS["incomplete"](work).findings == ()


def test_a_call_without_a_result_that_ends_what_is_learnt_is_a_warning() -> None:
    messages = [
        {"role": role, "content": text}
        for role, text in (("user", "Fee?"), ("assistant", "Of?"), ("user", "Plus."))
    ]
    data = {"messages": messages, **TOOLS}
    # rows: for the reply that is missing, then for the turn before it
    called = (*[AS_IT_WAS] * 8, ToolCall("fee_of", '{"plan": "Plus"}'))
    taught = MultiTurn((Turn("Of?"), Turn("GBP 5.")), "edit", calls=called)
    work = work_of([replace(record(1, ""), data=data, record=taught)], np.eye(1, dtype=np.float32))
    (found,) = CHECKS["tool_call"](replace(work, interface=load("multi_turn"))).findings
    assert (found.severity, found.message) == (
        "warning",
        "call 9 (fee_of) has no result, so nothing after it is learnt; take the call out to learn "
        "the rest, or accept it as it is",
    )


# as Pydantic writes a field of another type
PYDANTIC = {"$defs": {"B": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/B"}}}


@pytest.mark.parametrize(
    ("schema", "good", "bad", "fault"),
    [
        ({"type": "integer"}, 2.0, 2.5, "expected integer, found number 2.5"),
        ({"type": ["string", "null"]}, None, 1, "expected string or null, found integer 1"),
        ({"type": "number"}, 1, True, "expected number, found boolean"),
        ({"enum": [1, "a"]}, 1, True, 'expected one of 1, "a", found true'),
        ({"const": "x"}, "x", "y", 'expected "x", found "y"'),
        ({"items": {"type": "string"}}, ["a"], ["a", 1], "[1]: expected string, found integer 1"),
        (
            {"anyOf": [{"type": "null"}, {"type": "string"}]},
            None,
            [],
            "expected null or string, found",
        ),
        ({"pattern": "^a$"}, "a", "b", "'b' does not match"),
        (PYDANTIC, {"a": "b"}, {"a": 1}, "a: expected string, found integer 1"),
        ({"$ref": "http://127.0.0.1:9/never"}, 1, None, None),
        ({"allOf": [{"required": ["a"]}]}, {"a": 1}, {}, "lacks 'a', which is required"),
        (
            {"properties": {"a": {"properties": {"b": {"type": "string"}}}}},
            {"a": {"b": "c"}},
            {"a": {"b": 1}},
            "a.b: expected string, found integer 1",
        ),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"a": 1},
            {"b": 1},
            "Additional properties are not allowed ('b' was unexpected)",
        ),
        ({"additionalProperties": {"type": "string"}}, {"a": "b"}, {"a": 1}, "a: expected string"),
        ({"pattern": "(", "$ref": "#/x", "format": "date"}, "b", None, None),
        ({"type": "date"}, "b", None, None),
        (True, "b", None, None),
        ("?", "b", None, None),
    ],
)
def test_the_words_of_a_schema(schema: Any, good: Any, bad: Any, fault: str | None) -> None:
    assert schema_faults(good, schema) == []
    if fault is not None:
        assert schema_faults(bad, schema)[0].startswith(fault)


def test_without_declared_tools_only_json_can_be_told() -> None:
    assert call_faults([ToolCall("any", '{"a": 1}')], ()) == []
    assert call_faults([ToolCall("any", "[1]")], ()) == [
        "call 1 (any) has arguments that are no JSON object but array"
    ]


def test_a_schema_within_itself_comes_to_an_end() -> None:
    schema: dict[str, Any] = {"type": "object"}
    schema["additionalProperties"] = schema
    value: Any = 1
    for _ in range(20_000):
        value = {"a": value}
    assert schema_faults(value, schema) == []
