"""Vectors of texts that stay from one run of a benchmark to the next."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from connectors.embedding import Encoder
from connectors.reading import Embeddings

_DIGEST = 32


class Remembering:
    """An encoder that reads each text once, in this run and in later ones."""

    def __init__(self, name: str, load: Callable[[str], Encoder], cache: Path) -> None:
        """What earlier runs have read is known.

        Args:
            name: of the model; `load` gives it, once a text is new.
            cache: the folder in which vectors are kept.
        """
        self._name, self._load = name, load
        self._file = cache / f"texts-of-sets-{name}.npz"
        self._known: dict[bytes, Embeddings] = {}
        if self._file.exists():
            with np.load(self._file) as kept:
                digests = kept["digests"]
                self._known = dict(zip(map(bytes, digests), kept["vectors"], strict=True))

    def encode(self, texts: list[str]) -> Embeddings:
        """(n, dim) unit rows."""
        digests = [hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in texts]
        new = {
            digest: text
            for digest, text in zip(digests, texts, strict=True)
            if digest not in self._known
        }
        if new or not texts:
            vectors = self._load(self._name).encode([*new.values()])
            self._known |= zip(new, vectors, strict=True)
            if not texts:
                return vectors
            self._write()
        return np.array([self._known[digest] for digest in digests])

    def _write(self) -> None:
        """Whole or not at all, so that a run that is stopped leaves what it has read."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_name(f".{os.getpid()}-{self._file.name}")
        digests = np.frombuffer(b"".join(self._known), np.uint8).reshape(-1, _DIGEST)
        np.savez(fresh, digests=digests, vectors=np.array([*self._known.values()]))
        fresh.replace(self._file)
