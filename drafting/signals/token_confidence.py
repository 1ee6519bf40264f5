"""How sure the model was of the draft's words, all in all."""

from drafting import scores
from drafting.signals.evidence import Evidence


def token_confidence(evidence: Evidence) -> float | None:
    """Geometric mean of the draft's token probabilities, in (0, 1]; None where nobody tells them.

    Length-normalised sequence likelihood: Malinin and Gales (2021), "Uncertainty Estimation in
    Autoregressive Structured Prediction".
    """
    logprobs = evidence.answers[0].token_logprobs
    return scores.token_confidence(logprobs) if logprobs else None
