"""The body of an answer with status 200: a chat completion, or what it is instead."""

import json
from collections.abc import Mapping
from typing import Any

NO_COMPLETION_FORM = "JSON of another form"
STREAM = "a stream of server-sent events, though none was asked for"
NO_CHOICE = "a completion without a choice"


class NoCompletionError(ValueError):
    """A server answered something else than a chat completion, or one without a choice.

    Attributes:
        what: it is, in a few words.
        error: the body, where it is an error; it may hold the prompt.
        code: of that error, where it is a number.
    """

    def __init__(self, what: str, error: str | None = None, code: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.error = error
        self.code = code


def completion_in(content: bytes) -> Mapping[str, Any]:
    """A chat completion with at least one choice.

    Raises:
        NoCompletionError: it is something else.
    """
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NoCompletionError(_text_like(content)) from error
    if not isinstance(raw, Mapping):
        raise NoCompletionError(NO_COMPLETION_FORM)
    told = _error_in(raw)
    if told is not None:
        code = told.get("code") if isinstance(told, Mapping) else None
        raise NoCompletionError("an error", json.dumps(told), _number(code))
    if "choices" in raw and not raw["choices"]:
        raise NoCompletionError(NO_CHOICE)
    return raw


def _error_in(raw: Mapping[str, Any]) -> Any:
    """The error that a body or its first choice holds; None where it holds none."""
    choices = raw.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    for holder in (raw, first):
        if isinstance(holder, Mapping) and holder.get("error"):
            return holder["error"]
    if choices is None and (raw.get("object") == "error" or {"message", "detail"} & raw.keys()):
        return raw
    return None


def _text_like(content: bytes) -> str:
    begins = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if begins.startswith((b"data:", b"event:", b":", b"id:", b"retry:")):
        return STREAM
    if begins.startswith(b"<"):
        return "a web page"
    return "text that is no JSON" if begins else "nothing"


def _number(code: Any) -> int | None:
    try:
        return int(code)
    except (TypeError, ValueError):
        return None
