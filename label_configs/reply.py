"""Reading what a model replied: refused where it does not fit, never coerced."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from label_configs.errors import LabelConfigError
from label_configs.raw_reply import split_reply
from label_configs.reply_fence import unfenced

_NOT_JSON = "the model's reply is not the JSON asked for"
_MAY_BEGIN = re.compile(r"\{\s*\"|\[\s*[\[{\"\dtfn-]")
_BLANK_LINES = re.compile(r"\n\s*\n")
# what follows a brace or a bracket of JSON; of a sentence it is something else
_GOES_ON = re.compile(r"\{\s*\"|\[\s*\{")


class ReplyError(LabelConfigError):
    """A model's reply that does not hold what the interface needs."""


def reply_text(value: Any) -> str:
    """A text of a model's reply, without the blanks around it.

    Raises:
        ReplyError: no text, a blank one, or half a character that no other program would accept.
    """
    if not isinstance(value, str) or not value.strip():
        raise ReplyError("the model's reply is empty or holds no text where it should")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ReplyError("the model's reply holds half a character (a lone surrogate)") from error
    return value.strip()


def reply_answer(value: Any) -> str:
    """A text of a model's reply without its reasoning, its turn's marks and a fence around it all.

    Raises:
        ReplyError: nothing is left of it, or it is no text.
    """
    return reply_text(unfenced(_answer(reply_text(value))))


def paragraphs(text: str) -> list[str]:
    """The parts of a text between blank lines; none of them is blank."""
    return [part for part in _BLANK_LINES.split(text) if part.strip()]


def reply_object(reply: str) -> Mapping[str, Any]:
    """A reply that is a JSON object, or holds one and no other.

    It may stand in a fence, among sentences, or behind reasoning and a byte order mark.

    Raises:
        ReplyError: it holds none, several that differ, or one that is cut or broken.
    """
    try:
        found: list[Any] = [json.loads(reply)]
    except (ValueError, RecursionError) as error:
        found = []
        for value in _held(_answer(reply), error):
            found += [value] if value not in found else []
        if not found:
            raise ReplyError(f"{_NOT_JSON} ({error})") from error
    if len(found) > 1:
        raise ReplyError(f"{_NOT_JSON}: it holds {len(found)} that differ, expected one")
    if not isinstance(found[0], Mapping):
        kind = type(found[0]).__name__
        raise ReplyError(f"the model's reply is a JSON {kind}, expected an object")
    return found[0]


def _answer(reply: str) -> str:
    split = split_reply(reply)
    if split.unclosed:
        raise ReplyError("the model's reply ends inside its reasoning, before the answer")
    if split.reasoning and not split.answer:
        raise ReplyError("the model's reply is all reasoning, without an answer")
    return split.answer


def _held(text: str, error: Exception) -> Iterator[Any]:
    """Every JSON object in a text that is not inside another, and lists that hold one.

    Raises:
        ReplyError: one begins and does not end as JSON does.
    """
    decoder = json.JSONDecoder()
    at = 0
    while (begin := _MAY_BEGIN.search(text, at)) is not None:
        try:
            value, at = decoder.raw_decode(text, begin.start())
        except RecursionError:
            raise ReplyError(f"{_NOT_JSON} ({error})") from None
        except ValueError as broken:
            if _GOES_ON.match(text, begin.start()):
                raise ReplyError(f"{_NOT_JSON} ({broken})") from broken
            at = begin.start() + 1
            continue
        if isinstance(value, dict) or any(isinstance(item, dict) for item in value):
            yield value
