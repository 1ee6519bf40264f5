"""Texts of any length as vectors: a long one as the mean of its pieces."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from connectors.embedding import Embeddings, Encoder
from connectors.reading import Reading, unread_by

# bytes of UTF-8 that surely fit into the 256 tokens which the default model reads
_PIECE = 900


def embedded(texts: Sequence[str], encoder: Encoder) -> Reading:
    """(len(texts), dim), each row of length 1: of a long text the mean of its pieces.

    A model reads only a text's beginning; without the pieces, two texts that share one would be
    taken for the same. Characters are compared to a text's end: what a model can't read stays
    whole.
    """
    unread = unread_by(encoder, list(texts))
    pieces = [
        [text] if is_unread else list(_pieces(text))
        for text, is_unread in zip(texts, unread.tolist(), strict=True)
    ]
    distinct = list(dict.fromkeys(piece for some in pieces for piece in some))
    vectors = encoder.encode(distinct)
    place = {piece: i for i, piece in enumerate(distinct)}
    means = np.zeros((len(texts), vectors.shape[1]), dtype=np.float32)
    for mean, some in zip(means, pieces, strict=True):
        mean += _mean(vectors[[place[piece] for piece in some]], map(len, some))
    return Reading(means, unread)


def _mean(vectors: Embeddings, weights: Iterable[int]) -> Embeddings:
    if len(vectors) == 1:
        only: Embeddings = vectors[0]
        return only
    mean = np.average(vectors, axis=0, weights=[weight + 1 for weight in weights])
    norm = np.linalg.norm(mean)
    unit: Embeddings = (mean / norm if norm else mean).astype(np.float32)
    return unit


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that a model reads to their end, cut between words where possible."""
    # of what is written with several bytes a character, fewer characters
    size = _PIECE * len(text) // (len(text.encode("utf-8", "replace")) or 1)
    while len(text) > size > 0:
        cut = text.rfind(" ", size // 2, size) + 1 or size
        yield text[:cut]
        text = text[cut:]
    yield text
