"""A call held against the schemas of its task's tools."""

import json
import re
from typing import Any

import pytest

from label_configs.content import ToolCall
from label_configs.wrong_arguments import arguments_fault, tool_names

SCHEMA = {
    "type": "object",
    "properties": {
        "from": {"type": "string"},
        "seats": {"type": "integer"},
        "class": {"enum": ["economy", "business"]},
        "price": {"type": ["number", "null"]},
        "bags": {
            "type": "array",
            "items": {"type": "object", "required": ["kg"], "properties": {"kg": {}}},
        },
    },
    "required": ["from"],
}
CLOSED = {"type": "object", "properties": {}, "additionalProperties": False}


def tool(name: str, parameters: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


TOOLS = [tool("search", SCHEMA), tool("stop", CLOSED), tool("any", None), {"function": "?"}]


def fault(name: str, given: Any) -> str | None:
    arguments = given if isinstance(given, str) else json.dumps(given)
    return arguments_fault(ToolCall(name, arguments), TOOLS)


def test_names() -> None:
    assert tool_names(TOOLS) == ("search", "stop", "any")
    assert tool_names(()) == ()


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("search", {"from": "TXL"}),
        ("search", {"from": "TXL", "seats": 2.0, "class": "economy", "price": None}),
        ("search", {"from": "TXL", "unknown": 1, "bags": [{"kg": 20}]}),
        ("stop", {}),
        ("any", {"a": {"b": [1]}}),
    ],
)
def test_right_calls(name: str, given: Any) -> None:
    assert fault(name, given) is None


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("search", "{", "arguments that are no JSON object"),
        ("search", [1], "arguments that are no JSON object"),
        ("serch", {}, r"calls 'serch', which is none of the task's tools \(search, stop, any\)"),
        ("search", {"seats": 1}, "calls 'search' without from"),
        ("search", {"from": 1}, "with from that should be string"),
        ("search", {"from": "a", "seats": True}, "with seats that should be integer"),
        ("search", {"from": "a", "seats": 1.5}, "with seats that should be integer"),
        ("search", {"from": "a", "price": "5"}, "with price that should be number or null"),
        ("search", {"from": "a", "class": "third"}, 'class that is none of "economy", "business"'),
        ("search", {"from": "a", "bags": [{"kg": 1}, {}]}, r"without bags\[1\]\.kg"),
        ("stop", {"now": True}, "with now, which it does not take"),
    ],
)
def test_what_is_wrong_with_a_call(name: str, given: Any, said: str) -> None:
    found = fault(name, given)
    assert found is not None
    assert re.search(said, found), found


def test_without_tools_only_the_form_counts() -> None:
    assert arguments_fault(ToolCall("anything", '{"a": 1}'), ()) is None
    assert arguments_fault(ToolCall("anything", "a"), ()) is not None


def test_a_schema_that_names_itself_ends() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    schema["properties"]["a"] = schema
    deep: dict[str, Any] = {}
    for _ in range(50):
        deep = {"a": deep}
    assert arguments_fault(ToolCall("f", json.dumps(deep)), [tool("f", schema)]) is None
