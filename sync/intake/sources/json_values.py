"""JSON as a source holds it: every key once, and nothing that no request could carry."""

import json
import math
from typing import Any, NoReturn

# half of a surrogate pair can only be written by an escape
_ESCAPE = "\\u"


class DuplicateKeyError(ValueError):
    """An object with a key that stands in it twice: one of the values would be lost."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the key {key!r} stands twice in one object; remove or rename one")


def parse(text: str) -> Any:
    """JSON that Label Studio takes.

    Raises:
        ValueError: not JSON, or with NaN, an endless number or half a character (a lone
            surrogate), which no request can carry, or with a key twice.
    """
    raw = _DECODER.decode(text)
    if _ESCAPE in text:
        json.dumps(raw, ensure_ascii=False).encode()
    return raw


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) != len(pairs):
        keys = [key for key, _ in pairs]
        raise DuplicateKeyError(next(key for key in keys if keys.count(key) > 1))
    return held


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number without end")
    return number


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=_finite, parse_constant=_refuse)
