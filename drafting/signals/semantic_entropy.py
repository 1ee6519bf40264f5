"""How many different things the model says of a task."""

import math

import numpy as np

from drafting.signals.evidence import Evidence
from drafting.turn_similarity import Similarities

# similarity of conclusions from which on two answers mean the same: most of it is whether numbers
# and decisions are equal, so that those which differ in all of these never do
SAME_MEANING = 0.75


def semantic_entropy(evidence: Evidence) -> float | None:
    """1 - H / log k, where H is the entropy over the meanings of the k samples.

    Discrete semantic entropy: Kuhn et al. (2023), "Semantic Uncertainty"; Farquhar et al. (2024),
    "Detecting hallucinations in large language models using semantic entropy". There a model of
    entailment decides what means the same; here it is the similarity of conclusions.

    Returns:
        In [0, 1], 1 = all mean the same, 0 = each something else; None for fewer than two samples.
    """
    first = len(evidence.answers) - len(evidence.sampled)
    alike = evidence.alike_in_meaning[first:, first:] if len(evidence.sampled) > 1 else None
    return None if alike is None else 1.0 - entropy_of(meanings(alike)) / math.log(len(alike))


def meanings(alike: Similarities) -> list[int]:
    """A number for each answer, the same for those that mean the same.

    By average linkage: an answer belongs to a meaning when it is alike enough to its answers on the
    whole.

    Args:
        alike: (n, n), symmetric, in [0, 1]; n >= 2.
    """
    # imported here, since reading what drafts tell needs no scipy
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distances = squareform(np.clip(1.0 - alike, 0.0, 1.0), checks=False)
    tree = linkage(distances, method="average")
    return [int(one) for one in fcluster(tree, t=1.0 - SAME_MEANING, criterion="distance")]


def entropy_of(meanings: list[int]) -> float:
    """The entropy, in nats, of how often each meaning comes; at most log n."""
    counts = np.unique(meanings, return_counts=True)[1]
    shares = counts / counts.sum()
    return max(0.0, min(float(-(shares * np.log(shares)).sum()), math.log(len(meanings))))
