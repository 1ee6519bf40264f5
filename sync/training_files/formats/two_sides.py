"""Conversations for formats of two sides that take turns, which say less than OpenAI's chat form.

What such a format can't say is `Unsuitable`, never left away: a weight that is not written is a
turn learnt that nobody vouched for, and reasoning that is not written is lost.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sync.training_files.example import Message, Messages
from sync.training_files.formats.format import Unsuitable


def vouched(messages: Messages, instead: str = "") -> Messages:
    """The conversation up to the last turn to learn, for formats that know no weights.

    Args:
        instead: what holds such a conversation, told to who finds it left out.

    Raises:
        Unsuitable: an answer before that turn is not to be learnt.
    """
    if not any("weight" in message for message in messages) and messages[-1]["role"] == "assistant":
        return messages  # as most are
    end = 0
    unvouched = False
    for number, message in enumerate(messages, 1):
        if message["role"] != "assistant":
            continue
        if message.get("weight", 1) == 0:
            unvouched = True
        elif unvouched:
            raise Unsuitable(
                "an assistant's turn before the answer was not vouched for, and this format "
                f"teaches every turn{instead}"
            )
        else:
            end = number
    return messages[:end]


def system_and_turns(messages: Messages) -> tuple[str, Messages]:
    """The system message's text, "" for none, and what comes after it.

    Raises:
        Unsuitable: a system message stands later in the conversation.
    """
    system = ""
    if messages and messages[0]["role"] == "system":
        system, messages = text_of(messages[0]), messages[1:]
    for message in messages:
        if message["role"] == "system":
            raise Unsuitable("a system message after the first message")
    return system, messages


def text_of(message: Message) -> str:
    """What a message says.

    Raises:
        Unsuitable: nothing, or not in text alone.
    """
    content = message.get("content")
    if type(content) is not str:
        raise Unsuitable("a message that is not text alone")
    if not content or content.isspace():
        raise Unsuitable("an empty message")
    if len(message) > 2 and message.get("reasoning_content"):
        raise Unsuitable("reasoning beside the answer; export it inside the answer, as <think>")
    return content


def calls_of(message: Message) -> Sequence[Any]:
    """A message's calls of tools; none where it has none.

    Raises:
        Unsuitable: they are no list.
    """
    calls = message.get("tool_calls") or ()
    if not isinstance(calls, Sequence) or isinstance(calls, str):
        raise Unsuitable("calls of tools that are no list")
    return calls


def call_of(call: Any) -> tuple[str, dict[str, Any]]:
    """A call's name and its arguments.

    Raises:
        Unsuitable: it has no name, or its arguments are no JSON object.
    """
    function = call.get("function") if isinstance(call, Mapping) else None
    name = function.get("name") if isinstance(function, Mapping) else None
    if not isinstance(function, Mapping) or not isinstance(name, str):
        raise Unsuitable("a call of tools without a name")
    try:
        arguments = json.loads(function.get("arguments") or "{}")
    except (TypeError, ValueError, RecursionError):
        arguments = None
    if not isinstance(arguments, dict):
        raise Unsuitable("a call of tools whose arguments are not a JSON object")
    return name, arguments
