"""BANKING77's questions as vectors, embedded once and kept beside the replies."""

import csv
import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.ranked.labels import Asked, Labels
from connectors.embedding import DEFAULT_MODEL, Encoder
from connectors.reading import Embeddings

DEVELOPMENT_SHARE = 0.3  # of the train file: judged there, none of its labels ever taken
TRAIN, TEST = "banking77_train.csv", "banking77_test.csv"
_SEED = 77
_BLOCK = 512


class BankQuestions:
    """The two files of questions.

    Args:
        data: the folder that holds both.
        cache: where vectors are kept.
        encoder: gives the embedding model; called only where vectors are missing.
        model: its name.
    """

    def __init__(
        self,
        data: Path,
        cache: Path,
        encoder: Callable[[], Encoder],
        model: str = DEFAULT_MODEL,
    ) -> None:
        self._data, self._cache, self._encoder, self._model = data, cache, encoder, model

    def reported(self) -> Asked:
        """The train file to label, the test file to judge by."""
        return Asked(*self.embedded(TRAIN), *self.embedded(TEST))

    def development(self) -> Asked:
        """A part of the train file to label, the rest of it to judge by; no test question."""
        vectors, labels = self.embedded(TRAIN)
        apart = np.random.default_rng(_SEED).random(len(labels)) < DEVELOPMENT_SHARE
        return Asked(vectors[~apart], labels[~apart], vectors[apart], labels[apart])

    def embedded(self, file: str) -> tuple[Embeddings, Labels]:
        """The questions of a file, and their labels."""
        path = self._data / file
        with path.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        texts = [row["text"] for row in rows]
        key = hashlib.sha256("\0".join([self._model, *texts]).encode()).hexdigest()[:16]
        kept = self._cache / f"{path.stem}-{key}.npy"
        if not kept.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            encoder = self._encoder()
            starts = range(0, len(texts), _BLOCK)
            blocks = [encoder.encode(texts[i : i + _BLOCK]) for i in starts]
            half = kept.with_suffix(".partial.npy")
            np.save(half, np.concatenate(blocks))
            half.replace(kept)
        return np.load(kept), np.array([row["category"] for row in rows])
