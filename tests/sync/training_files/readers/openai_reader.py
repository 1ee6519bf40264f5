"""What the types of OpenAI's own library say of lines, as pydantic reads them.

The library checks no lines itself (its `lib/_validators`, up to 2.x, were for files of `prompt` and
`completion`, which OpenAI no longer trains on): it declares what a message is made of.
"""

from collections.abc import Iterable
from typing import Any, NotRequired

from openai.types.chat import ChatCompletionFunctionToolParam, ChatCompletionMessageParam
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict


class Chat(TypedDict):
    """A conversation."""

    messages: Iterable[ChatCompletionMessageParam]
    tools: NotRequired[Iterable[ChatCompletionFunctionToolParam]]
    parallel_tool_calls: NotRequired[bool]


class Pair(TypedDict):
    """Two answers to a conversation."""

    input: Chat
    preferred_output: Iterable[ChatCompletionMessageParam]
    non_preferred_output: Iterable[ChatCompletionMessageParam]


_TYPES: dict[str, TypeAdapter[Any]] = {
    "openai-chat": TypeAdapter(Chat),
    "openai-reinforcement": TypeAdapter(Chat),
    "openai-preference": TypeAdapter(Pair),
}


def verdict(form: str, line: Any) -> str | None:
    """What is wrong with a line of a format by its type, or None."""
    try:
        _read_all(_TYPES[form].validate_python(line, strict=True))
    except ValidationError as error:
        first = error.errors()[0]
        return f"{first['loc']}: {first['msg']}"
    return None


def _read_all(value: Any) -> None:
    """Go through what pydantic checks only when it is asked for."""
    if isinstance(value, dict):
        for inner in value.values():
            _read_all(inner)
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for inner in value:
            _read_all(inner)
