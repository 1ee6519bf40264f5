"""What a message may hold beside its words: pictures, calls of tools, reasoning."""

from typing import Any

import pytest

import label_configs
from label_configs import Interface, LabelConfigError
from label_configs.content import calls_of, image_urls, says_nothing, spoken, text_of
from label_configs.task_listing import last_question
from label_configs.validation import check_messages

PICTURE = {"type": "image_url", "image_url": {"url": "https://x.example/meter.png"}}
CALL = {"id": "c1", "type": "function", "function": {"name": "fee", "arguments": '{"of": "card"}'}}
ASKED = {"role": "user", "content": [{"type": "text", "text": "What is this?"}, PICTURE]}
CALLS = {"role": "assistant", "content": "", "tool_calls": [CALL]}
RETURNED = {"role": "tool", "content": "", "tool_call_id": "c1"}
USER = {"role": "user", "content": "Hello?"}


def test_the_words_of_a_message_and_what_else_it_holds() -> None:
    assert text_of(ASKED["content"]) == "What is this?"
    assert image_urls(ASKED["content"]) == ["https://x.example/meter.png"]
    assert text_of([{"type": "text"}, {"type": "audio"}, "x", {"type": "text", "text": "a"}]) == "a"
    assert image_urls([{"type": "image_url"}, {"type": "image_url", "image_url": "x"}]) == []
    assert spoken(CALLS) == 'fee({"of": "card"})'
    assert [call.id for call in calls_of(CALLS)] == ["c1"]


def test_what_says_nothing() -> None:
    assert says_nothing({"role": "user", "content": " \n"})
    assert says_nothing({"role": "user", "content": [{"type": "text", "text": ""}]})
    assert says_nothing({"role": "assistant", "content": None, "tool_calls": []})
    thinks = {"role": "assistant", "content": "", "reasoning_content": "Hm."}
    assert not any(map(says_nothing, (USER, ASKED, CALLS, thinks)))


@pytest.mark.parametrize("interface", label_configs.INTERFACES.values(), ids=lambda one: one.name)
def test_every_interface_takes_a_conversation_with_calls_and_pictures(
    interface: Interface[Any],
) -> None:
    picture = {"role": "tool", "content": [PICTURE], "tool_call_id": "c1"}
    for returned in (RETURNED, picture):
        messages = [{"role": "developer", "content": "Be brief."}, ASKED, CALLS, returned]
        data = {**interface.example, "messages": [*messages, ASKED]}
        interface.check_task(data)
        completed = interface.complete_task(data)
        assert completed["last_question"] == "What is this?"
        assert "https://x.example/meter.png" not in completed["last_question"]
        assert list(interface.prompt_messages(data))[-1] == ASKED


def test_a_tools_result_can_be_answered_but_is_no_query() -> None:
    data = {"messages": [USER, CALLS, RETURNED]}
    for name in ("chat_response", "reasoning_steps", "preference"):
        label_configs.load(name).check_task(data)
    with pytest.raises(LabelConfigError, match="must be the user's"):
        label_configs.load("multi_intent").check_task(data)


BAD_MESSAGES = {
    "a user without words": ({"role": "user", "content": ""}, "needs text"),
    "an assistant without anything": ({"role": "assistant", "content": ""}, "needs text"),
    "no calls": ({"role": "assistant", "content": "", "tool_calls": []}, "needs text"),
    "no content": ({**CALLS, "content": None}, "needs text as its content, found nothing"),
    "no parts": ({"role": "user", "content": []}, "needs text as its content, found nothing"),
    "blank parts": ({"role": "user", "content": [{"type": "text", "text": " "}]}, "needs text"),
    "a sound": (
        {"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]},
        "holds a part of type 'input_audio', and pages show text and pictures: correct it",
    ),
    "no part": ({"role": "user", "content": ["a"]}, "holds a part of type None"),
    "a picture from nowhere": (
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": " "}}]},
        "holds a picture without an address",
    ),
    "a picture in the old way": (
        {"role": "user", "content": [{"type": "image_url", "image_url": "https://x.example"}]},
        "holds a picture without an address",
    ),
}


@pytest.mark.parametrize(("message", "said"), BAD_MESSAGES.values(), ids=BAD_MESSAGES)
def test_a_message_that_no_page_can_show(message: dict[str, Any], said: str) -> None:
    with pytest.raises(LabelConfigError, match=f"^task: message 2 {said}"):
        check_messages([USER, message], "task")


def test_a_picture_without_words_is_listed_as_one() -> None:
    assert last_question([{"role": "user", "content": [PICTURE]}, CALLS]) == "[picture]"
    assert last_question([ASKED]) == "What is this?"
