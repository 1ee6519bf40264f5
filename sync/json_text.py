"""JSON as one line of text that every reader takes for one line."""

import json
from typing import Any

# line breaks to `str.splitlines` and some JSONL readers, though not to JSON
_BREAKS = str.maketrans({c: f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029"})


def to_json(value: Any) -> str:
    """Compact JSON in UTF-8 characters; half of a surrogate pair stays escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if not is_unicode(text):
        return json.dumps(value, separators=(",", ":"))
    return text if text.isascii() else text.translate(_BREAKS)


def is_unicode(text: str) -> bool:
    """Whether a text can be written as UTF-8: false when it holds a lone surrogate."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
