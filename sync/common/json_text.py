"""JSON as one line of text that every reader takes for one line."""

import json
from typing import Any

import orjson

Json = dict[str, Any]

# line breaks to `str.splitlines` and some JSONL readers, though not to JSON
_BREAKS = {c: f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029"}
_BREAKS_OF_TEXT = str.maketrans(_BREAKS)
_BREAKS_OF_BYTES = [(c.encode(), escape.encode()) for c, escape in _BREAKS.items()]
# made once: `json.dumps` would make one each time, which takes as long as a short text
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def to_json(value: Any) -> str:
    """Compact JSON in UTF-8 characters; half of a surrogate pair stays escaped."""
    text = _COMPACT.encode(value)
    if not is_unicode(text):
        return json.dumps(value, separators=(",", ":"))
    return text if text.isascii() else text.translate(_BREAKS_OF_TEXT)


def to_json_line(value: Any) -> bytes:
    """The JSON of a value as a line in bytes; like `to_json`, and much quicker.

    The bytes may differ from `to_json`'s in how a number is spelled; numbers that are no numbers
    (NaN, infinity) become null, which every reader takes.
    """
    try:
        line = orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # half of a surrogate pair, a number above 64 bits, deep nesting
        return to_json(value).encode() + b"\n"
    if not line.isascii():
        for character, escape in _BREAKS_OF_BYTES:
            # its last byte is rare, and one byte is found several times as fast as three
            if character[-1] in line and character in line:
                line = line.replace(character, escape)
    return line


def from_json_line(line: bytes) -> Any:
    """The value of a line of JSON; quick, and it takes half of a surrogate pair.

    A whole number above 64 bits may become the nearest float.

    Raises:
        ValueError: it isn't JSON in UTF-8.
    """
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line)


def is_unicode(text: str) -> bool:
    """Whether a text can be written as UTF-8: false when it holds a lone surrogate."""
    try:
        text.encode("latin-1")  # a copy, where no character is above U+00FF
    except UnicodeEncodeError:
        pass
    else:
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def json_type(value: Any) -> str:
    """What a value is in JSON's words, for a fault's message."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "an object" if isinstance(value, dict) else "a list"
