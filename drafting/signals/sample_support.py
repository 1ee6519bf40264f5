"""How far the model's other samples say what the draft says, sentence by sentence."""

from collections.abc import Collection, Sequence
from decimal import Decimal

import numpy as np

from drafting.signals.evidence import Evidence, Vectors
from drafting.signals.numbers import numbers
from drafting.signals.text_parts import sentences

# of a longer draft as many sentences are looked at, spread over it
MOST_CLAIMS = 64


def sample_support(evidence: Evidence) -> float | None:
    """Mean over the draft's sentences of how far the other samples support them.

    In [0, 1]; None for one answer, and where answers call tools. What a model knows, its samples
    repeat; what it makes up differs: Manakul et al. (2023), "SelfCheckGPT", by the best sentence of
    each sample. Ours: the cosine of embeddings in place of BERTScore, times the share of the
    sentence's numbers that stand in the sample.
    """
    draft, *others = evidence.answers
    claims = sentences(draft.text)
    if not others or not claims or evidence.calls_tools:
        return None
    told = [supported(claims, [other.text], evidence.vectors) for other in others]
    return float(np.mean(told))


def supported(
    claims: Sequence[str], texts: Sequence[str], vectors: Vectors, also: str = ""
) -> float:
    """Mean over claims of their support by texts, in [0, 1].

    The support of one is its cosine to the most similar sentence, times the share of its numbers
    that stand anywhere in the texts.

    Args:
        claims: sentences, at least one.
        also: where numbers may stand, too.
    """
    claims = claims[:: -(-len(claims) // MOST_CLAIMS)]
    said = [sentence for text in texts for sentence in sentences(text)]
    if not said:
        return 0.0
    nearest = (vectors.of(claims) @ vectors.of(said).T).max(axis=1)
    known = {number for text in (*texts, also) for number in numbers(text)}
    shares = [_share_in(known, numbers(claim)) for claim in claims]
    return float(np.mean(np.clip(nearest, 0.0, 1.0) * shares))


def _share_in(known: Collection[Decimal], told: Sequence[Decimal]) -> float:
    return sum(number in known for number in told) / len(told) if told else 1.0
