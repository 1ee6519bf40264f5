"""How a text begins and ends, without white space, case and a few letters.

The same for texts that read the same but for case, and told by looking at few of their characters:
a beginning that is long enough once it is folded is that of the whole text. Only where letters may
be in pieces, as e with an accent after it, or are not known to be of one piece, more is looked at.
"""

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

TAKEN = 128  # characters of a beginning or an end
KEPT = 56  # of its folded characters; the last that was taken may be in pieces, and is not kept

# what a folded character is, in one byte; 0 is left away
_HARD = 1  # a character that is folded with what stands beside it, or is not known yet
_CUT = 2  # between two texts
_CUTS, _CUT_BYTE, _HARD_BYTE = chr(_CUT), bytes([_CUT]), bytes([_HARD])
_LEAST = 3
# Letters that case folding makes several of, or one above U+00FF, are left away: ß is "ss", so that
# s goes, too, and the micro sign is the Greek letter
_MU = "\u03bc"
_LEFT_AWAY = f"sSß\u00b5{_MU}"
_ALL = 0x110000  # characters that there are
_PIECES = ((0x1160, 0x11FF), (0xD7B0, 0xD7FF), (0x16D40, 0x16D7F))  # letters that join others


def _value(character: str) -> int:
    """What a folded character is."""
    code = ord(character)
    if character in _LEFT_AWAY or character.isspace():
        return 0
    return max(code if code < 256 else (code ^ code >> 8 ^ code >> 16) & 0xFF, _LEAST)


def _narrow(code: int) -> int:
    """What a character of Latin-1 is."""
    folded = chr(code).casefold()
    return _value(folded) if len(folded) == 1 and ord(folded) < 256 else _value(chr(code))


_FOLDED = bytes(code if code == _CUT else _narrow(code) for code in range(256))
_DELETED = bytes(code for code in range(256) if not _FOLDED[code])


class _Characters:
    """What characters are, each looked at when it is first met."""

    def __init__(self) -> None:
        self._values: NDArray[np.uint8] | None = None
        self._known: set[int] = set()

    def of(self, codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """What each is; (characters,)."""
        if self._values is None:
            self._values = np.full(_ALL, _HARD, dtype=np.uint8)
            self._values[:256] = np.frombuffer(_FOLDED, dtype=np.uint8)
        found = self._values.take(codes, mode="clip")
        hard = set(np.unique(codes[found == _HARD]).tolist()) - self._known
        if not hard:
            return found
        for code in hard:
            if _is_one_piece(chr(code)):
                self._values[code] = _value(chr(code).casefold())
        self._known |= hard
        return self._values.take(codes, mode="clip")


_characters = _Characters()


def _is_one_piece(character: str) -> bool:
    """Whether a character is folded alone into one, whatever stands beside it."""
    code = ord(character)
    return (
        not unicodedata.category(character).startswith("M")
        and not any(first <= code <= last for first, last in _PIECES)
        and unicodedata.is_normalized("NFC", character)
        and len(character.casefold()) == 1
    )


def folded(windows: Sequence[str]) -> tuple[list[bytes], bool]:
    """Each beginning or end, of at most `TAKEN` characters, and whether all of them were folded.

    Where a text is as long, and not more than `KEPT` bytes are left of what was taken, more of it
    must be looked at; and where not all were folded, wherever little is left.
    """
    pieces, hard = _folded(windows)
    if len(pieces) > len(windows):  # a text has what is put between two
        pieces, hard = _folded([window.replace(_CUTS, " ") for window in windows])
    return pieces, not hard


def _folded(windows: Sequence[str]) -> tuple[list[bytes], bool]:
    """Each window, and whether one has a hard character; nothing is left of that."""
    joined = _CUTS.join(windows)
    try:
        return joined.encode("latin-1").translate(_FOLDED, _DELETED).split(_CUT_BYTE), False
    except UnicodeEncodeError:
        found = _characters.of(_codes(joined)).tobytes()
    pieces = found.translate(None, b"\0").split(_CUT_BYTE)
    if hard := _HARD_BYTE in found:
        pieces = [b"" if _HARD_BYTE in piece else piece for piece in pieces]
    return pieces, hard


def ends_of(text: str) -> tuple[bytes, bytes]:
    """How any text begins and ends: `KEPT` bytes, fewer of a short text."""
    if len(text) > 4 * TAKEN:  # a space parts letters in pieces
        begun, ended = text[: 2 * TAKEN], text[-2 * TAKEN :]
        first = _whole(begun[: begun.rfind(" ") + 1])
        last = _whole(ended[ended.find(" ") :] if " " in ended else "")
        if len(first) >= KEPT <= len(last):
            return first[:KEPT], last[-KEPT:]
    whole = _whole(text)
    return whole[:KEPT], whole[-KEPT:]


def _whole(text: str) -> bytes:
    """A text's folded characters."""
    text = text.replace(_CUTS, " ")
    try:
        return text.encode("latin-1").translate(_FOLDED, _DELETED)
    except UnicodeEncodeError:
        composed = unicodedata.normalize("NFC", text).casefold()
    codes = _codes("".join(composed.split()).replace(_MU, ""))
    narrow = np.frombuffer(_FOLDED, dtype=np.uint8)[codes & 0xFF]
    wide = np.maximum((codes ^ codes >> 8 ^ codes >> 16) & 0xFF, _LEAST)
    found = np.where(codes < 256, narrow, wide).astype(np.uint8)
    return found.tobytes().translate(None, b"\0")


def _codes(text: str) -> NDArray[np.uint32]:
    """A text's characters as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
