"""`example_reply`: a finished record as the model's reply, and back."""

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from label_configs import INTERFACES, Interface
from label_configs.chat_response import ChatResponse
from label_configs.multi_intent import MultiIntent
from label_configs.multi_intent_items import Intent, QuerySpan
from label_configs.multi_turn import LEAVE_OUT, TRAIN, MultiTurn, Turn
from label_configs.preference import PreferenceRecord
from label_configs.reasoning_steps import MAX_STEPS, ReasoningSteps, Step
from label_configs.review import Review
from tests.label_configs.records import EXAMPLES, RECORDS, TASK, task_data, task_of

chat, steps, turns = (
    label_configs.load(name) for name in ("chat_response", "reasoning_steps", "multi_turn")
)
intents, preference, review = (
    label_configs.load(name) for name in ("multi_intent", "preference", "review")
)


def accepted(interface: Interface[Any], record: Any, data: dict[str, Any]) -> str | None:
    """The accepted answer to what the model is asked for, however the expert put it."""
    if interface.name == "multi_turn" and record.verdict != "reject":
        last = record.turns[-1] if record.turns else Turn()
        return last.text.strip() if last.trained_on else None
    return interface.accepted_answer(record, data)


@given(data=st.data())
def test_it_reads_back_as_what_was_accepted(interface: Interface[Any], data: st.DataObject) -> None:
    record = data.draw(RECORDS[interface.name])
    task = task_data(interface, record)
    reply = interface.example_reply(record, task)
    if reply is None:
        return
    again = interface.read_reply(reply, task)
    assert interface.answer(again) == accepted(interface, record, task)
    if interface.name == "reasoning_steps":
        chain = [(step.text.strip(), step.kind) for step in record.chain]
        assert [(step.text, step.kind) for step in again.steps] == chain


@given(data=st.data())
def test_nothing_is_told_of_what_was_not_accepted(
    interface: Interface[Any], data: st.DataObject
) -> None:
    record = data.draw(RECORDS[interface.name])
    task = task_data(interface, record)
    if accepted(interface, record, task) is None:
        assert interface.example_reply(record, task) is None


def test_an_empty_annotation_is_no_example(interface: Interface[Any]) -> None:
    task = interface.complete_task(task_of(interface.name))
    assert interface.example_reply(interface.decode([]), task) is None


@pytest.mark.parametrize("name", ["chat_response", "reasoning_steps", "multi_intent"])
def test_a_rejected_one_is_no_example(name: str) -> None:
    record = dataclasses.replace(EXAMPLES[name], verdict="reject")
    assert INTERFACES[name].example_reply(record, TASK) is None


def test_plain_text_is_the_answer() -> None:
    assert chat.example_reply(ChatResponse(" Yes.\n", verdict="edit"), TASK) == "Yes."


def test_the_chain_as_the_model_would_write_it() -> None:
    record = ReasoningSteps(
        steps=(
            Step(" Declined.", "observation", "wrong"),
            Step("Closed.", "assumption", dropped=True),
            Step("Limit reached.", "final conclusion", inserted=True),
        ),
        answer="Raise it. ",
        verdict="edit",
    )
    assert json.loads(steps.example_reply(record, TASK) or "") == {
        "steps": [
            {"text": "Declined.", "kind": "observation"},
            {"text": "Limit reached.", "kind": "final conclusion"},
        ],
        "answer": "Raise it.",
    }


@pytest.mark.parametrize(
    "chain",
    [
        (),
        (Step("a"),),
        (Step("a", "a kind of the team's own"),),
        (Step("a", "observation"),) * (MAX_STEPS + 1),
    ],
    ids=["no steps", "no kind", "another kind", "more than the schema allows"],
)
def test_a_chain_that_the_schema_does_not_allow(chain: tuple[Step, ...]) -> None:
    assert steps.example_reply(ReasoningSteps(chain, "Yes.", "accept"), TASK) is None


QUERY = {"messages": [{"role": "user", "content": "Refund me. And why was it declined?"}]}


