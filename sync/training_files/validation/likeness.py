"""A number for an example and one for its prompt that are equal wherever texts read the same.

Whether two texts are the same to a reader is costly to say (`repeated_examples`), and few are. So
each line first gets numbers that leave white space, case and a few letters away: lines that are the
same to a reader have the same numbers, and those few lines of which others have the number are read
again and looked at exactly. Most texts have no character above U+00FF; of these it is one pass over
their bytes.
"""

import unicodedata
from array import array
from collections.abc import Sequence

import numpy as np

from sync.training_files.formats.example_texts import Said
from sync.training_files.validation.repeated_examples import Hashes

_BETWEEN = "\x00"  # of two texts

# Letters that case folding makes several of, or one above U+00FF, are left away: ß is "ss", so that
# s goes, too, and the micro sign is the Greek letter
_LEFT_AWAY = "sSß\u00b5\u03bc"
_BLANKS = "".join(chr(code) for code in range(256) if chr(code).isspace())
_DELETED = (_LEFT_AWAY + _BLANKS).replace("\u03bc", "").encode("latin-1")
_FOLDED = bytes(
    ord(folded) if len(folded := chr(code).casefold()) == 1 and ord(folded) < 256 else code
    for code in range(256)
)
_LEFT_AWAY_FOLDED = {ord(letter): None for letter in "s\u03bc"}


class Likenesses:
    """The numbers of a file's lines; 0 for a line that equals nothing."""

    def __init__(self) -> None:
        self._examples = array("q")
        self._prompts = array("q")

    def add(self, said: Said | None) -> None:
        """The next line; None for one that can't be read."""
        if said is None:
            self._examples.append(0)
            self._prompts.append(0)
            return
        prompt, answer = likeness(said.prompt), likeness(said.answer)
        asked = any(said.prompt)
        self._prompts.append(hash((prompt,)) if asked else 0)
        some = asked or any(said.answer)
        self._examples.append(hash((prompt, answer, said.mark)) if some else 0)

    @property
    def examples(self) -> Hashes:
        """(lines,) int64."""
        return np.frombuffer(self._examples, dtype=np.int64)

    @property
    def prompts(self) -> Hashes:
        """(lines,) int64."""
        return np.frombuffer(self._prompts, dtype=np.int64)


def likeness(texts: Sequence[str]) -> bytes:
    """Bytes that are equal for texts that are the same to a reader but for case.

    Args:
        texts: those of a prompt or of an answer, in their order.
    """
    whole = _BETWEEN.join(texts)
    try:
        return whole.encode("latin-1").translate(_FOLDED, _DELETED)
    except UnicodeEncodeError:
        pass
    folded = unicodedata.normalize("NFC", whole).casefold()
    bare = "".join(folded.split()).translate(_LEFT_AWAY_FOLDED)
    try:
        return bare.encode("latin-1")
    except UnicodeEncodeError:
        return bare.encode("utf-8", "surrogatepass")


def met_again(hashes: Hashes) -> Hashes:
    """The indices of all lines of which another has the hash; 0 is that of none."""
    ordered = np.sort(hashes)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return met_in(hashes, twice)


def met_in(hashes: Hashes, others: Hashes) -> Hashes:
    """The indices of all lines whose hash others have, too."""
    return np.flatnonzero(np.isin(hashes, others) & (hashes != 0))
