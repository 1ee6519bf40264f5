"""`openai-chat`: what is written, and each rule with a line that breaks it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_configs.chat_response import ChatResponse
from sync.formats import FORMATS, Problem
from sync.formats.chat_messages import training_messages
from sync.formats.openai_chat import MAX_BYTES, OpenAIChat
from sync.json_text import to_json
from tests.sync.builders import INTERFACE, record

USER = {"role": "user", "content": "Hello?"}
ANSWER = {"role": "assistant", "content": "Hello."}
CALL = {"id": "c1", "type": "function", "function": {"name": "balance", "arguments": "{}"}}


def line(*messages: Any, **extra: Any) -> bytes:
    return json.dumps({"messages": messages} | extra).encode() + b"\n"


def problems(*lines: bytes) -> list[Problem]:
    """Problems beside the number of examples."""
    return [p for p in OpenAIChat().validate(lines) if p.rule != "examples"]


VALID = [
    line(USER, ANSWER),
    line({"role": "system", "content": "Be kind."}, USER, ANSWER),
    line(USER, ANSWER | {"weight": 0}, USER, ANSWER | {"weight": 1}),
    line(USER | {"name": "ann"}, ANSWER),
    line({"role": "user", "content": [{"type": "text", "text": "Hi"}]}, ANSWER),
    line(
        USER,
        {"role": "assistant", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": ""},
        ANSWER,
        tools=[{"type": "function"}],
        parallel_tool_calls=False,
    ),
    line(USER, {"role": "assistant", "content": None, "tool_calls": [CALL]}),
]


@pytest.mark.parametrize("valid", VALID)
def test_valid_lines_pass(valid: bytes) -> None:
    assert problems(valid) == []


def call(**changes: Any) -> bytes:
    function = CALL | changes
    return line(USER, {"role": "assistant", "tool_calls": [function]})


BROKEN: list[tuple[str, bytes]] = [
    ("utf-8", b'{"messages": "\xff"}\n'),
    ("json", b'{"messages": [\n'),
    ("json", b"\n"),
    ("json", b"[" * 100_000),
    ("object", b"[1]\n"),
    ("messages", b"{}\n"),
    ("messages", b'{"messages": []}\n'),
    ("messages", b'{"messages": {"role": "user"}}\n'),
    ("message", line("text", ANSWER)),
    ("role", line({"content": "x"}, ANSWER)),
    ("role", line({"role": "human", "content": "x"}, ANSWER)),
    ("role", line({"role": ["user"], "content": "x"}, ANSWER)),
    ("content", line({"role": "user"}, ANSWER)),
    ("content", line({"role": "user", "content": None}, ANSWER)),
    ("content", line({"role": "user", "content": 7}, ANSWER)),
    ("content", line({"role": "user", "content": []}, ANSWER)),
    ("content", line(USER, ANSWER | {"content": " \n"})),
    ("content", line(USER, ANSWER | {"content": "half \ud800"})),
    ("assistant", line(USER)),
    ("last", line(ANSWER, USER)),
    ("weight", line(USER | {"weight": 1}, ANSWER)),
    ("weight", line(USER, ANSWER | {"weight": 0.5})),
    ("weight", line(USER, ANSWER | {"weight": True})),
    ("weight", line(USER, ANSWER | {"weight": 2})),
    ("weight", line(USER, ANSWER | {"weight": 0})),
    ("name", line(USER | {"name": 1}, ANSWER)),
    ("tools", line(USER, ANSWER, tools={})),
    ("parallel_tool_calls", line(USER, ANSWER, parallel_tool_calls="no")),
    ("tool_calls", line(USER | {"tool_calls": [CALL]}, ANSWER)),
    ("tool_calls", line(USER, ANSWER | {"tool_calls": []})),
    ("tool_calls", line(USER, ANSWER | {"tool_calls": "call"})),
    ("tool_calls", call(function=None)),
    ("tool_calls", call(function={"arguments": "{}"})),
    ("tool_calls", call(id=None)),
    ("tool_arguments", call(function={"name": "balance", "arguments": {}})),
    ("tool_call_id", line(USER, {"role": "tool", "tool_call_id": "c1", "content": "3"}, ANSWER)),
    ("tool_call_id", line(USER, {"role": "tool", "tool_call_id": [], "content": "3"}, ANSWER)),
]


@pytest.mark.parametrize(("rule", "broken"), BROKEN)
def test_each_rule_is_broken_by_its_line_and_named(rule: str, broken: bytes) -> None:
    found = problems(line(USER, ANSWER), broken)
    assert rule in {p.rule for p in found}
    assert {(p.line, p.severity) for p in found} == {(2, "error")}


def test_a_tool_answer_before_its_call_is_refused() -> None:
    early = line(
        USER,
        {"role": "tool", "tool_call_id": "c1", "content": "3"},
        {"role": "assistant", "tool_calls": [CALL]},
    )
    assert [p.rule for p in problems(early)] == ["tool_call_id"]


def test_a_small_file_is_a_warning_since_projects_grow() -> None:
    few = OpenAIChat().validate([line(USER, ANSWER)] * 9)
    assert [(p.line, p.rule, p.severity) for p in few] == [(0, "examples", "warning")]
    assert OpenAIChat().validate([line(USER, ANSWER)] * 10) == []


def test_a_file_that_is_too_large_is_refused() -> None:
    class Large(bytes):
        """A line that says it is long, so that the test needs no half gigabyte."""

        def __len__(self) -> int:
            return MAX_BYTES // 10 + 1

    found = OpenAIChat().validate([Large(line(USER, ANSWER))] * 10)
    assert [(p.line, p.rule, p.severity) for p in found] == [(0, "size", "error")]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(["role", "content", "weight", "name", "tool_calls", "tool_call_id", "id"])
odd_messages = st.dictionaries(
    keys, json_values | st.sampled_from(["user", "assistant", "tool"]), max_size=5
)


@given(st.lists(odd_messages | json_values, max_size=4), st.binary(max_size=20))
def test_no_line_breaks_the_validator(messages: list[Any], noise: bytes) -> None:
    OpenAIChat().validate([json.dumps({"messages": messages}).encode(), noise])


# encoding


def test_the_conversation_ends_with_the_accepted_answer() -> None:
    turns = [USER, ANSWER, {"role": "user", "content": "And now?"}]
    example = OpenAIChat().encode(record(1, "Now this.", data={"messages": turns}), INTERFACE)
    assert example == {
        "messages": [
            USER,
            {**ANSWER, "weight": 0},  # no expert vouched for it
            turns[2],
            {"role": "assistant", "content": "Now this."},
        ]
    }


@pytest.mark.parametrize(
    "rejected", [record(1, "No.", verdict="reject"), record(1, ""), record(1, " \n")]
)
def test_what_the_expert_did_not_accept_is_not_written(rejected: Any) -> None:
    assert OpenAIChat().encode(rejected, INTERFACE) is None


CONTEXT = {"tier": "Plus", "limit": 500, "flags": ["new", "at risk"], "since": None}
TOLD = 'Context:\n- tier: Plus\n- limit: 500\n- flags: ["new", "at risk"]'


def told(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages of a task whose accepted answer is "Hello."."""
    turns = INTERFACE.training_turns(ChatResponse("Hello."), data)
    assert turns is not None
    return training_messages(turns, data)


