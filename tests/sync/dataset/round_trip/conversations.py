"""Conversations of the model, as hypothesis makes them: whatever a source may hold of one."""

import json
from typing import Any

from hypothesis import strategies as st

Message = dict[str, Any]

PHRASES = (
    *("What does it cost?", "Línea 1\n\n- dos\n- tres", "薬は食後に飲みますか。"),
    *("نعم، من «البطاقة».", "👩\u200d👧 é", '{"a": [1, "b"]}', "```\ncode  here\n```"),
    *("User: me", "a\\nb \"c\" 'd'", "<b>&amp;</b> {{ x }}"),
)
words = st.sampled_from(PHRASES) | st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12
).map(str.strip).filter(lambda text: text and "<" not in text)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e6, 1e6) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
arguments = st.dictionaries(words, json_values, max_size=3).map(
    lambda value: json.dumps(value, ensure_ascii=False)
)
NAMES = ("look_up", "pay-2")
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "description": "What it does.",
            "parameters": {"type": "object", "properties": {"of": {"type": "string"}}},
        },
    }
    for name in NAMES
]
pictures = st.builds(
    lambda name, how: {"type": "image_url", "image_url": {"url": name, **how}},
    st.sampled_from(["https://example.org/a.png", "data:image/png;base64,iVBORw0KGgo="]),
    st.sampled_from([{}, {"detail": "low"}]),
)
parts = st.lists(words.map(lambda text: {"type": "text", "text": text}) | pictures, max_size=3)
shown = st.tuples(parts, pictures, parts).map(lambda some: [*some[0], some[1], *some[2]])
# what no format has a place for, and the task keeps
beside = st.sampled_from([{}, {}, {"time": "12:00"}])
named = st.sampled_from([{}, {}, {"name": "layla"}])


@st.composite
def conversations(draw: st.DrawFn, *, ends_with_a_call: bool = False) -> list[Message]:
    """From an optional instruction to an answer: words, or one or more calls."""
    said: list[Message] = []
    if draw(st.booleans()):
        said.append(
            {"role": draw(st.sampled_from(["system", "developer"])), "content": draw(words)}
        )
    ids = draw(st.sampled_from(["call_{}", "functions.f:{}", "{}"]))
    for left in range(draw(st.integers(0, 2)), -1, -1):
        content = draw(words | shown)
        said.append({"role": "user", "content": content, **draw(named), **draw(beside)})
        for _ in range(draw(st.integers(0, 2))):
            called = draw(calling(ids.format(len(said)), ids))
            said += [called, *draw(results(called))]
        if not left and ends_with_a_call and draw(st.booleans()):
            said.append(draw(calling(ids.format(len(said)), ids)))
        else:
            said.append({"role": "assistant", "content": draw(words), **draw(thought())})
    return said


@st.composite
def calling(draw: st.DrawFn, own_id: str, ids: str) -> Message:
    """A turn of one or two calls, with words beside them or without."""
    calls = [
        {
            "id": own_id + "_" * number,
            "type": "function",
            "function": {"name": draw(st.sampled_from(NAMES)), "arguments": draw(arguments)},
        }
        for number in range(draw(st.integers(1, 2)))
    ]
    content = draw(words | st.just(""))
    return {"role": "assistant", "content": content, "tool_calls": calls, **draw(thought())}


@st.composite
def results(draw: st.DrawFn, called: Message) -> list[Message]:
    """A result to each call, in any order."""
    told = [
        {
            "role": "tool",
            "tool_call_id": call["id"],
            "content": draw(words | arguments | st.just("")),
        }
        for call in called["tool_calls"]
    ]
    return draw(st.permutations(told))


@st.composite
def thought(draw: st.DrawFn) -> Message:
    """What led to a turn, and what nobody reads."""
    told = {"reasoning_content": draw(words)} if draw(st.booleans()) else {}
    return {**told, **draw(beside)}
