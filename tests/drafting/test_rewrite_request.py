"""The instruction box: what a page sends is read or refused; the model is told all of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.prompts import build_messages
from drafting.rewrite_request import (
    LONGEST_ANSWER,
    LONGEST_ASKED,
    Instructed,
    page_answer,
    read_context,
    rewrite_messages,
)
from label_configs import INTERFACES, Interface, items, load, validation
from label_configs.chat_response import ChatResponse
from ml_backend.service.wire import PredictRequest
from tests.label_configs.records import json_values
from tests.label_configs.strategies.chat_response import RECORDS

chat = load("chat_response")
DATA: dict[str, Any] = {
    "messages": [
        {"role": "system", "content": "You work for a bank."},
        {"role": "user", "content": "What does a new card cost?"},
    ],
    "guidelines": "Be brief.",
}
ANSWER = "It costs GBP 5.00."
# as a real page sent it
CONTEXT = {
    "result": [
        {
            "value": {"text": [ANSWER]},
            "id": "response",
            "from_name": "response",
            "to_name": "conversation",
            "type": "textarea",
            "origin": "prediction-changed",
        },
        {
            "value": {"text": ["shorter", "cite the fee table"]},
            "id": "BigPvUCywp",
            "from_name": "instruction",
            "to_name": "conversation",
            "type": "textarea",
            "origin": "manual",
        },
    ]
}
lines = st.text(min_size=1, max_size=30).filter(lambda text: text.strip() and "\n" not in text)
instructions = st.builds(
    Instructed, st.lists(lines, min_size=1, max_size=4).map(tuple), st.text(max_size=80)
)


def context_with(response: Any, instruction: Any) -> dict[str, Any]:
    """What a page would send, with any value in place of each text."""
    return {
        "result": [
            {**item, "value": {"text": text}}
            for item, text in zip(CONTEXT["result"], (response, instruction), strict=True)
        ]
    }


def test_what_a_page_sends_is_read() -> None:
    assert read_context(chat, CONTEXT) == Instructed(("shorter", "cite the fee table"), ANSWER)


def test_an_answer_may_be_missing() -> None:
    asked = {"result": CONTEXT["result"][1:]}
    assert read_context(chat, asked) == Instructed(("shorter", "cite the fee table"), "")


@pytest.mark.parametrize(
    "context",
    [
        None,
        {},
        {"result": None},
        {"result": []},
        {"result": {}},
        {"result": CONTEXT["result"][:1]},
        {"result": [None]},
        {"result": [[]]},
        context_with([ANSWER], None),
        context_with([ANSWER], []),
        context_with([ANSWER], ["", "  "]),
        context_with([ANSWER], [1]),
        context_with([1], ["shorter"]),
        context_with([ANSWER], ["x" * (LONGEST_ASKED + 1)]),
        context_with(["x" * (LONGEST_ANSWER + 1)], ["shorter"]),
        context_with([ANSWER], ["\ud800"]),
        context_with(["\udfff"], ["shorter"]),
    ],
    ids=lambda context: json.dumps(context)[:60],
)
def test_what_is_no_instruction(context: Any) -> None:
    assert read_context(chat, context) is None


@pytest.mark.parametrize("name", [n for n, i in INTERFACES.items() if not i.instruction_control])
def test_an_interface_without_a_box(name: str) -> None:
    assert read_context(INTERFACES[name], CONTEXT) is None


@pytest.mark.parametrize("name", [n for n, i in INTERFACES.items() if i.instruction_control])
def test_the_box_is_in_the_label_config_and_optional(name: str) -> None:
    interface = INTERFACES[name]
    assert interface.instruction_control is not None
    control = interface.config.control(interface.instruction_control)
    assert control is not None
    assert control.tag == "TextArea"
    assert not control.required
    assert interface.instruction_control not in interface.required


@given(RECORDS)
def test_the_answer_is_read_as_the_annotator_has_it(record: ChatResponse) -> None:
    found = read_context(chat, {"result": chat.encode(record)})
    asked = tuple(line.strip() for line in record.instruction.split("\n") if line.strip())
    calls = getattr(record, "calls", ())
    assert found == (Instructed(asked, record.response, calls) if asked else None)


@given(json_values, json_values, json_values)
def test_anything_may_come(whole: Any, response: Any, instruction: Any) -> None:
    for context in (whole, {"result": whole}, {"result": [whole]}):
        assert read_context(chat, context) is None
    found = read_context(chat, context_with(response, instruction))
    assert found is None or (found.asked and all(found.asked))


@given(st.recursive(json_values, lambda inner: st.lists(inner, max_size=2), max_leaves=4))
def test_a_batch_is_read_whatever_its_params(params: Any) -> None:
    body = {"tasks": [{"id": 1, "data": {}}], "project": "1.2", "params": params}
    context = PredictRequest.model_validate(body).context
    assert context is None or isinstance(context, dict)


def test_only_an_interactive_call_has_a_context() -> None:
    def context(**params: Any) -> Any:
        body = {"tasks": [], "project": "1.2", **params}
        return PredictRequest.model_validate(body).context

    assert context() is None
    assert context(params={"login": None, "password": None, "context": None}) is None
    assert context(params={"context": {"result": []}}) == {"result": []}
    assert context(params={"context": CONTEXT}) == CONTEXT


def test_the_prompt_by_hand() -> None:
    messages = build_messages(chat, DATA)
    system, change = rewrite_messages(messages, Instructed(("a", "b", "c"), ANSWER))
    assert system == messages[0]
    assert change["role"] == "user"
    question, draft, asked = change["content"].split("\n\n---\n")
    assert question == "What does a new card cost?"
    assert draft == f"Draft of the reply:\n{ANSWER}"
    latest, earlier, _ = asked.split("\n")
    assert latest.endswith(": c.")
    assert earlier.endswith(": a; b.")


def test_without_an_answer_no_draft_is_told_of() -> None:
    (_, change) = rewrite_messages(build_messages(chat, DATA), Instructed(("in Welsh",), " "))
    assert "raft" not in change["content"]
    assert "in Welsh" in change["content"]


@given(instructions)
def test_the_model_is_told_all(instructed: Instructed) -> None:
    messages = build_messages(chat, DATA)
    kept = json.dumps(messages)
    rewritten = rewrite_messages(messages, instructed)
    assert json.dumps(messages) == kept, "the draft's own prompt is left alone"
    assert [m["role"] for m in rewritten] == [m["role"] for m in messages]
    told = rewritten[-1]["content"]
    assert told.startswith(messages[-1]["content"])
    assert all(asked in told for asked in instructed.asked)
    assert instructed.answer in told or not instructed.answer.strip()


@given(lines)
def test_the_page_gets_the_answer_and_nothing_else(text: str) -> None:
    made = page_answer(chat, chat.read_reply(text, DATA), 0.25, "v1")
    (item,) = made["result"]
    assert (made["score"], made["model_version"]) == (0.25, "v1")
    assert item == {
        **items.textarea("response", "conversation", text.strip()),
        "origin": "prediction-changed",
    }
    validation.check_results(chat.config, chat.complete_task(DATA), made["result"])


def test_an_interface_of_your_own_may_have_a_box() -> None:
    class Own(type(chat)):  # type: ignore[misc]
        instruction_control = "wish"

    own: Interface[Any] = Own()
    item = {**CONTEXT["result"][1], "from_name": "wish"}
    asked = {"result": [CONTEXT["result"][0], item]}
    assert read_context(own, asked) == Instructed(("shorter", "cite the fee table"), ANSWER)
