"""Which finished tasks are examples, and of what."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.finished_example import (
    QUESTION_CHARS,
    REPLY_CHARS,
    conversation_of,
    embedded_text,
    finished_of,
)
from drafting.prompts import FewShotExample
from label_configs import INTERFACES, load
from label_configs.chat_response import ChatResponse
from label_configs.multi_turn import MultiTurn, Turn
from tests.label_configs.records import EXAMPLES, task_data

CHAT = load("chat_response")


def asked(*turns: str, **more: Any) -> dict[str, Any]:
    """Task data: user and assistant in turn."""
    roles = [("user", "assistant")[i % 2] for i in range(len(turns))]
    messages = [{"role": r, "content": c} for r, c in zip(roles, turns, strict=True)]
    return {"messages": messages, **more}


def annotation(
    number: int = 1, response: str = "Yes.", verdict: str = "accept", **more: Any
) -> dict[str, Any]:
    """An annotation of a chat response, as Label Studio lists it."""
    return {
        "id": number,
        "updated_at": f"2026-11-20T09:{number:02}:00.5Z",
        "was_cancelled": False,
        "ground_truth": False,
        "result": CHAT.encode(ChatResponse(response, verdict)),
        **more,
    }


def task(*annotations: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A listed task with one finished annotation, unless others are given."""
    listed = list(annotations) or [annotation()]
    return {"id": 7, "data": asked("Lost?"), "meta": {}, "annotations": listed, **more}


def reply_of(*annotations: dict[str, Any]) -> str | None:
    found = finished_of(CHAT, task(*annotations))
    return found and found.example.reply


def test_a_finished_task() -> None:
    found = finished_of(CHAT, task(data=asked("Lost?", context={"tier": "gold", "open": 2})))
    assert found is not None
    assert found.task_id == 7
    assert found.example == FewShotExample("Lost?", "Yes.")
    assert found.embedded == "Lost?\ntier: gold; open: 2"
    assert not found.has_split


@pytest.mark.parametrize("name", INTERFACES)
def test_a_finished_task_of_every_interface(name: str) -> None:
    interface = INTERFACES[name]
    data = task_data(interface, EXAMPLES[interface.name])
    reply = interface.example_reply(EXAMPLES[interface.name], data)
    result = json.loads(json.dumps(interface.encode(EXAMPLES[interface.name])))
    found = finished_of(interface, task(annotation(result=result), data=data))
    assert (found and found.example.reply) == reply


def test_which_annotation_counts() -> None:
    first, second = annotation(1, "First."), annotation(2, "Second.")
    assert reply_of(second, first) == "Second."
    assert reply_of({**first, "ground_truth": True}, second) == "First."
    assert reply_of(first, {**second, "was_cancelled": True}) == "First."
    # half a second later, though as text it comes first
    whole = {**first, "updated_at": "2026-11-20T09:00:00Z"}
    assert reply_of(whole, {**second, "updated_at": "2026-11-20T09:00:00.5Z"}) == "Second."
    assert reply_of({**whole, "id": 3}, {**whole, "id": 2, "result": second["result"]}) == "First."


@pytest.mark.parametrize(
    "one",
    [
        annotation(was_cancelled=True),
        annotation(verdict="reject"),
        annotation(response=" "),
        annotation(response="a" * (REPLY_CHARS + 1)),
        annotation(result=None),
        annotation(result=[{"from_name": "response", "value": {"text": 5}}]),
        annotation(result=["text"]),
        annotation(result={"from_name": "response"}),
        annotation(response="\ud83d"),
    ],
    ids=range(9),
)
def test_what_is_no_example(one: dict[str, Any]) -> None:
    assert reply_of(one) is None


@pytest.mark.parametrize("annotations", [[], None])
def test_a_task_without_annotations(annotations: Any) -> None:
    assert finished_of(CHAT, {**task(), "annotations": annotations}) is None


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"messages": None},
        {"messages": [{"role": "assistant", "content": "?"}]},
        asked("Lost?", context=["gold"]),
        [],
        None,
    ],
)
def test_a_task_that_can_t_be_read(data: Any) -> None:
    assert finished_of(CHAT, task(data=data)) is None


def test_a_pair_that_somebody_spoilt() -> None:
    result = [{"from_name": "preference", "type": "choices", "value": {"choices": ["left better"]}}]
    one = task(annotation(result=result), data=asked("Lost?", pair={"left": "no text"}))
    assert finished_of(load("preference"), one) is None


# --- splits

