"""JSON as a source holds it: what is taken of a text, and where an object over several lines ends.

Every key stands once in an object, and nothing is taken that no request could carry.
"""

import json
import math
import re
from collections.abc import Iterator
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


Numbered = tuple[int, str]

# of one object; a file in which none ends is something else
_LONGEST = 1 << 20
# a string, which never goes over a line, or what opens and closes
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]":]')
_CLOSES = {"}": "{", "]": "["}


def rest_of_object(first: str, lines: Iterator[Numbered]) -> tuple[str | None, list[Numbered]]:
    """The text of an object that a line begins, and the lines that were taken to find its end.

    Args:
        first: a line that is JSON as far as it goes.

    Returns:
        None for the text where what follows can't go on with it, such as another object in the
        place of a key: then the first line was cut off.
    """
    brackets: list[str] = []
    held, taken, size = [first], list[Numbered](), len(first)
    last = _follow(first, brackets, "")
    while brackets and last is not None:
        numbered = next(lines, None)
        if numbered is None:
            return None, taken
        taken.append(numbered)
        held.append(numbered[1])
        size += len(numbered[1])
        if size > _LONGEST:
            return None, taken
        last = _follow(numbered[1], brackets, last)
    return (None if last is None else "".join(_with_breaks(held))), taken


def _follow(line: str, brackets: list[str], last: str) -> str | None:
    """Open and close what a line does; None where it can't go on with what was before.

    Args:
        brackets: that are open; changed.
        last: the sign before the line.
    """
    for token in _TOKEN.findall(line):
        if token == '"':  # a string that is not closed in its line
            return None
        if token == "{" and brackets and brackets[-1] == "{" and last != ":":
            return None
        if token in "{[":
            brackets.append(token)
        elif token in _CLOSES and (not brackets or brackets.pop() != _CLOSES[token]):
            return None
        last = token
    return last


def _with_breaks(lines: list[str]) -> Iterator[str]:
    return (line if line.endswith("\n") else f"{line}\n" for line in lines)