def test_context_becomes_the_system_message() -> None:
    messages = told({"messages": [USER], "context": CONTEXT})
    assert messages == [{"role": "system", "content": TOLD}, USER, ANSWER]


def test_documents_follow_the_facts() -> None:
    documents = [{"title": "Fees", "text": "GBP 5.00"}]
    messages = told({"messages": [USER], "context": {"tier": "Plus"}, "documents": documents})
    assert messages[0]["content"] == "Context:\n- tier: Plus\n\nDocument 1: Fees\nGBP 5.00"
    assert told({"messages": [USER], "documents": documents})[0]["content"] == (
        "Document 1: Fees\nGBP 5.00"
    )


def test_context_is_added_to_the_system_message_there_is() -> None:
    system = {"role": "system", "content": "Be kind."}
    data = {"messages": [system, USER], "context": CONTEXT}
    messages = told(data)
    assert messages[0] == {"role": "system", "content": f"Be kind.\n\n{TOLD}"}
    assert messages[1:] == [USER, ANSWER]
    assert system["content"] == "Be kind.", "the task's data stays as it is"


@pytest.mark.parametrize("context", [{}, None, {"since": None}])
def test_no_context_adds_no_system_message(context: Any) -> None:
    data = {"messages": [USER], "context": context, "guidelines": "Be brief."}
    assert told(data) == [USER, ANSWER]


def test_keys_that_providers_do_not_know_are_left_behind() -> None:
    data = {"messages": [USER | {"name": "ann", "time": "12:00", "id": 3}]}
    assert told(data)[0] == USER | {"name": "ann"}


words = st.text(min_size=1).filter(str.strip)


@given(st.lists(words, min_size=1, max_size=3), st.dictionaries(words, json_values), words)
def test_every_line_that_is_written_is_valid_and_keeps_the_answer(
    prompts: list[str], context: dict[str, Any], answer: str
) -> None:
    turns = [m for prompt in prompts for m in ({"role": "user", "content": prompt}, ANSWER)][:-1]
    written = OpenAIChat().encode(
        record(1, answer, data={"messages": turns, "context": context}), INTERFACE
    )
    text = to_json(written)
    assert text.splitlines() == [text]
    assert problems(text.encode()) == []
    assert json.loads(text)["messages"][-1] == {"role": "assistant", "content": answer.strip()}


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_the_registry_knows_each_format_by_its_name(form: Any) -> None:
    assert FORMATS[form.name] is form
    assert form.filename.startswith(form.name)
    assert form.summary
