"""Conversations for formats of two sides that take turns, which say less than OpenAI's chat form.

What such a format can't say is `Unsuitable`, never left away: a weight that is not written is a
turn learnt that nobody vouched for, and reasoning that is not written is lost.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from label_configs.call_arguments import parsed
from sync.training_files.example import Message, Messages
from sync.training_files.formats.format import Unsuitable
from sync.training_files.formats.pictures import NOT_TEXT

REASONING = "reasoning beside the answer; export it inside the answer, as <think>"


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
    """The text of the system messages that begin it, "" for none, and what comes after them.

    Raises:
        Unsuitable: a system message stands later in the conversation.
    """
    system = ""
    while messages and messages[0]["role"] == "system":
        system = f"{system}\n\n{text_of(messages[0])}" if system else text_of(messages[0])
        messages = messages[1:]
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
        raise Unsuitable(NOT_TEXT)
    if not content or content.isspace():
        raise Unsuitable("an empty message")
    if len(message) > 2 and message.get("reasoning_content"):
        raise Unsuitable(REASONING)
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
    told = function.get("arguments") or "{}"
    arguments = parsed(told) if isinstance(told, str) else None
    if arguments is None:
        raise Unsuitable("a call of tools whose arguments are not a JSON object")
    return name, arguments


def calls_tools(messages: Messages) -> bool:
    """Whether a tool is called in a conversation, or answers."""
    return any(message["role"] == "tool" or "tool_calls" in message for message in messages)


def in_order_of_calls(messages: Messages) -> list[Message]:
    """Messages whose tools' answers stand in the order of the calls.

    Raises:
        Unsuitable: see `in_pairs`.
    """
    in_pairs(messages)
    places: dict[Any, int] = {}
    ordered: list[Message] = []
    for message in messages:
        if message["role"] == "tool":
            at = len(ordered)
            own = places[message.get("tool_call_id")]
            while ordered[at - 1]["role"] == "tool" and (
                places[ordered[at - 1].get("tool_call_id")] > own
            ):
                at -= 1
            ordered.insert(at, message)
            continue
        if message.get("tool_calls"):
            ids = [c.get("id") for c in calls_of(message) if isinstance(c, Mapping)]
            places = {own: at for at, own in enumerate(ids)}
        ordered.append(message)
    return ordered


def in_pairs(messages: Messages) -> None:
    """Check that each call has its answer before anybody else speaks, the last turn's aside.

    Raises:
        Unsuitable: one has none or two, or an answer is to no call of the turn before.
    """
    waiting: list[Any] = []
    for message in messages:
        if message["role"] == "tool":
            answers = message.get("tool_call_id")
            if answers not in waiting:
                raise Unsuitable("a tool's answer to no call that was made before it")
            waiting.remove(answers)
            continue
        if waiting:
            raise Unsuitable("a call of tools without an answer before somebody else speaks")
        if message.get("tool_calls"):
            waiting = [call.get("id") for call in calls_of(message) if isinstance(call, Mapping)]
            if not all(own is None or isinstance(own, str) for own in waiting):
                raise Unsuitable("a call of tools with an id that is no text")
            if len(set(map(str, waiting))) < len(waiting):
                raise Unsuitable("two calls of one turn with the same id")
