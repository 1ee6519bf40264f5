"""What users said as vectors, each text once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.reading import Embeddings
from sync.common.terminal import ShowProgress
from sync.compute import LocalEngine
from sync.compute.embedding import LoadEncoder
from sync.compute.vector_cache import text_vectors
from sync.dataset.splits.split_items import SplitItem


@dataclass(frozen=True)
class PromptVectors:
    """Distinct texts, and (len, dim) vectors of length 1, by the place of a text.

    No text at all has no vector: it is like none.

    Attributes:
        unread: how many are compared by their characters, since the model can't read them.
    """

    places: dict[str, int]
    vectors: Embeddings
    unread: int = 0


def prompt_vectors(
    items: Sequence[SplitItem],
    model: str,
    cache: Path | None,
    load: LoadEncoder,
    progress: ShowProgress,
) -> PromptVectors:
    """The texts of all items.

    Args:
        cache: of vectors; None to embed all of them anew and keep nothing.
        progress: called with texts embedded and texts to embed.

    Raises:
        EmbeddingError: the embedding model can't be loaded.
    """
    distinct = sorted({item.text for item in items if item.text})
    reading = text_vectors(distinct, model, cache, load, LocalEngine(), progress, keep_for="split")
    places = {text: place for place, text in enumerate(distinct)}
    return PromptVectors(places, reading.vectors, int(reading.unread.sum()))
