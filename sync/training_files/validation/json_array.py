"""The elements of one JSON array as bytes, in memory that does not grow with the array.

Where an element ends is found by its brackets, a block at a time: strings are told by the quotes
around them, and a bracket outside of them closes an element when it leads back to the array's own
depth. Each element is then parsed by itself, as a line is.
"""

from collections.abc import Callable, Iterator
from typing import IO, Literal

import numpy as np
import orjson
from numpy.typing import NDArray

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault
from sync.training_files.validation import lines
from sync.training_files.validation.lines import BOM, doubled_key, none_doubled, parse

_BLOCK = 1024 * 1024  # bytes read at a time
_BLANKS = b" \t\r\n"
_QUOTE = ord('"')
# what is looked at: a bracket opens (+1) or closes (-1); a quote begins or ends a string
_STEPS = np.zeros(256, dtype=np.int8)
_STEPS[list(b"{[")] = 1
_STEPS[list(b"}]")] = -1
_LOOKED_AT = _STEPS != 0
_LOOKED_AT[_QUOTE] = True


class ArrayElements:
    """A file's elements, from the first byte of the file.

    Attributes:
        unit: what one of them is called, before its number.
        size: bytes read so far.
        bom: whether the file began with UTF-8's byte order mark.
        cut: why the file was not taken as an array to its end; known after the last element.
        doubled, none_doubled: of elements, as of lines.
    """

    unit: Literal["example"] = "example"

    def __init__(self, file: IO[bytes], progress: Callable[[int], None] | None = None) -> None:
        """
        Args:
            file: opened for reading bytes; its first byte that is not blank is a bracket.
            progress: told the bytes read so far, now and then.
        """
        self._file = file
        self._progress = progress
        self.size = 0
        self.bom = False
        self.cut: Fault | None = None
        self._number = 0
        self._wrong = ""
        self.doubled, self.none_doubled = doubled_key, none_doubled

    def parse(self, raw: bytes) -> Json | Fault:
        """As of a line; what comes after an element that is no JSON can't be told apart."""
        line = parse(raw)
        if isinstance(line, Fault) and line.rule == "json":
            self._wrong = "it is no JSON"
        return line

    def __iter__(self) -> Iterator[bytes]:
        """Each element, without the comma before it and white space around it."""
        held, start = b"", 0  # bytes that are not yet given out, and where they begin
        depths = _Depths()
        for block in self._blocks():
            held, base, start = held[start:] + block, len(held) - start, 0
            ends, closed = depths.follow(block)
            for end in (base + ends + 1).tolist():
                yield from self._elements(held[start:end])
                start = end
                if self._stopped():
                    self._skip()
                    return
            if closed is not None:
                yield from self._last(held[start : base + closed], held[base + closed + 1 :])
                return
            if len(held) - start > lines.LONGEST_LINE:
                self.cut = _not_read(self._number, "the next one is longer than 64 MB")
                self._skip()
                return
        if held[start:].strip(_BLANKS + b",["):
            yield from self._elements(held[start:])
        self.cut = Fault(
            "json-array",
            f"the array has no end: the file was cut off in example {max(self._number, 1):,} or "
            "after it, or a quote or bracket is missing there; correct or fetch it",
        )

    def _blocks(self) -> Iterator[bytes]:
        """The file in pieces, none of which ends inside an escape."""
        first = True
        while block := self._file.read(_BLOCK):
            while block.endswith(b"\\") and (more := self._file.read(1)):
                block += more
            self.size += len(block)
            if first and block.startswith(BOM):
                self.bom, block = True, block[len(BOM) :]
            first = False
            if self._progress:
                self._progress(self.size)
            yield block

    def _elements(self, raw: bytes) -> Iterator[bytes]:
        """What stands between two ends: most often a comma and an object."""
        bare = raw.lstrip(_BLANKS)
        if self._number:
            bare = bare[1:].lstrip(_BLANKS) if bare.startswith(b",") else b""
        elif bare.startswith(b"["):
            bare = bare[1:].lstrip(_BLANKS)
        if bare.startswith(b"{"):
            self._number += 1
            yield bare
            return
        yield from self._values(raw)

    def _values(self, raw: bytes) -> Iterator[bytes]:
        """Several values, such as numbers before an object; nothing where they are no JSON."""
        bare = raw.strip(_BLANKS)
        before = b"," if self._number else b"["
        try:
            values = orjson.loads(b"[%b]" % bare[1:]) if bare.startswith(before) else []
        except orjson.JSONDecodeError:
            values = []
        if not values:
            self._wrong = "no JSON follows there"
            return
        for value in values:
            self._number += 1
            yield orjson.dumps(value)

    def _last(self, between: bytes, after: bytes) -> Iterator[bytes]:
        """What stands between the last element and the array's end, and what comes after that."""
        if between.strip(_BLANKS) not in (b"", b"["):
            yield from self._values(between)
            self._stopped()
        trailing = after.lstrip(_BLANKS)
        count = len(trailing)
        for block in self._blocks():
            count += len(block) if count else len(block.lstrip(_BLANKS))
        if count and self.cut is None:
            self.cut = Fault(
                "json-array",
                f"{count:,} bytes come after the array's end and were not read; a file holds one "
                "array: take them away, or write each example on a line of its own",
            )

    def _stopped(self) -> bool:
        if self._wrong:
            self.cut = _not_read(self._number, self._wrong)
        return bool(self._wrong)

    def _skip(self) -> None:
        for _ in self._blocks():
            pass


class _Depths:
    """Where the elements of an array end, block after block."""

    def __init__(self) -> None:
        self._depth = 0
        self._inside = 0  # 1 inside of a string

    def follow(self, block: bytes) -> tuple[NDArray[np.int64], int | None]:
        """The index of each element's last byte, and that of the array's own bracket or None."""
        if b"\\" in block:  # an escaped quote is none, unless its backslash is escaped itself
            block = block.replace(b"\\\\", b"  ").replace(b'\\"', b"  ")
        codes = np.frombuffer(block, dtype=np.uint8)
        at = np.flatnonzero(_LOOKED_AT[codes])
        kinds = codes[at]
        quotes = kinds == _QUOTE
        inside = (np.cumsum(quotes) + self._inside) & 1
        if len(inside):
            self._inside = int(inside[-1])
        outside = ~quotes & (inside == 0)
        at, steps = at[outside], _STEPS[kinds[outside]]
        depths = np.cumsum(steps, dtype=np.int64) + self._depth
        if len(depths):
            self._depth = int(depths[-1])
        ends = at[(depths == 1) & (steps < 0)]
        closing = np.flatnonzero(depths == 0)
        if not len(closing):
            return ends, None
        closed = int(at[closing[0]])
        return ends[ends < closed], closed


def _not_read(number: int, since: str) -> Fault:
    place = f"example {number:,}" if number else "its beginning"
    return Fault(
        "json-array",
        f"what comes after {place} was not read, since {since}; correct it and validate again",
    )
