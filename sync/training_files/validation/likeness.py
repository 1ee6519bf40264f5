"""A number for an example and one for its prompt that are equal wherever texts read the same.

Whether two texts are the same to a reader is costly to say (`repeated_examples`), and few are. So
each line first gets numbers that leave white space, case and a few letters away: lines that are the
same to a reader have the same numbers, and those few lines of which others have the number are read
again and looked at exactly. Most texts have no character above U+00FF; of these it is one pass over
their bytes.
"""

import codecs
import re
import unicodedata

import numpy as np

from sync.training_files.formats.example_texts import Said
from sync.training_files.validation.repeated_examples import HashedLines, Hashes
from sync.training_files.validation.said_bytes import BETWEEN, SaidBytes, said_bytes

# Letters that case folding makes several of, or one above U+00FF, are left away: ß is "ss", so that
# s goes, too, and the micro sign is the Greek letter
_END = 256  # bytes
_TAKEN = 3 * _END // 2  # of them so many are left in most texts
_CODES = "\x80\x81\x82\x83\x84\x86\x87\x88\x89\x8a"  # of Latin-1 that stand for nothing
_LEFT_AWAY = "sSß\u00b5\u03bc"
_BLANKS = "".join(chr(code) for code in range(256) if chr(code).isspace())
_DELETED = (_LEFT_AWAY + _BLANKS).replace("\u03bc", "").encode("latin-1")
_FOLDED = bytes(
    ord(folded) if len(folded := chr(code).casefold()) == 1 and ord(folded) < 256 else code
    for code in range(256)
)
_MU = "\u03bc"
_SIGNS = tuple(
    zip("\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u2022\u20ac\u2122", _CODES, strict=True)
)
# punctuation, currencies, arrows, mathematics, boxes, pictures, kana, ideographs, Hangul: of one
# case, and composed already; what composes with them is not among them
_INERT = re.compile(
    "[\u200d\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2190-\u2328\u2500-\u27bf\u3001-\u3029"
    "\u3041-\u3096\u30a1-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\ufe0f"
    "\uff01-\uff20\U0001f300-\U0001faff]+"
)


class Likenesses(HashedLines):
    """The numbers of a file's lines; 0 for a line that equals nothing."""

    def add(self, said: Said | None, sides: SaidBytes | None = None) -> None:
        """The next line; None for one that can't be read.

        Args:
            sides: its texts as bytes; None: they are made.
        """
        if said is None:
            self.put(0, 0)
            return
        one, other = sides or said_bytes(said)
        prompt = _wide(said.prompt) if one is None else _ends(one)
        answer = _wide(said.answer) if other is None else _ends(other)
        asked = prompt or any(said.prompt)
        some = asked or answer or any(said.answer)
        example = hash((prompt, answer, said.mark)) if some else 0
        self.put(example, hash((prompt,)) if asked else 0)


def likeness(texts: list[str]) -> bytes:
    """Bytes that are equal for texts that are the same to a reader but for case.

    Args:
        texts: those of a prompt or of an answer, in their order.
    """
    side = said_bytes(Said(texts, [], [], 1)).prompt
    return _wide(texts) if side is None else _ends(side)


def _ends(side: bytes) -> bytes:
    """How folded bytes begin and end, which tells most texts apart."""
    if len(side) > 4 * _END:
        first = side[:_TAKEN].translate(_FOLDED, _DELETED)
        last = side[-_TAKEN:].translate(_FOLDED, _DELETED)
        if len(first) >= _END <= len(last):
            return first[:_END] + last[-_END:]
    whole = side.translate(_FOLDED, _DELETED)
    return whole[:_END] + whole[-_END:]


def _wide(texts: list[str]) -> bytes:
    """The same, of texts with a character above U+00FF."""
    whole = BETWEEN.join(texts)
    try:
        made = _written(whole).encode("latin-1", _INERT_ONLY)
    except UnicodeEncodeError:
        folded = unicodedata.normalize("NFC", whole).casefold()
        bare = "".join(folded.split()).replace(_MU, "")
        made = _written(bare).encode("latin-1", _ANY)
    return _ends(made)


def _written(text: str) -> str:
    """A text with the signs that Latin-1 lacks and most texts have as codes that texts lack."""
    for sign, code in _SIGNS:
        text = text.replace(sign, code)
    return text


def _inert_only(error: UnicodeError) -> tuple[bytes, int]:
    """Characters that stay what they are, whatever their case and what stands beside them."""
    made = _any(error)
    if not _INERT.fullmatch(error.object[error.start : error.end]):  # type: ignore[attr-defined]
        raise error
    return made


def _any(error: UnicodeError) -> tuple[bytes, int]:
    """Characters as UTF-8."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return error.object[error.start : error.end].encode("utf-8", "surrogatepass"), error.end


_INERT_ONLY, _ANY = "labeltune.inert", "labeltune.any"
codecs.register_error(_INERT_ONLY, _inert_only)
codecs.register_error(_ANY, _any)


def met_again(hashes: Hashes) -> Hashes:
    """The indices of all lines of which another has the hash; 0 is that of none."""
    ordered = np.sort(hashes)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return met_in(hashes, twice)


def met_in(hashes: Hashes, others: Hashes) -> Hashes:
    """The indices of all lines whose hash others have, too."""
    return np.flatnonzero(np.isin(hashes, others) & (hashes != 0))
