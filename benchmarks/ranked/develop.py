"""What the prior may be chosen by: development questions, which are never reported.

The prior asks a few things of a draft, and one signal speaks for each: the one that tells wrong
drafts best in the mean over all sets, a choice of few. Weights for every signal were tried as well,
found step by step as in Caruana et al. (2004), "Ensemble Selection from Libraries of Models": of 60
questions a set they follow the questions more than the signals, and told wrong drafts of other
questions no better than equal ones.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.ranked.drafts import Drafts
from benchmarks.ranked.figures import auroc
from drafting.acceptance.prior import QUESTIONS


def single_signals(drafts: Drafts) -> dict[str, float]:
    """The AUROC of each signal alone, the best first."""
    found = {name: auroc(drafts.signal(name), drafts.wrong) for name in drafts.names}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def speakers(sets: Sequence[Drafts]) -> Mapping[str, Mapping[str, float]]:
    """By what is asked: each signal's mean AUROC over the sets that have it, the best first."""
    told = [single_signals(drafts) for drafts in sets]
    found = {}
    for asked, names in QUESTIONS.items():
        means = {
            name: round(float(np.mean([one[name] for one in told if name in one])), 3)
            for name in names
            if any(name in one for one in told)
        }
        if means:
            found[asked] = dict(sorted(means.items(), key=lambda item: -item[1]))
    return found
