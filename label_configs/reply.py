"""Reading what a model replied: refused where it does not fit, never coerced."""

import json
from collections.abc import Mapping
from typing import Any

from label_configs.errors import LabelConfigError


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


def reply_object(reply: str) -> Mapping[str, Any]:
    """A reply that is a JSON object.

    Raises:
        ReplyError: it is not.
    """
    try:
        raw = json.loads(reply)
    except (ValueError, RecursionError) as error:
        raise ReplyError(f"the model's reply is not the JSON asked for ({error})") from error
    if not isinstance(raw, Mapping):
        raise ReplyError(f"the model's reply is a JSON {type(raw).__name__}, expected an object")
    return raw
