"""Whether an embedding model can read a text, and vectors that say something where it can't.

A tokenizer that does not know a script replaces each of its words by the same unknown token, so a
model gives unequal texts equal vectors. Those texts are compared by their characters.
"""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from connectors.character_ngrams import LEAST_DIM, character_vectors

# (n, dim): a row a text
Embeddings = NDArray[np.float32]
Flags = NDArray[np.bool_]

# share of letters, digits and symbols that a model does not know from which on its vector counts
# for nothing; up to there it counts the less
UNREAD_SHARE = 0.25
# share of the letters of a script in a text that are lost, from which on none of them counts
_SCRIPT_LOST = 0.1
# whose marks may be left out
_ACCENTED = frozenset({"COMBINING", "ARABIC", "HEBREW", "SYRIAC", "VARIATION"})
# what a tokenizer surely knows: ASCII without words that are longer than it looks at
_LONG_WORD = re.compile(r"\w{100}")
_OTHER_DIM = 384
# what to name instead
MULTILINGUAL = "multilingual-e5-small"


class Tokenizer(Protocol):
    """As much of `tokenizers.Tokenizer` as is needed."""

    def encode_batch(self, input: list[str], add_special_tokens: bool) -> Sequence[Any]:
        """Encodings with `ids` and `offsets`."""


@dataclass(frozen=True)
class Reading:
    """Texts as vectors.

    Attributes:
        vectors: (n, dim), rows of length 1.
        unread: (n,): texts that are compared by their characters, since the model can't read them.
    """

    vectors: Embeddings
    unread: Flags


def read(encoder: Any, texts: list[str]) -> Reading:
    """The vectors of texts, and which were not read; an encoder that does not tell reads all."""
    vectors = encoder.encode(texts)
    return Reading(vectors, unread_by(encoder, texts))


def unread_by(encoder: Any, texts: list[str]) -> Flags:
    """(n,): which texts an encoder compares by their characters."""
    asked = getattr(encoder, "unread", None)
    flags: Flags = np.zeros(len(texts), dtype=bool) if asked is None else asked(texts)
    return flags


def unknown_shares(
    texts: Sequence[str], tokenizer: Tokenizer, unknown: int | None
) -> NDArray[np.float64]:
    """(n,): of each text's letters, digits and symbols the share that the tokenizer replaces.

    Args:
        unknown: the id of the unknown token, or None where there is none.
    """
    shares = np.zeros(len(texts))
    doubtful = [i for i, text in enumerate(texts) if not text.isascii() or _LONG_WORD.search(text)]
    if doubtful:
        encoded = tokenizer.encode_batch([texts[i] for i in doubtful], add_special_tokens=False)
        for i, one in zip(doubtful, encoded, strict=True):
            shares[i] = _unknown_share(texts[i], one.ids, one.offsets, unknown)
    return shares


def blended(vectors: Embeddings, texts: Sequence[str], shares: NDArray[np.float64]) -> Embeddings:
    """The model's vectors, those of unread texts replaced, those of partly unread ones mixed.

    Mixed, so that neither one foreign word nor an emoji cuts a text off from its like, nor two
    texts are the same that differ in nothing else.
    """
    rows = np.flatnonzero(shares > 0)
    if not len(rows):
        return vectors
    weight = np.minimum(shares[rows] / UNREAD_SHARE, 1.0)[:, None].astype(np.float32)
    by_characters = character_vectors([texts[i] for i in rows], vectors.shape[1])
    mixed = (1 - weight) * vectors[rows] + weight * by_characters
    norms = np.linalg.norm(mixed, axis=1, keepdims=True)
    result: Embeddings = vectors.copy()
    result[rows] = mixed / np.where(norms > 0, norms, 1.0)
    return result


def told_apart(reading: Reading, texts: Sequence[str]) -> Reading:
    """The vectors of a whole set; unequal texts with equal vectors are told apart by characters.

    Texts are equal here when the same letters, digits and symbols stand in them, accents and case
    aside. A set is compared with nothing but itself after this.

    Args:
        texts: of the rows, distinct or not.
    """
    vectors = reading.vectors
    first: dict[bytes, int] = {}
    again = [(first.setdefault(row.tobytes(), i), i) for i, row in enumerate(np.round(vectors, 5))]
    pairs = [(one, other) for one, other in again if one != other and texts[one] != texts[other]]
    apart = {one for one, other in pairs if _letters(texts[one]) != _letters(texts[other])}
    silent = sorted(apart | {other for one, other in again if one in apart})
    if not silent:
        return reading
    beside = 0 if vectors.shape[1] >= LEAST_DIM else _OTHER_DIM
    wide = np.hstack([vectors, np.zeros((len(vectors), beside), dtype=np.float32)])
    wide[silent] = 0
    wide[silent, -_OTHER_DIM if beside else 0 :] = character_vectors(
        [texts[i] for i in silent], beside or vectors.shape[1]
    )
    unread = reading.unread.copy()
    unread[silent] = True
    return Reading(wide, unread)


def sentence(unread: int, total: int, model: str) -> str:
    """What a user should know of texts that were compared by their characters."""
    texts = f"{unread} of {total} texts are" if total > 1 else "the text is"
    return (
        f"{texts} in a script that the embedding model {model} can't read and compared by their "
        "characters, which finds the same words and no paraphrases; set embedding.model to a "
        f'multilingual one, such as {MULTILINGUAL!r} (`pip install "labeltune[multilingual]"`)'
    )


def _unknown_share(
    text: str, ids: Sequence[int], offsets: Sequence[tuple[int, int]], unknown: int | None
) -> float:
    """The share of characters in unknown tokens, or in no token where the tokenizer drops them."""
    known = np.zeros(len(text), dtype=bool)
    for token, (start, end) in zip(ids, offsets, strict=True):
        if token != unknown:
            known[start:end] = True
    if known.all():
        return 0.0
    total, lost = Counter[str](), Counter[str]()
    for character, is_known in zip(text, known.tolist(), strict=True):
        script = _script(character)
        if script is not None:
            total[script] += 1
            lost[script] += not is_known
    # of a script that is known in part, the words that are known say little
    for script in lost.keys() - {"", "LATIN"}:
        if lost[script] >= _SCRIPT_LOST * total[script]:
            lost[script] = total[script]
    whole = total.total()
    return lost.total() / whole if whole else float(not known.any())


@functools.cache
def _script(character: str) -> str | None:
    """The script of a letter or of a vowel's sign, "" of digits and symbols; None of the rest."""
    kind = unicodedata.category(character)[0]
    script = unicodedata.name(character, "").partition(" ")[0]
    if kind in "NS":
        return ""
    # accents and points may be left out, a vowel may not
    is_sign = kind == "M" and script not in _ACCENTED
    return script if kind == "L" or is_sign else None


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LNS")
