"""Evidence for tests: answers whose vectors are known."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from connectors.character_ngrams import character_vectors
from connectors.embedding import Encoder
from connectors.reading import Embeddings
from drafting.signals.evidence import Evidence, SampledAnswer, Vectors


class ByCharacters(Encoder):
    """An embedding model without a model: texts are alike that share their characters."""

    def __init__(self) -> None:
        self.history: list[list[str]] = []

    def encode(self, texts: list[str]) -> Embeddings:
        self.history.append(texts)
        return np.asarray(character_vectors(texts, 384), dtype=np.float32)


def evidence(*answers: str | SampledAnswer, **fields: Any) -> Evidence:
    """What a model did that gave these answers, the draft first."""
    given = [SampledAnswer(one) if isinstance(one, str) else one for one in answers]
    encoder = ByCharacters()
    return Evidence(**{"answers": tuple(given), "vectors": Vectors(lambda: encoder), **fields})


def written(text: str, *logprobs: float, model: str = "") -> SampledAnswer:
    """An answer with the log-probabilities of its tokens."""
    return SampledAnswer(text, token_logprobs=logprobs, model=model)


def unencoded(answers: Sequence[SampledAnswer]) -> Evidence:
    """Evidence for which no embedding model may be loaded."""

    def refuse() -> Encoder:
        raise AssertionError("nothing to compare")

    return Evidence(tuple(answers), Vectors(refuse))
