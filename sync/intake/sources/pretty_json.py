"""Objects over several lines: where one ends that began before, or that it never does."""

import re
from collections.abc import Iterator

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
