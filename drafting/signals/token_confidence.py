"""How sure the model was of the draft's words, all in all."""

import math
from collections.abc import Sequence

from drafting.signals.evidence import Evidence


def token_confidence(evidence: Evidence) -> float | None:
    """Geometric mean of the draft's token probabilities, in (0, 1]; None where nobody tells them.

    Length-normalised sequence likelihood: Malinin and Gales (2021), "Uncertainty Estimation in
    Autoregressive Structured Prediction".
    """
    logprobs = evidence.answers[0].token_logprobs
    return mean_probability(logprobs) if logprobs else None


def mean_probability(token_logprobs: Sequence[float]) -> float:
    """Geometric mean of a reply's token probabilities.

    Args:
        token_logprobs: natural log-probabilities, each <= 0; at least one.

    Returns:
        In [0, 1]; low when the model was unsure of its words.

    Raises:
        ValueError: no tokens.
    """
    if not token_logprobs:
        raise ValueError("mean_probability needs at least one token")
    return math.exp(sum(token_logprobs) / len(token_logprobs))
