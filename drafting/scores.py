"""How sure a model is of its draft: arithmetic on arrays, nothing else."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings


class NoSignalError(ValueError):
    """Nothing is known by which a draft could be scored."""


def token_confidence(token_logprobs: Sequence[float]) -> float:
    """Geometric mean of a reply's token probabilities.

    Length-normalised sequence likelihood, as in Malinin and Gales (2021), "Uncertainty
    Estimation in Autoregressive Structured Prediction".

    Args:
        token_logprobs: natural log-probabilities, each <= 0; at least one.

    Returns:
        In (0, 1]; low when the model was unsure of its words.

    Raises:
        ValueError: no tokens.
    """
    if not token_logprobs:
        raise ValueError("token_confidence needs at least one token")
    return math.exp(sum(token_logprobs) / len(token_logprobs))


def draft_agreement(embeddings: Embeddings) -> float:
    """Mean pairwise cosine similarity of one task's drafts, clipped to [0, 1].

    Args:
        embeddings: (n_drafts, dim), rows of unit length, n_drafts >= 2.

    Returns:
        Confidence; low means that the drafts disagree, so label sooner.

    Raises:
        ValueError: fewer than two drafts.
    """
    if len(embeddings) < 2:
        raise ValueError("draft_agreement needs at least two drafts")
    similarity = embeddings @ embeddings.T
    pairs = similarity[np.triu_indices(len(embeddings), k=1)]
    return float(np.clip(pairs.mean(), 0.0, 1.0))


def by_centrality(embeddings: Embeddings) -> list[int]:
    """Indices of the drafts, the one most similar to all others (the medoid) first.

    Args:
        embeddings: (n_drafts, dim), rows of unit length, n_drafts >= 1.
    """
    closeness = (embeddings @ embeddings.T).sum(axis=1)
    return [int(i) for i in np.argsort(-closeness, kind="stable")]


def agreement_with(embedding: NDArray[np.float32], embeddings: Embeddings) -> float:
    """Mean cosine similarity of one text to a task's drafts, clipped to [0, 1].

    Args:
        embedding: (dim,), of unit length: a text that is not a sample of the model's.
        embeddings: (n_drafts, dim), rows of unit length, n_drafts >= 1.

    Returns:
        Confidence; low means that the model would have written something else.
    """
    return float(np.clip((embeddings @ embedding).mean(), 0.0, 1.0))
