"""Messages of other forms in today's, and what can't be put right."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given

from label_configs.message_forms import call_fault, has_gap, put_right
from tests.label_configs.odd_conversations import chats

Json = dict[str, Any]

USER = {"role": "user", "content": "What does it cost?"}
PAY = {"name": "pay", "arguments": '{"of": 5}'}


def calls(*functions: Json, own: str | None = "c{}") -> list[Json]:
    numbered = enumerate(functions, 1)
    return [
        {**({} if own is None else {"id": own.format(n)}), "type": "function", "function": f}
        for n, f in numbered
    ]


def says(*functions: Json, own: str | None = "c{}", **keys: Any) -> Json:
    made = {"tool_calls": calls(*functions, own=own)} if functions else {}
    return {"role": "assistant", "content": "One moment.", **made, **keys}


def result(content: Any = "5", **keys: Any) -> Json:
    return {"role": "tool", "content": content, **keys}


FIRST = {"name": "pay", "arguments": "{}"}
RIGHT: dict[str, tuple[list[Json], list[Json]]] = {
    "no calls in a list": ([USER, says(tool_calls=[])], [USER, says()]),
    "no calls at all": ([USER, says(tool_calls=None)], [USER, says()]),
    "no calls as text": ([USER, says(tool_calls="[]")], [USER, says()]),
    "no calls of a user's": ([USER | {"tool_calls": []}], [USER]),
    "an empty old call": ([says(function_call={})], [says()]),
    "calls as text": ([says(tool_calls=json.dumps(calls(PAY)))], [says(PAY)]),
    "one call without a list": ([says(tool_calls=calls(PAY)[0])], [says(PAY)]),
    "absent arguments": ([says({"name": "pay"})], [says(FIRST)]),
    "arguments that are null": ([says({"name": "pay", "arguments": None})], [says(FIRST)]),
    "empty arguments": ([says({"name": "pay", "arguments": ""})], [says(FIRST)]),
    "blank arguments": ([says({"name": "pay", "arguments": " \n"})], [says(FIRST)]),
    "arguments packed twice": (
        [says({"name": "pay", "arguments": json.dumps('{"of": 5}')})],
        [says(PAY)],
    ),
    "an old call and its result": (
        [USER, says(function_call=PAY), {"role": "function", "name": "pay", "content": "5"}],
        [USER, says(PAY, own="call_2_{}"), result(name="pay", tool_call_id="call_2_1")],
    ),
    "a call by itself": (
        [says(tool_calls=[{"id": "c1", **PAY}])],
        [says(PAY)],
    ),
    "no type": ([says(tool_calls=[{"id": "c1", "function": PAY}])], [says(PAY)]),
    "no id, and the answer's": (
        [says(PAY, own=None), result(tool_call_id="x")],
        [says(PAY, own="x"), result(tool_call_id="x")],
    ),
    "no ids anywhere, in order": (
        [says(PAY, FIRST, own=None), result("1"), result("2")],
        [
            says(PAY, FIRST, own="call_1_{}"),
            result("1", tool_call_id="call_1_1"),
            result("2", tool_call_id="call_1_2"),
        ],
    ),
    "no ids anywhere, by name": (
        [says(PAY, {"name": "ask", "arguments": "{}"}, own=None), result("1", name="ask")],
        [
            says(PAY, {"name": "ask", "arguments": "{}"}, own="call_1_{}"),
            result("1", name="ask", tool_call_id="call_1_2"),
        ],
    ),
    "an id that is a number": (
        [says(tool_calls=[{"id": 7, "type": "function", "function": PAY}]), result(tool_call_id=7)],
        [says(PAY, own="7"), result(tool_call_id="7")],
    ),
    "a made id that is taken": (
        [says(PAY, own=None), result(), says(PAY, own="call_1_1"), result(tool_call_id="call_1_1")],
        [
            says(PAY, own="call_1_1_"),
            result(tool_call_id="call_1_1_"),
            says(PAY, own="call_1_1"),
            result(tool_call_id="call_1_1"),
        ],
    ),
    "a tool that returned nothing": (
        [says(PAY), result(None, tool_call_id="c1")],
        [says(PAY), result("", tool_call_id="c1")],
    ),
    "a tool that returned data": (
        [says(PAY), result({"of": "Zażółć"}, tool_call_id="c1")],
        [says(PAY), result('{"of": "Zażółć"}', tool_call_id="c1")],
    ),
    "a developer, who stays one": (
        [{"role": "developer", "content": "a", "name": None}],
        [{"role": "developer", "content": "a"}],
    ),
    "only a call": ([says(PAY, content=None)], [says(PAY, content="")]),
}


@pytest.mark.parametrize(("came", "wanted"), RIGHT.values(), ids=RIGHT)
def test_what_can_mean_one_thing_is_put_right(came: list[Json], wanted: list[Json]) -> None:
    before = copy.deepcopy(came)
    put = put_right(came)
    assert put == wanted
    assert call_fault(put) is None
    assert came == before
    assert put_right(put) == put


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([USER, result()], "message 2 is a tool's answer to no call before it: add the call"),
        ([says(PAY), result(tool_call_id="x")], "message 2 is a tool's answer to no call"),
        ([says(PAY, FIRST), result()], "message 2 is a tool's answer to no call before it"),
        ([result(), says(PAY)], "message 1 is a tool's answer to no call before it"),
        ([says({"arguments": "{}"})], "message 1 calls a tool without a name: add the name"),
        ([says({"name": " "})], "message 1 calls a tool without a name"),
        ([USER, says(tool_calls=["pay"])], "message 2 calls a tool without a name"),
        ([says(tool_calls="pay")], "message 1 has tool_calls that are no list of calls"),
        *(
            ([says({"name": "pay", "arguments": odd})], "message 1 calls a tool with arguments")
            for odd in ('{"of', "[]", "5", 5, [], "{'of': 5}")
        ),
        ([says(tool_calls=[{"id": ["c"], "function": PAY}])], "message 1 calls a tool with an id"),
        ([USER | {"tool_calls": calls(PAY)}], "message 1 calls a tool, and only the assistant may"),
        ([says(PAY), result(tool_call_id=["c1"])], "message 2 has a tool_call_id that is no text"),
    ],
)
def test_what_can_t_be_put_right_is_told_by_number(messages: list[Json], said: str) -> None:
    fault = call_fault(put_right(messages))
    assert fault is not None
    assert fault.startswith(said)
    assert ": " in fault  # what to do


def test_messages_that_are_right_stay_the_same_objects() -> None:
    right = [USER, says(PAY), result(tool_call_id="c1"), {"role": "system", "content": "Brief."}]
    assert all(a is b for a, b in zip(put_right(right), right, strict=True))


def test_a_call_is_open_when_somebody_else_speaks_before_its_answer() -> None:
    answer = result(tool_call_id="c1")
    assert not has_gap([USER, says(PAY)])
    assert not has_gap([USER, says(PAY), answer, USER])
    assert has_gap([USER, says(PAY), USER])
    assert has_gap([USER, says(PAY, FIRST), answer, USER])


@pytest.mark.parametrize(
    "words",
    [
        '<tool_call>\n{"name": "pay"}\n</tool_call>',
        "<function=pay>{}</function>",
        '[TOOL_CALLS] [{"name": "pay"}]',
        "Thought: I pay.\nAction: pay[5]",
    ],
)
def test_an_answer_may_be_to_a_call_that_stands_in_the_text(words: str) -> None:
    said = [USER, {"role": "assistant", "content": words}, result(), result(), USER]
    assert call_fault(put_right(said)) is None
    assert has_gap(said)
    assert call_fault([*said, result()]) is not None


@given(chats)
def test_putting_right_twice_changes_nothing_and_loses_no_message(row: Json) -> None:
    put = put_right(row["messages"])
    assert len(put) == len(row["messages"])
    assert put_right(put) == put


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ('{"amount": NaN}', "no JSON object"),
        ('{"amount": 1e999}', "no JSON object"),
        ('{"a":' * 101 + "1" + "}" * 101, "more than 100 deep"),
    ],
    ids=["NaN", "endless", "deep"],
)
def test_arguments_that_no_reader_takes_are_a_fault(arguments: str, said: str) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "pay", "arguments": arguments}}
    calling = {"role": "assistant", "content": "", "tool_calls": [call]}
    fault = call_fault([USER, calling, result(tool_call_id="c1"), USER])
    assert fault is not None and fault.startswith("message 2 calls a tool") and said in fault
