"""`read_reply`: a reply fits in full, or is refused; nothing is coerced."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from label_configs import Interface, ReplyError
from label_configs.chat_response import ChatResponse
from label_configs.reasoning_steps import KINDS, ReasoningSteps, Step
from label_configs.validation import check_results
from tests.label_configs.records import TASK, json_values, replies, task_data

steps = label_configs.load("reasoning_steps")

step_replies = st.fixed_dictionaries({"text": replies, "kind": st.sampled_from(KINDS)})
GOOD = {"steps": [{"text": "Declined.", "kind": "observation"}], "answer": "Raise the limit."}


@given(reply=replies)
def test_a_chat_reply_is_the_answer(reply: str) -> None:
    chat = label_configs.load("chat_response")
    assert chat.read_reply(reply, TASK) == ChatResponse(reply.strip())


@given(drafted=st.lists(step_replies, min_size=1, max_size=5), answer=replies)
def test_a_reply_with_steps(drafted: list[dict[str, str]], answer: str) -> None:
    record = steps.read_reply(json.dumps({"steps": drafted, "answer": answer}), TASK)
    assert record == ReasoningSteps(
        steps=tuple(Step(step["text"].strip(), step["kind"]) for step in drafted),
        answer=answer.strip(),
    )


@given(reply=st.text() | json_values.map(json.dumps))
def test_any_reply_becomes_a_draft_that_the_page_shows_or_is_refused(
    interface: Interface[Any], reply: str
) -> None:
    try:
        record = interface.read_reply(reply, TASK)
    except ReplyError:
        return
    assert interface.answer(record)
    config = interface.check_config(interface.xml)
    check_results(config, task_data(interface, record), interface.encode(record))


@pytest.mark.parametrize("reply", ["", " \n\t", "half an emoji: \ud83d"])
def test_nothing_to_draft_from(interface: Interface[Any], reply: str) -> None:
    with pytest.raises(ReplyError, match="the model's reply"):
        interface.read_reply(reply, TASK)


NEAR_MISSES: dict[str, Any] = {
    "no steps": {**GOOD, "steps": []},
    "steps missing": {"answer": "a"},
    "steps as an object": {**GOOD, "steps": {"text": "a", "kind": "observation"}},
    "steps as texts": {**GOOD, "steps": ["Declined."]},
    "kind missing": {**GOOD, "steps": [{"text": "Declined."}]},
    "kind of no such name": {**GOOD, "steps": [{"text": "Declined.", "kind": "observations"}]},
    "kind in capitals": {**GOOD, "steps": [{"text": "Declined.", "kind": "Observation"}]},
    "kind is null": {**GOOD, "steps": [{"text": "Declined.", "kind": None}]},
    "text missing": {**GOOD, "steps": [{"kind": "observation"}]},
    "text is blank": {**GOOD, "steps": [{"text": " ", "kind": "observation"}]},
    "text is a number": {**GOOD, "steps": [{"text": 5, "kind": "observation"}]},
    "text is a list": {**GOOD, "steps": [{"text": ["a"], "kind": "observation"}]},
    "text is half an emoji": {**GOOD, "steps": [{"text": "\ud83d", "kind": "observation"}]},
    "one bad step among good ones": {**GOOD, "steps": [*GOOD["steps"], {"text": "a", "kind": ""}]},
    "answer missing": {"steps": GOOD["steps"]},
    "answer is blank": {**GOOD, "answer": " \n"},
    "answer is a list": {**GOOD, "answer": ["Raise the limit."]},
    "a list": [GOOD],
    "null": None,
}


@pytest.mark.parametrize("reply", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_never_coerced(reply: Any) -> None:
    with pytest.raises(ReplyError):
        steps.read_reply(json.dumps(reply), TASK)


@pytest.mark.parametrize(
    "reply",
    [
        f"```json\n{json.dumps(GOOD)}\n```",
        f"Here it is: {json.dumps(GOOD)}",
        json.dumps(GOOD)[:-2],
        "[" * 5000,
    ],
    ids=["fenced", "introduced", "cut off", "endless"],
)
def test_what_is_not_only_json(reply: str) -> None:
    with pytest.raises(ReplyError, match="the model's reply is not the JSON asked for"):
        steps.read_reply(reply, TASK)
