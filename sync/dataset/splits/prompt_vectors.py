"""What users said as vectors, each text once, kept in the data folder for the next split."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

import numpy as np

from connectors.embedding import Embeddings
from connectors.reading import Reading, told_apart
from sync.compute import vector_cache as kept
from sync.compute.embedding import LoadEncoder, Progress
from sync.compute.long_texts import embedded
from sync.dataset.splits.split_items import Item
from sync.settings import Config

VECTORS = "split-vectors.arrow"
# texts between two calls of `progress`
_BATCH = 1024


@dataclass(frozen=True)
class Texts:
    """Distinct texts, and (len, dim) vectors of length 1, by the place of a text.

    No text at all has no vector: it is like none.

    Attributes:
        unread: how many are compared by their characters, since the model can't read them.
    """

    places: dict[str, int]
    vectors: Embeddings
    unread: int = 0


def texts_of(
    items: Sequence[Item], model: str, cache: Path | None, load: LoadEncoder, progress: Progress
) -> Texts:
    """The texts of all items, as near-duplicate cleaning takes them: long ones whole.

    Args:
        cache: of vectors, see `VECTORS`; None to embed all of them anew and keep nothing.
        progress: called with texts embedded and texts to embed.

    Raises:
        EmbeddingError: the embedding model can't be loaded.
    """
    distinct = sorted({item.text for item in items if item.text})

    def fresh(texts: list[str]) -> Reading:
        parts: list[Reading] = []
        for start in range(0, len(texts), _BATCH):
            parts.append(embedded(texts[start : start + _BATCH], load(model)))
            progress(min(start + _BATCH, len(texts)), len(texts))
        if not parts:
            return Reading(np.empty((0, 0), dtype=np.float32), np.empty(0, dtype=bool))
        return Reading(
            np.concatenate([part.vectors for part in parts]),
            np.concatenate([part.unread for part in parts]),
        )

    known = kept.Vectors.read(cache, f"{kept.fingerprint(model)} whole")
    reading = kept.vectors_of(distinct, known, fresh, keep=cache is not None)
    reading = told_apart(reading, distinct)
    places = {text: place for place, text in enumerate(distinct)}
    return Texts(places, reading.vectors, int(reading.unread.sum()))


def fingerprint(model: str) -> str:
    """The name of a model; of a folder also what is in it, wherever it was copied to."""
    folder = Path(model)
    if not folder.is_dir():
        return model
    whole = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            whole.update(file_digest(file, "sha256").digest())
    return f"{folder.name} {whole.hexdigest()}"


def cache_of(config: Config, location: str) -> Path | None:
    """Where vectors are kept; a folder in an object store keeps none.

    Args:
        location: of `VECTORS` in the data folder.
    """
    return None if config.data.is_url else Path(location)
