"""How sure the model was of what it writes for this task, over all samples."""

import math

from drafting.signals.evidence import Evidence


def predictive_entropy(evidence: Evidence) -> float | None:
    """exp(-H), where H is the predictive entropy in nats a token, by Monte Carlo over the samples.

    H = -mean over samples of their mean token log-probability: the length-normalised predictive
    entropy of Malinin and Gales (2021) and of Kuhn et al. (2023), "Semantic Uncertainty".

    Returns:
        In (0, 1], high = low entropy; None where fewer than two samples tell token probabilities.
    """
    told = [one.token_logprobs for one in evidence.sampled if one.token_logprobs]
    if len(told) < 2:
        return None
    return math.exp(sum(sum(logprobs) / len(logprobs) for logprobs in told) / len(told))