SPLITS: list[tuple[Any, Any, bool]] = [
    (None, None, True),
    ("train", None, True),
    (None, "train", True),
    ("train", "train", True),
    ("test", None, False),
    (None, "test", False),
    ("validation", None, False),
    ("train", "test", False),
    ("test", "train", False),
    ("Train", None, False),
    ("", None, False),
    (0, None, False),
    (["train"], None, False),
]


@pytest.mark.parametrize(("in_data", "in_meta", "is_example"), SPLITS)
def test_only_the_training_split(in_data: Any, in_meta: Any, is_example: bool) -> None:
    one = task(data=asked("Lost?", split=in_data), meta={"split": in_meta})
    found = finished_of(CHAT, one)
    assert (found is not None) is is_example
    if found:
        assert found.has_split is ("train" in (in_data, in_meta))


@pytest.mark.parametrize("meta", [None, [], "split"])
def test_a_meta_of_another_type(meta: Any) -> None:
    assert finished_of(CHAT, task(meta=meta)) is not None


# --- the same conversation


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (asked("Lost?"), asked("Lost?"), True),
        (asked("Lost?"), asked("  LOST? \n"), True),
        (asked("Lost?"), asked("Stolen?"), False),
        (asked("Lost?", context={"a": 1}), asked("Lost?", context={"a": 2}), True),
        (asked("Lost?"), asked("Lost?", "Frozen?", "Yes."), True),
        (asked("Lost?", "Where?", "Here."), asked("Lost?", "Frozen?", "Here."), True),
        (asked("Lost?", "Where?", "Here."), asked("Lost?", "Where?", "There."), False),
        (asked("Lost?", id="a"), asked("Stolen?", id="a"), True),
        (asked("Lost?", id=1), asked("Stolen?", id="1"), True),
        (asked("Lost?", id="a"), asked("Stolen?", labeltune_id="a"), False),
        (asked("Lost?", conversation_id="a"), asked("Stolen?", conversation_id="a"), True),
        (asked("Lost?", id=None), asked("Stolen?", id=None), False),
    ],
)
def test_the_same_conversation(one: Any, other: Any, overlap: bool) -> None:
    both = conversation_of(CHAT, one), conversation_of(CHAT, other)
    assert both[0].overlaps(both[1]) is both[1].overlaps(both[0]) is overlap


words = st.lists(st.sampled_from("abc"), min_size=1, max_size=4)


@given(words, words)
def test_a_conversation_overlaps_with_what_continues_it(one: list[str], other: list[str]) -> None:
    def of(turns: list[str]) -> Any:
        return conversation_of(CHAT, {"messages": [{"role": "user", "content": t} for t in turns]})

    is_start = one[: len(other)] == other or other[: len(one)] == one
    assert of(one).overlaps(of(other)) is is_start


# --- texts


def test_the_last_turn_is_embedded_first() -> None:
    data = asked("Lost?", "Where?", "Here.", context={"tier": "gold", "none": None, "n": [1]})
    assert embedded_text(CHAT, data) == "Here.\nLost?\ntier: gold; n: [1]"


def test_a_long_conversation_shows_its_end() -> None:
    data = asked("a" * 5000, "Where?", "Here.")
    found = finished_of(CHAT, task(data=data))
    assert found is not None
    assert found.example.question.startswith("[…] aaa")
    assert found.example.question.endswith("a\nassistant: Where?\nuser: Here.")
    assert len(found.example.question) == QUESTION_CHARS + 4
    assert len(found.embedded) <= 1201


def test_turns_tell_who_speaks_and_system_turns_are_left_out() -> None:
    data = asked("Lost?", "Where?", "Here.")
    data["messages"] = [{"role": "system", "content": "secret"}, *data["messages"]]
    found = finished_of(CHAT, task(data=data))
    assert found is not None
    assert found.example.question == "user: Lost?\nassistant: Where?\nuser: Here."


def test_a_finished_conversation_is_asked_up_to_its_last_reply() -> None:
    interface = load("multi_turn")
    record = MultiTurn((Turn("Frozen?"), Turn("GBP 5.")), "accept")
    data = interface.complete_task(asked("Lost?", "Frozen?", "Yes.", "It is free."))
    one = task(annotation(result=interface.encode(record)), data=data)
    found = finished_of(interface, one)
    assert found is not None
    assert found.example == FewShotExample("user: Lost?\nassistant: Frozen?\nuser: Yes.", "GBP 5.")


@pytest.mark.parametrize("left", ["<think>Why.</think>Yes.", "Why.\n</think>\nYes.", "Yes.</s>"])
def test_what_a_server_left_in_an_answer_is_shown_to_no_model(left: str) -> None:
    assert reply_of(annotation(response=left)) is None
    assert reply_of(annotation(response="Write `<think>` first.")) is not None
