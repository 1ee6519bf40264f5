"""Texts of any script as vectors of their characters: for what an embedding model can't read.

The cosine of two vectors is that of the sets of single characters, pairs and triples (at half the
weight) in the texts, punctuation, case and look-alike forms aside. Each n-gram is a fixed random
direction, so that a few hundred dimensions hold them all, in the space of any model: to what a
model has made they are about at right angles (Johnson and Lindenstrauss; the error of a cosine c
is about (1 - c²)/√dim). What the orders and weights are chosen by: tests/connectors/near_texts.py.
"""

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_Vectors = NDArray[np.float32]

# weight of single characters, of pairs, of triples; sums of them are exact in float32
_WEIGHTS = (1.0, 1.0, 0.5)
# texts whose n-grams are held at once
_BATCH = 256
# dimensions in which n-grams are told apart
LEAST_DIM = 256


def character_vectors(texts: Sequence[str], dim: int) -> _Vectors:
    """(len(texts), dim), each row of length 1; the same bits whatever a text stands beside.

    Args:
        dim: at least `LEAST_DIM`, or texts look alike by chance.
    """
    found = np.zeros((len(texts), dim), dtype=np.float32)
    for start in range(0, len(texts), _BATCH):
        some = [_bare(text) for text in texts[start : start + _BATCH]]
        part = found[start : start + _BATCH]
        for length, weight in enumerate(_WEIGHTS, start=1):
            part += np.float32(weight) * _sums(some, length, dim)
        norms = np.sqrt(np.einsum("ij,ij->i", part, part, dtype=np.float64))
        part /= np.where(norms > 0, norms, 1.0)[:, None].astype(np.float32)
    return found


def _bare(text: str) -> str:
    """A text in one form, without punctuation; as it is where there is nothing else in it."""
    # a lone surrogate has no UTF-8 form, which is what is hashed
    whole = unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode()).casefold()
    kept = "".join(c if unicodedata.category(c)[0] in "LMNS" else " " for c in whole)
    return " ".join(kept.split()) or " ".join(whole.split())


def _sums(texts: Sequence[str], length: int, dim: int) -> _Vectors:
    """(len(texts), dim): the sum of the directions of a text's n-grams of one length."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer

    counted = HashingVectorizer(
        analyzer="char",
        ngram_range=(length, length),
        lowercase=False,
        binary=True,
        norm=None,
        alternate_sign=False,
        n_features=2**31 - 1,
        dtype=np.float32,
    ).transform(texts)
    features, columns = np.unique(counted.indices, return_inverse=True)
    small = csr_matrix((counted.data, columns, counted.indptr), (len(texts), len(features)))
    sums: _Vectors = small @ _directions(features, length, dim)
    return sums


def _directions(features: NDArray[np.int32], length: int, dim: int) -> _Vectors:
    """(len(features), dim) of 1 and -1, fixed for ever by the number of a feature."""
    words = -(-dim // 64)
    base = features.astype(np.uint64)[:, None] * np.uint64(8) + np.uint64(length)
    bits = _mixed(_mixed(base) + np.arange(words, dtype=np.uint64))
    signs = np.unpackbits(bits.astype("<u8").view(np.uint8), axis=1)[:, :dim]
    return signs.astype(np.float32) * np.float32(2) - np.float32(1)


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finalizer of SplitMix64: neighbouring numbers give unrelated bits."""
    x = numbers + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = x ^ (x >> np.uint64(31))
    return mixed
