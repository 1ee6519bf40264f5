"""The texts of an example as bytes of Latin-1, made once for all that look at them.

Most texts have no character above U+00FF: Python holds those as these bytes already, so that they
are a copy, and what is asked of every character of a text is one pass over bytes.
"""

from typing import NamedTuple

from sync.training_files.formats.example_texts import Said

BETWEEN = "\x00"  # of two texts
_ASCII = bytes(range(128))


class SaidBytes(NamedTuple):
    """Both sides of an example, all texts of each joined by `BETWEEN`.

    Attributes:
        prompt, answer: None where a character is above U+00FF.
    """

    prompt: bytes | None
    answer: bytes | None


def said_bytes(said: Said) -> SaidBytes:
    """An example's texts as bytes."""
    try:
        return SaidBytes(
            BETWEEN.join(said.prompt).encode("latin-1"), BETWEEN.join(said.answer).encode("latin-1")
        )
    except UnicodeEncodeError:
        return SaidBytes(_narrow(BETWEEN.join(said.prompt)), _narrow(BETWEEN.join(said.answer)))


def _narrow(text: str) -> bytes | None:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return None


def utf8_length(text: str) -> int:
    """The bytes of a text in UTF-8, half of a surrogate pair as three."""
    if text.isascii():
        return len(text)
    narrow = _narrow(text)
    return len(text.encode("utf-8", "surrogatepass")) if narrow is None else _utf8_length(narrow)


def side_length(side: bytes | None, texts: list[str]) -> int:
    """The bytes of UTF-8 of all texts of a side together.

    Args:
        side: the same texts as bytes, if they could be made.
    """
    if side is None:
        return utf8_length("".join(texts))
    return _utf8_length(side) - max(len(texts) - 1, 0)


def _utf8_length(narrow: bytes) -> int:
    if narrow.isascii():
        return len(narrow)
    return len(narrow) + len(narrow.translate(None, _ASCII))  # what is beyond ASCII has two bytes
