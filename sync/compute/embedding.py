"""Texts as vectors on an engine."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from connectors.embedding import Embeddings, Encoder
from connectors.reading import Reading, read
from sync.compute import Engine

# texts a batch: the last bits of a vector depend on the texts beside it, so that batches must end
# where they end on every engine
_BATCH = 256

Progress = Callable[[int, int], None]
LoadEncoder = Callable[[str], Encoder]


@dataclass(frozen=True)
class _Embedded:
    """Batch of `text` -> batch of `vector` and `unread`; the model is loaded where this runs."""

    model: str
    load: LoadEncoder

    def __call__(self, batch: pa.Table) -> pa.Table:
        done = read(self.load(self.model), batch["text"].to_pylist())
        return pa.table({"vector": as_column(done.vectors), "unread": pa.array(done.unread)})


def embed(
    texts: Sequence[str], model: str, load: LoadEncoder, engine: Engine, progress: Progress
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
