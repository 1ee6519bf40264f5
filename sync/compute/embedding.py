"""Texts of any length as vectors: a long one as the mean of its pieces."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from connectors.embedding import Encoder
from connectors.reading import Embeddings, Reading, unread_by
from sync.common.terminal import ShowProgress
from sync.compute import Engine

# bytes of UTF-8 that surely fit into the 256 tokens which the default model reads
_PIECE = 900

# texts a batch: the last bits of a vector depend on the texts beside it, so that batches must end
# where they end on every engine
_BATCH = 256

LoadEncoder = Callable[[str], Encoder]


def read_whole(texts: Sequence[str], encoder: Encoder) -> Reading:
    """(len(texts), dim), each row of length 1: of a long text the mean of its pieces.

    A model reads only a text's beginning; without the pieces, two texts that share one would be
    taken for the same. Characters are compared to a text's end: what a model can't read stays
    whole.
    """
    unread = unread_by(encoder, list(texts))
    pieces_of = [
        [text] if is_unread else list(pieces(text))
        for text, is_unread in zip(texts, unread.tolist(), strict=True)
    ]
    distinct = list(dict.fromkeys(piece for some in pieces_of for piece in some))
    vectors = encoder.encode(distinct)
    place = {piece: i for i, piece in enumerate(distinct)}
    means = np.zeros((len(texts), vectors.shape[1]), dtype=np.float32)
    for mean, some in zip(means, pieces_of, strict=True):
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


def pieces(text: str) -> Iterator[str]:
    """The text in pieces that a model reads to their end, cut between words where possible."""
    # of what is written with several bytes a character, fewer characters
    size = _PIECE * len(text) // (len(text.encode("utf-8", "replace")) or 1)
    while len(text) > size > 0:
        cut = text.rfind(" ", size // 2, size) + 1 or size
        yield text[:cut]
        text = text[cut:]
    yield text


@dataclass(frozen=True)
class _Embedded:
    """Batch of `text` -> batch of `vector` and `unread`; the model is loaded where this runs."""

    model: str
    load: LoadEncoder

    def __call__(self, batch: pa.Table) -> pa.Table:
        done = read_whole(batch["text"].to_pylist(), self.load(self.model))
        return pa.table({"vector": as_column(done.vectors), "unread": pa.array(done.unread)})


def embed(
    texts: Sequence[str], model: str, load: LoadEncoder, engine: Engine, progress: ShowProgress
) -> Reading:
    """(len(texts), dim) embeddings, the same bits on every engine; (0, 0) of no texts.

    Args:
        texts: each once.
        load: gives the encoder of a name where the texts are embedded; picklable.
        progress: called with texts embedded and texts to embed.

    Raises:
        EmbeddingError: the embedding model can't be loaded.
    """
    vectors: list[Embeddings] = []
    unread: list[bool] = []
    done = 0
    for batch in engine.map_batches(_batches(texts), _Embedded(model, load)):
        vectors.append(as_matrix(batch["vector"]))
        unread += batch["unread"].to_pylist()
        done += batch.num_rows
        progress(done, len(texts))
    whole = np.concatenate(vectors) if vectors else np.empty((0, 0), dtype=np.float32)
    return Reading(whole, np.array(unread, dtype=bool))


def as_column(vectors: Embeddings) -> pa.FixedSizeListArray:
    """A column of the rows of (n, dim)."""
    values = pa.array(vectors.ravel(), pa.float32())
    return pa.FixedSizeListArray.from_arrays(values, vectors.shape[1])


def as_matrix(column: pa.ChunkedArray) -> Embeddings:
    """(n, dim) of a column of vectors."""
    flat: Embeddings = column.combine_chunks().flatten().to_numpy()
    return flat.reshape(len(column), column.type.list_size)


def _batches(texts: Sequence[str]) -> Iterator[pa.Table]:
    for start in range(0, len(texts), _BATCH):
        # a lone surrogate has no UTF-8 form, which is Arrow's
        part = [t.encode("utf-8", "replace").decode("utf-8") for t in texts[start : start + _BATCH]]
        yield pa.table({"text": pa.array(part, pa.string())})
