"""What the prior's weights may be chosen by: development questions, which are never reported.

Weights are found as in Caruana et al. (2004), "Ensemble Selection from Libraries of Models": in
each step the signal is added, with replacement, that helps most; its weight is how often it was.
Those are chosen by few questions of few sets, so the prior's weights are halfway between them and
equal ones.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.ranked.drafts import Drafts
from benchmarks.ranked.figures import Numbers, auroc
from drafting.acceptance.prior import FACTORS, prior_probability

STEPS = 12
LEAST = 0.25


def single_signals(drafts: Drafts) -> dict[str, float]:
    """The AUROC of each signal alone, the best first."""
    found = {name: auroc(drafts.signal(name), drafts.wrong) for name in drafts.names}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def combined(drafts: Drafts, weights: Mapping[str, float]) -> Numbers:
    """(n,): what the prior would say with other weights."""
    return np.array([prior_probability(row.signals, weights) for row in drafts.rows])


def chosen_weights(sets: Sequence[Drafts], steps: int = STEPS) -> dict[str, float]:
    """Weights of mean 1, by the mean AUROC over the sets: halfway from equal to the best found."""
    names = dict.fromkeys(name for drafts in sets for name in drafts.names)
    taken = {name: LEAST for name in names if name not in FACTORS}
    best = _mean_auroc(sets, taken), taken
    for _ in range(steps):
        tried = [{**taken, name: taken[name] + 1} for name in taken]
        rated = [_mean_auroc(sets, weights) for weights in tried]
        taken = tried[int(np.argmax(rated))]
        if max(rated) > best[0]:
            best = max(rated), taken
    mean = float(np.mean(list(best[1].values())))
    ordered = sorted(best[1].items(), key=lambda item: -item[1])
    return {name: round((1 + weight / mean) / 2, 2) for name, weight in ordered}


def _mean_auroc(sets: Sequence[Drafts], weights: Mapping[str, float]) -> float:
    return float(np.mean([auroc(combined(drafts, weights), drafts.wrong) for drafts in sets]))
