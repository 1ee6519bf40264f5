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


OTHER = {**GOOD, "answer": "Ask the bank."}
TEXT = json.dumps(GOOD)
WRAPPED = {
    "a fence": f"```json\n{TEXT}\n```",
    "a fence without a name": f"```\n{json.dumps(GOOD, indent=2)}\n```",
    "prose before": f"Here it is: {TEXT}",
    "prose after": f"{TEXT}\n\nI hope that this helps!",
    "a fence between sentences": f"Here you go:\n```json\n{TEXT}\n```\nAnything else?",
    "braces and brackets in the prose": f"As asked {{in short}} [1], see [a](b): {TEXT}",
    "an empty object in the prose": f"Not {{}} but {TEXT}",
    "reasoning": f"<think>\nA limit, so …\n</think>\n\n{TEXT}",
    "reasoning that drafts it": f'<think>{{"steps": []}} or {json.dumps(OTHER)}?</think>{TEXT}',
    "the end of reasoning": f"A limit, so …\n</think>\n```json\n{TEXT}\n```",
    "the end of reasoning, glued": f"A limit.\n</think>{TEXT}",
    "channels without their tokens": f'analysisA limit, so {{"steps": …assistantfinal{TEXT}',
    "the wrong channel": f"<|channel|>commentary<|message|>{TEXT}<|end|>",
    "channels": "<|channel|>analysis<|message|>A limit.<|end|>"
    f"<|start|>assistant<|channel|>final<|message|>{TEXT}<|return|>",
    "a byte order mark": f"\ufeff{TEXT}",
    "a token at the end": f"{TEXT}<|im_end|>",
    "twice the same": f"```json\n{TEXT}\n```\nThat is: {json.dumps(GOOD, indent=1)}",
}


@pytest.mark.parametrize("reply", WRAPPED.values(), ids=WRAPPED)
def test_one_object_is_taken_out_of_what_wraps_it(reply: str) -> None:
    assert steps.read_reply(reply, TASK) == steps.read_reply(TEXT, TASK)


def test_what_an_object_says_is_not_taken_for_what_wraps_it() -> None:
    said = "Close it with </think>.</think>\n```json\n{}\n```<|im_end|> "
    whole = steps.read_reply(
        json.dumps({**GOOD, "steps": [{**GOOD["steps"][0], "text": said}]}), {}
    )
    assert whole.steps[0].text == said.strip()


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (f"```json\n{TEXT}\n```\nor\n```json\n{json.dumps(OTHER)}\n```", "2 that differ"),
        (f"{TEXT} {json.dumps(OTHER)} {json.dumps(NEAR_MISSES['no steps'])}", "3 that differ"),
        (TEXT[:-2], "not the JSON asked for"),
        (f"```json\n{TEXT[:-2]}\n```", "not the JSON asked for"),
        (f"Here it is: {TEXT[:60]}", "not the JSON asked for"),
        (f"```json\n{json.dumps([GOOD])}\n```", "a JSON list, expected an object"),
        (f"Here they are: {json.dumps([GOOD, OTHER])[:-20]}", "not the JSON asked for"),
        ("[" * 5000, "not the JSON asked for"),
        ('{"steps":' * 5000, "not the JSON asked for"),
        ("I can't answer that.", "not the JSON asked for"),
        (f"<think>{TEXT}", "ends inside its reasoning"),
        (f"<think>{TEXT}</think>", "all reasoning, without an answer"),
    ],
)
def test_what_holds_no_object_or_several(reply: str, why: str) -> None:
    with pytest.raises(ReplyError, match=f"the model's reply .*{why}"):
        steps.read_reply(reply, TASK)


@given(around=st.tuples(st.text(max_size=20), st.text(max_size=20)))
def test_whatever_stands_around_it_one_object_fits_or_is_refused(around: tuple[str, str]) -> None:
    try:
        read = steps.read_reply(TEXT.join(around), TASK)
    except ReplyError:
        return
    assert read == steps.read_reply(TEXT, TASK)
