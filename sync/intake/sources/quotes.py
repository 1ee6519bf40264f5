"""Where the quotes of a table go wrong: the line in which one opens, not that in which it shows."""

import csv
from collections.abc import Iterator, Sequence
from typing import IO


class Recorded(Iterator[str]):
    """The lines of a file, which remembers those since `begin`.

    Attributes:
        number: of the last line that was read, from 1.
        held: the lines since `begin`.
    """

    def __init__(self, text: IO[str]) -> None:
        self.number = 0
        self.held: list[str] = []
        self._next = iter(text).__next__

    def __next__(self) -> str:
        line = self._next()
        self.number += 1
        self.held.append(line)
        return line

    def begin(self) -> None:
        """The next line is the first of a row."""
        self.held = []


def fault(error: csv.Error, lines: Recorded, delimiter: str) -> str:
    """The line and what is wrong there, of a row that can't be read."""
    opened = lines.number - len(lines.held) + 1 + _last_opening(lines.held, delimiter)
    said, here = str(error), lines.number
    limit = f"{csv.field_size_limit():,}"
    if said.startswith("unexpected end"):
        return (
            f"line {opened}: not CSV (the quote that opens there is never closed); close it, or "
            'double it ("") where it is part of a text'
        )
    if said.startswith("field larger"):
        if opened < here:
            return (
                f"line {opened}: not CSV (the quote that opens there isn't closed within {limit} "
                'characters); close it, or double it ("") where it is part of a text; longer texts '
                "need JSONL or Parquet"
            )
        return (
            f"line {here}: not CSV ({said}); see that every quote is closed; texts of more than "
            f"{limit} characters need JSONL or Parquet"
        )
    since = f", and the quote that it closes opened in line {opened}" if opened < here else ""
    return (
        f"line {here}: not CSV (a quote stands in the middle of a field: {said}{since}); double it "
        '("") where it is part of a text, or close the one before it'
    )


def _last_opening(held: Sequence[str], delimiter: str) -> int:
    """In which of these lines the last quoted field of a row opens, from 0."""
    opened, quoted, starts = 0, False, True
    for number, line in enumerate(held):
        for character in line:
            if character == '"':
                if not quoted and starts:
                    opened = number
                quoted, starts = not quoted, False
            elif not quoted:
                starts = character in (delimiter, "\n", "\r")
    return opened
