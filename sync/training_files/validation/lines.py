"""A file's lines in flat memory: each as bytes, and as JSON or what is wrong with it.

What is wrong is told in words that hold none of the file's text.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, Literal

import numpy as np
import orjson

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 64 * 1024 * 1024  # bytes, a ceiling of ours: a longer line is no example
_TELL_EVERY = 1024 * 1024  # bytes between two reports of progress
_QUOTE, _BACKSLASH = b'"\\'
BLANK = Fault("blank-line", "the line is blank, which some readers refuse; delete it", "warning")


class ByteLines:
    """Lines without what comes before them: the byte order mark.

    Attributes:
        unit: what one of them is called, before its number.
        size: bytes read so far.
        bom: whether the file began with UTF-8's byte order mark.
        cut: never: lines go on after one that can't be read.
        parse, doubled, none_doubled: of lines; see the functions of this module.
    """

    unit: Literal["line"] = "line"
    cut: Fault | None = None

    def __init__(self, file: IO[bytes], progress: Callable[[int], None] | None = None) -> None:
        """
        Args:
            file: opened for reading bytes.
            progress: told the bytes read so far, now and then.
        """
        self._file = file
        self._progress = progress
        self.size = 0
        self.bom = False
        self.parse, self.doubled, self.none_doubled = parse, doubled_key, none_doubled

    def __iter__(self) -> Iterator[bytes | None]:
        """Each line with its line break, or None for one that is longer than `LONGEST_LINE`."""
        readline, told = self._file.readline, 0
        raw = readline(LONGEST_LINE)
        if raw.startswith(BOM):
            self.bom, self.size = True, len(BOM)
            raw = raw[len(BOM) :]
        size, longest, most = self.size, LONGEST_LINE - len(BOM), LONGEST_LINE
        while raw:
            size += len(raw)
            self.size = size
            if len(raw) < longest or raw.endswith(b"\n"):
                yield raw
            else:
                self._skip_rest()
                size = self.size
                yield None
            if size - told >= _TELL_EVERY:
                told = size
                if self._progress:
                    self._progress(told)
            raw = readline(most)

    def _skip_rest(self) -> None:
        while raw := self._file.readline(LONGEST_LINE):
            self.size += len(raw)
            if raw.endswith(b"\n"):
                return


def parse(raw: bytes) -> Json | Fault:
    """A line's object, or why there is none; of a key that stands twice it has the last value."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _explain(raw)
    if type(value) is not dict:
        kind = _KINDS.get(type(value), "a number")
        message = f"expected a JSON object, found {kind}; write each example as {{…}}"
        return Fault("object", message)
    return value


_KINDS: dict[type, str] = {list: "a list", str: "text", bool: "true or false", type(None): "null"}


def _explain(raw: bytes) -> Fault:
    """Why orjson refused a line."""
    if not raw.strip():
        return BLANK
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return Fault(
            "utf-8", f"not UTF-8 at byte {error.start + 1} of the line; save the file as UTF-8"
        )
    if text.startswith("\ufeff"):
        return Fault("bom", "a byte order mark inside the file; delete it")
    constants: list[str] = []
    try:
        json.loads(text, parse_constant=constants.append)
    except json.JSONDecodeError as error:
        return Fault("json", f"not JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        return Fault("json", "not readable as JSON: nested too deeply")
    if constants:
        return Fault("nan", f"{constants[0]} is not JSON, though Python writes it; use null")
    return Fault(
        "surrogate", "a text holds half of a character (a lone surrogate); repair the text"
    )


def none_doubled(raws: Sequence[bytes], quoted: int) -> bool:
    """Whether it is certain of some lines together that no object has a key twice.

    Args:
        quoted: the keys and texts of all that was made of the bytes.
    """
    codes = np.frombuffer(b"".join(raws), dtype=np.uint8)
    quotes = codes == _QUOTE
    count = np.count_nonzero(quotes)
    if count > 2 * quoted:  # a backslash that follows none escapes the quote after it
        escapes = codes == _BACKSLASH
        count -= np.count_nonzero(quotes[2:] & escapes[1:-1] & ~escapes[:-2])
    return bool(count <= 2 * quoted)


def doubled_key(raw: bytes, quoted: int) -> Fault | None:
    """The fault of a key that an object has twice; readers keep one of the two silently.

    Keys are only looked at one by one where the line has more quotes than its keys and texts need.

    Args:
        quoted: the keys and texts of what was made of the bytes, at every depth.
    """
    needed = 2 * quoted
    quotes = raw.count(b'"')
    if quotes <= needed:
        return None
    if b"\\\\" in raw:  # so that a backslash before a quote always escapes it
        raw_bare = raw.replace(b"\\\\", b"")
        quotes = raw_bare.count(b'"')
    else:
        raw_bare = raw
    if quotes - raw_bare.count(b'\\"') <= needed:
        return None
    doubled: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> Json:
        if len(made := dict(pairs)) < len(pairs):
            doubled.append("")
        return made

    json.loads(raw, object_pairs_hook=look)
    if not doubled:
        return None
    return Fault(
        "duplicate-key", "an object has a key twice, of which readers keep one; delete the other"
    )
