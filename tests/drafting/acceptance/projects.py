"""Finished drafts of made-up projects, whose true probabilities are known."""

import numpy as np

from drafting.acceptance.judged_draft import JudgedDraft
from drafting.acceptance.reliability import Accepted

# how much each signal tells; the one that tells most hardly counts in the prior
TELLS = {"lowest_span": 0.3, "agreement": 1.5, "conclusion_agreement": 0.1, "support": 0.7}


def project(n: int, seed: int = 0, base: float = -1.0) -> list[JudgedDraft]:
    """Drafts that are good to a degree that nobody sees; each signal shows it, with noise.

    Experts accept the better ones rather; signals say too good of all of them, as models do.

    Args:
        base: log-odds of acceptance of a draft in the middle; low = few are accepted.
    """
    rng = np.random.default_rng(seed)
    good = rng.normal(size=n)
    accepted = rng.random(n) < _logistic(2 * good + base)
    shown = {
        name: _logistic(tells * good + rng.normal(size=n) + 1.0) for name, tells in TELLS.items()
    }
    sampled_once = rng.random(n) < 0.3
    found = []
    for i in range(n):
        signals = {name: float(values[i]) for name, values in shown.items()}
        if sampled_once[i]:  # nothing to compare
            del signals["agreement"], signals["conclusion_agreement"]
        changed = 0.0 if accepted[i] else float(_logistic(rng.normal() - good[i]))
        found.append(JudgedDraft(signals, bool(accepted[i]), changed))
    return found


def accepted_of(drafts: list[JudgedDraft]) -> Accepted:
    return np.array([draft.accepted for draft in drafts])


def _logistic(log_odds: np.ndarray | float) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(log_odds)))
