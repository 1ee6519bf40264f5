"""What the prior's weights may be chosen by: development questions, which are never reported.

Weights are found as in Caruana et al. (2004), "Ensemble Selection from Libraries of Models": in
each step the signal is added, with replacement, that helps most; its weight is how often it was.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.ranked.drafts import Drafts
from benchmarks.ranked.figures import Numbers, auroc
from drafting.acceptance.prior import logit

STEPS = 12


def single_signals(drafts: Drafts) -> dict[str, float]:
    """The AUROC of each signal alone, the best first."""
    found = {name: auroc(drafts.signal(name), drafts.wrong) for name in drafts.names}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def combined(drafts: Drafts, weights: Mapping[str, float]) -> Numbers:
    """(n,): the weighted mean of the signals' logits; the prior's form."""
    total = sum(weights.values())
    return sum(w * _logits(drafts.signal(name)) for name, w in weights.items()) / total


def chosen_weights(sets: Sequence[Drafts], steps: int = STEPS) -> dict[str, float]:
    """Weights by greedy selection, of mean 1, by the mean AUROC over the sets."""
    names = list(dict.fromkeys(name for drafts in sets for name in drafts.names))
    taken: Counter[str] = Counter()
    best: tuple[float, Counter[str]] = (0.0, taken)
    for _ in range(steps):
        tried = {name: _mean_auroc(sets, taken + Counter([name])) for name in names}
        added = max(tried, key=lambda name: tried[name])
        taken = taken + Counter([added])
        if tried[added] > best[0]:
            best = (tried[added], taken)
    counts = best[1]
    mean = sum(counts.values()) / max(1, len(counts))
    return {name: round(count / mean, 2) for name, count in counts.most_common()}


def _mean_auroc(sets: Sequence[Drafts], counts: Mapping[str, float]) -> float:
    found = []
    for drafts in sets:
        known = {name: w for name, w in counts.items() if name in drafts.names}
        found.append(auroc(combined(drafts, known), drafts.wrong) if known else 0.5)
    return float(np.mean(found))


def _logits(values: Numbers) -> Numbers:
    return np.array([logit(value) for value in values])