def test_segments_as_the_model_would_write_them() -> None:
    project = label_configs.load("multi_intent", ["refund", "technical"])
    record = MultiIntent(
        intents=(
            Intent("technical", None, "", "The limit."),
            Intent("refund", 4, " First: ", "Done."),
            Intent("refund", 2, "", " "),
        ),
        spans=(QuerySpan(0, 9, "Refund me", "refund"),),
        opening=" Hello.",
        verdict="accept",
    )
    reply = json.loads(project.example_reply(record, QUERY) or "")
    refund = {"intent": "refund", "quote": "Refund me", "priority": 1, "lead": "First:"}
    technical = {"intent": "technical", "quote": "", "priority": 2, "lead": ""}
    assert reply == {
        "opening": "Hello.",
        "intents": [{**refund, "segment": "Done."}, {**technical, "segment": "The limit."}],
        "plan": "",
    }
    again = project.read_reply(json.dumps(reply), QUERY)
    assert again.spans == record.spans


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (Intent(None, 1, "", "a"),),
        (Intent("not offered", 1, "", "a"),),
        tuple(Intent("billing", n, "", "a") for n in range(1, 8)),
    ],
    ids=["none", "unnamed", "unknown", "too many"],
)
def test_segments_that_the_schema_does_not_allow(rows: tuple[Intent, ...]) -> None:
    record = MultiIntent(rows, opening="Hello.", verdict="accept")
    assert intents.example_reply(record, QUERY) is None


@given(data=st.data())
@pytest.mark.parametrize("name", ["reasoning_steps", "multi_intent"])
def test_every_field_of_the_schema_is_there_and_no_other(name: str, data: st.DataObject) -> None:
    interface = INTERFACES[name]
    record = data.draw(RECORDS[name])
    reply = interface.example_reply(record, task_data(interface, record))
    if reply is not None:
        assert fits(json.loads(reply), interface.schema())


def fits(value: Any, schema: Any) -> bool:
    """Whether a value follows a JSON schema, of the few words that ours use."""
    if schema["type"] == "object":
        assert schema["additionalProperties"] is False
        return set(schema["required"]) == value.keys() and all(
            fits(value[key], schema["properties"][key]) for key in value
        )
    if schema["type"] == "array":
        few_enough = schema["minItems"] <= len(value) <= schema["maxItems"]
        return few_enough and all(fits(item, schema["items"]) for item in value)
    if schema["type"] == "integer":
        return isinstance(value, int) and schema["minimum"] <= value <= schema["maximum"]
    return isinstance(value, str) and value in schema.get("enum", [value])


CONVERSATION = {
    "messages": [
        {"role": "user", "content": "Lost."},
        {"role": "assistant", "content": "Frozen?"},
        {"role": "user", "content": "Yes."},
    ]
}


@pytest.mark.parametrize(
    ("last", "verdict", "reply"),
    [
        (Turn(" It is GBP 5.00. "), "edit", "It is GBP 5.00."),
        (Turn("a", "poor", TRAIN), "accept", "a"),
        (Turn("a", "poor"), "accept", None),
        (Turn("a", "good", LEAVE_OUT), "accept", None),
        (Turn("a"), "reject", None),
        (Turn(" "), "accept", None),
    ],
)
def test_only_the_last_turn_answers_what_was_asked(
    last: Turn, verdict: str, reply: str | None
) -> None:
    record = MultiTurn((Turn("Have you frozen it?", "good", TRAIN), last), verdict)
    assert turns.example_reply(record, CONVERSATION) == reply


def test_turns_that_are_not_those_of_the_conversation() -> None:
    assert turns.example_reply(MultiTurn((Turn("a"),), "accept"), CONVERSATION) is None


def test_the_better_of_two_answers() -> None:
    record = PreferenceRecord("a", "b", "right better")
    task = task_data(preference, record)
    assert preference.example_reply(record, task) == "b"
    assert preference.example_reply(dataclasses.replace(record, preference="tie"), task) is None


def test_what_a_reviewer_let_stand() -> None:
    task = task_of("review")
    shown = review.complete_task(task)
    approved = review.example_reply(Review("approve", best=0), shown)
    assert approved in [answer["text"] for answer in task["answers"]]
    assert review.example_reply(Review("amend", amended="Free."), shown) == "Free."
    assert review.example_reply(Review("reject", amended="Free."), shown) is None
