"""OpenAI's chat form: `messages`, each with role and content; its older forms become today's."""

from collections.abc import Mapping, Sequence
from typing import Any

from label_configs.content import IMAGE, TEXT
from label_configs.message_forms import put_right
from sync.common.errors import SourceError
from sync.common.json_text import json_type
from sync.intake.sources.row import Unshowable
from sync.intake.sources.shapes.parts import messages_of
from sync.intake.sources.shapes.shape import RowShape, SourceMessage, take_turns

_PLAIN = frozenset(("system", "developer", "user", "assistant"))


def _conversation(fields: dict[str, Any], where: str) -> list[SourceMessage]:
    return chat_messages(take_turns(fields, "messages", "{role, content}", where), where)


def chat_messages(messages: Sequence[Any], where: str) -> list[SourceMessage]:
    """Messages of any API that has role and content, in the form of today.

    Raises:
        SourceError: one is no message.
        Unshowable: one holds what no page can show.
    """
    if _are_plain(messages):
        return list(messages)
    for number, message in enumerate(messages, start=1):
        if not isinstance(message, Mapping):
            raise SourceError(
                f"{where}: message {number} must hold 'role' and 'content', "
                f"found {json_type(message)}"
            )
    return [_without_null(m) for m in put_right(list(_spread(messages, where)))]


def _are_plain(messages: Sequence[Any]) -> bool:
    """Whether messages hold a role of today and text, as most do, so that nothing is to be done."""
    for message in messages:  # a plain loop: this is asked of every row
        if type(message) is not dict or len(message) != 2:
            return False
        role = message.get("role")
        if type(message.get("content")) is not str or type(role) is not str or role not in _PLAIN:
            return False
    return True


def _spread(messages: Sequence[SourceMessage], where: str) -> Sequence[SourceMessage]:
    """Messages with their parts read."""
    read: list[SourceMessage] = []
    for number, message in enumerate(messages, start=1):
        at = f"{where}: message {number}"
        if message.get("audio") is not None and message.get("role") == "assistant":
            raise Unshowable(
                f"{at} holds a sound ('audio'), which no page can show: say in words what is in "
                "it, or remove the conversation"
            )
        if "loss_weight" in message:
            message = _with_weight(message)
        if message.get("images"):
            message = _with_images(message)
        content = message.get("content")
        has_parts = isinstance(content, list) and content and not _is_data(message)
        read += messages_of(message, at) if has_parts else [message]
    return read


def _with_images(message: SourceMessage) -> SourceMessage:
    """A message with the pictures that stand beside its text, as Ollama has them, before it."""
    images, content = message["images"], message.get("content")
    if not isinstance(images, list) or not isinstance(content, str):
        return message
    parts = [each if isinstance(each, Mapping) else {IMAGE: each} for each in images]
    pictures = [{**each, "type": IMAGE} for each in parts]
    rest = {name: value for name, value in message.items() if name != "images"}
    return {**rest, "content": [*pictures, {"type": TEXT, TEXT: content}]}


def _is_data(message: SourceMessage) -> bool:
    """Whether a tool returned a list that is no list of parts."""
    if message.get("role") not in ("tool", "function"):
        return False
    return not any(isinstance(part, Mapping) and "type" in part for part in message["content"])


def _with_weight(message: SourceMessage) -> SourceMessage:
    """A message with LLaMA-Factory's weight as OpenAI's, where that can say the same."""
    weight = message["loss_weight"]
    is_learnt = message.get("role") == "assistant"
    if weight not in (0, 1) or "weight" in message or not (is_learnt or weight == 0):
        return message
    rest = {name: value for name, value in message.items() if name != "loss_weight"}
    return {**rest, "weight": 0} if is_learnt and weight == 0 else rest


def _without_null(message: SourceMessage) -> SourceMessage:
    # tables hold every field of every row
    said = {name: value for name, value in message.items() if value is not None}
    if "content" in message:
        said.setdefault("content", "")  # null: an empty message, and not one of another form
    elif said.get("tool_calls"):
        said["content"] = ""
    return said


shape = RowShape("chat", "messages", _conversation)
