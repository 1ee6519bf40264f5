"""Conversations as servers and older files write them, right and wrong, for hypothesis."""

import json
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

words = st.sampled_from(["Hi", "What does it cost?", "Zażółć", "你好", "a\u2028b", "<b>", "{}"])
contents = st.one_of(
    words,
    words,
    st.sampled_from(["", " ", None, 7, {"a": 1}, ["x"], [], [{"type": "text", "text": "Hi"}]]),
)
ids = st.sampled_from(["c1", "c2", "", None, 3, ["c1"], "c 1"])
names = st.sampled_from(["pay", "get.rate", "", None, "a b", 5, "é"])
arguments = st.sampled_from(
    ["{}", '{"a": 1}', "", None, {}, {"a": [1]}, '{"a', "[]", "null", '"{}"', 7, [1], "{'a': 1}"]
)


def _without_none(mapping: Json) -> Json:
    return {key: value for key, value in mapping.items() if value is not None}


functions = st.builds(
    lambda name, given: _without_none({"name": name, "arguments": given}), names, arguments
)
calls = st.one_of(
    st.builds(lambda own, f: {"id": own, "type": "function", "function": f}, ids, functions),
    st.builds(lambda f: {"id": "c1", "type": "function", "function": f}, functions),
    st.builds(lambda f: {"function": f}, functions),
    functions,
    st.sampled_from([None, "pay", {}, {"id": "c1"}, {"function": "pay"}]),
)
lists_of_calls = st.one_of(
    st.lists(calls, max_size=2),
    st.lists(calls, max_size=2).map(json.dumps),
    st.sampled_from([None, {}, "", "pay", 0]),
    calls,
)


def _speaks(role: str, content: Any, **keys: Any) -> Json:
    return {"role": role, "content": content, **keys}


users = st.builds(_speaks, st.just("user"), words)
answers = st.builds(_speaks, st.just("assistant"), words)
calling = st.builds(_speaks, st.just("assistant"), words, tool_calls=lists_of_calls)
calling_before = st.builds(_speaks, st.just("assistant"), words, function_call=functions)
results = st.builds(_speaks, st.just("tool"), contents, tool_call_id=ids)
results_before = st.builds(_speaks, st.just("function"), contents, name=names)
odd = st.one_of(
    st.builds(_speaks, st.sampled_from(["system", "developer"]), words),
    st.builds(_speaks, st.just("user"), words, name=names),
    st.builds(_speaks, st.just("user"), words, tool_calls=lists_of_calls),
    st.builds(_speaks, st.sampled_from(["user", "assistant", "bot", None, 1]), contents),
    st.just({"role": "tool", "tool_call_id": "c1"}),
    st.sampled_from([None, "Hi", {}, {"role": "user"}, ["user"]]),
)
good_call = {"id": "c1", "type": "function", "function": {"name": "pay", "arguments": "{}"}}
pairs = st.sampled_from(
    [
        [_speaks("assistant", "One moment.", tool_calls=[good_call]), _speaks("tool", "5")],
        [
            _speaks("assistant", "One moment.", function_call=good_call["function"]),
            _speaks("function", "5", name="pay"),
        ],
        [_speaks("assistant", "One moment.", tool_calls=[good_call])],
        [_speaks("assistant", "Here.", tool_calls=[])],
    ]
)
turns = st.one_of(
    st.one_of(users, answers).map(lambda message: [message]),
    st.one_of(calling, calling_before, results, results_before).map(lambda message: [message]),
    pairs,
    odd.map(lambda message: [message]),
)
tools = st.sampled_from(
    [
        None,
        [],
        "[]",
        "[",
        [{"type": "function", "function": {"name": "pay", "parameters": {"type": "dict"}}}],
        [{"name": "pay", "parameters": {}}],
        [{"type": "function"}],
        [{"type": "function", "function": {"name": "get.rate"}}],
        json.dumps([{"name": "pay"}]),
        {"name": "pay"},
        7,
    ]
)
functions_before = st.sampled_from([None, [{"name": "pay", "parameters": {}}], "x"])


def _row(number: int, parts: list[list[Any]], tools: Any, functions: Any, last: Any) -> Json:
    middle = [message for part in parts for message in part]
    messages = [_speaks("user", f"Question {number}?"), *middle, *([last] if last else [])]
    return _without_none({"messages": messages, "tools": tools, "functions": functions})


chats = st.builds(
    _row,
    st.integers(1, 10**6),
    st.lists(turns, max_size=4),
    tools,
    functions_before,
    st.sampled_from([None, _speaks("user", "And?"), _speaks("assistant", "Yes.")]),
)

speakers = st.sampled_from(
    ["human", "gpt", "function_call", "observation", "system", "tool", "function", "bot"]
)
values = st.one_of(
    words,
    functions.map(json.dumps),
    st.lists(functions).map(json.dumps),
    st.sampled_from(["", None]),
)
sharegpt = st.builds(
    lambda number, said, tools: _without_none(
        {
            "conversations": [
                {"from": "human", "value": f"Question {number}?"},
                *({"from": speaker, "value": value} for speaker, value in said),
            ],
            "tools": tools,
        }
    ),
    st.integers(1, 10**6),
    st.lists(st.tuples(speakers, values), max_size=4),
    tools,
)
rows = st.one_of(chats, chats, sharegpt)
