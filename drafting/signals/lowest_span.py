"""How sure the model was of the words of which it was least sure."""

import math

import numpy as np

from drafting.signals.evidence import Evidence

# tokens: about a name, a number or a short phrase; ours
WINDOW = 5


def lowest_span(evidence: Evidence) -> float | None:
    """The lowest geometric mean of the token probabilities of a few tokens in a row.

    In (0, 1]; None where nobody tells them. One doubtful figure hardly shows in the mean of a long
    answer. After the maximum over tokens of Manakul et al. (2023), "SelfCheckGPT", over a window,
    since any single token may be a matter of style.
    """
    logprobs = evidence.answers[0].token_logprobs
    if not logprobs:
        return None
    width = min(WINDOW, len(logprobs))
    means = np.convolve(logprobs, np.full(width, 1 / width), mode="valid")
    return math.exp(min(0.0, float(means.min())))
