"""How much the samples of a task say the same, as whole texts."""

import numpy as np

from drafting.signals.evidence import Evidence
from drafting.turn_similarity import mean_similarity


def agreement(evidence: Evidence) -> float | None:
    """Mean pairwise similarity of the answers, clipped to [0, 1]; None for one answer.

    Cosine similarity of sentence embeddings, as in Lin et al. (2024), "Generating with Confidence:
    Uncertainty Quantification for Black-box Large Language Models" (their degree); of calls of
    tools, how far they do the same. Of a draft that the task brought along: how far the samples
    agree with it.
    """
    if len(evidence.answers) < 2:
        return None
    alike = evidence.alike
    mean = alike[0, 1:].mean() if evidence.brought else mean_similarity(alike)
    return float(np.clip(mean, 0.0, 1.0))
