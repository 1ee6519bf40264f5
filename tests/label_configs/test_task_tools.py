"""The tools of a task, in whichever way they were written."""

import json
from typing import Any

import pytest

from label_configs.task_tools import tools_are_read, tools_of

FUNCTION = {"name": "fee_of", "parameters": {"type": "object", "properties": {}}}
TOOL = {"type": "function", "function": FUNCTION}


@pytest.mark.parametrize(
    "written",
    [
        [TOOL],
        TOOL,
        [FUNCTION],
        FUNCTION,
        json.dumps([TOOL]),
        json.dumps(TOOL),
        json.dumps(json.dumps([TOOL])),
        [json.dumps(TOOL)],
    ],
    ids=str,
)
def test_each_way_says_the_same(written: Any) -> None:
    assert tools_of({"tools": written}) == (TOOL,)
    assert tools_of({"functions": written}) == (TOOL,)
    assert tools_are_read({"tools": written})


@pytest.mark.parametrize("none", [None, "", " ", "[]", "null", [], {}])
def test_no_tools_are_none(none: Any) -> None:
    assert tools_of({"tools": none}) == ()
    assert tools_are_read({"tools": none})


@pytest.mark.parametrize(
    "other",
    ["a hammer", ["fee_of"], [None], [[TOOL]], [TOOL, 1], {"fee_of": {"type": "object"}}, 5],
)
def test_what_is_no_list_of_schemas_is_not_read(other: Any) -> None:
    assert not tools_are_read({"tools": other})
