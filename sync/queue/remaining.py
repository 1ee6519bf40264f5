"""How many open drafts an expert would change: estimated from the audits that are finished.

Finished audits are a random sample of the project's tasks (`sync.queue.audit`), but not of the open
ones, since the others were handed out by what was known of them, the most doubtful first. So each
finished audit counts by how likely a task that is like it is still open: the sample is weighted to
look like the open tasks (Stuart et al., 2011, "The use of propensity scores to assess the
generalizability of results from randomized trials"). What decided about the order is in the
features, so a task's outcome tells nothing more about whether it is open.

The interval is that of Clopper and Pearson (1934) for a finite population, with half of the
probability of what was seen on either side (mid-p: Lancaster, 1961), since the whole makes it wider
than 95 % asks for. Where audits are weighted, their effective number takes their number's place
(Korn and Graubard, 1998, "Confidence intervals for proportions with small expected number of
positive counts estimated from survey data"). It does not trust the score: one that says nothing
makes it wide, not wrong.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
# effective audits below which an interval says next to nothing: after 10 without a change, more
# than a quarter of the open ones may still need one
ENOUGH = 10
# audits that the score's own expectation counts for in the estimate, not in its interval
_TRUST = 10.0
# tasks of a kind, at least and as a share of all, by which it is told how likely they are open
_KIND = 10
_KIND_SHARE = 0.04

Measures = NDArray[np.float64]
Changed = NDArray[np.bool_]


@dataclass(frozen=True)
class Estimate:
    """A number of tasks that is not known for sure.

    Attributes:
        value: the best guess.
        low: lower end of the 95 % interval.
        high: upper end.
    """

    value: float
    low: float
    high: float


def effective_number(weights: Measures) -> float:
    """How many equally weighted tasks tell as much (Kish, 1965, "Survey Sampling")."""
    total = float(weights.sum())
    return total * total / float((weights**2).sum()) if total else 0.0


def likeness_to_open(open_: Measures, others: Measures, audits: Measures) -> Measures:
    """How likely a task like each audit is still open.

    A shallow tree of decisions over the tasks that were not audited finds which kinds are open.

    Args:
        open_: (n_open, k) features of open tasks.
        others: (n_others, k) of finished tasks that were no audits.
        audits: (n_audits, k) of finished audits.

    Returns:
        (n_audits,) shares in [0, 1].
    """
    if not len(others) or not len(open_) or not len(audits):
        return np.ones(len(audits))
    from sklearn.tree import DecisionTreeClassifier

    known = np.concatenate([open_, others])
    is_open = np.arange(len(known)) < len(open_)
    kind = max(_KIND, round(_KIND_SHARE * len(known)))
    tree = DecisionTreeClassifier(min_samples_leaf=kind, random_state=0)
    tree.fit(known, is_open)
    shares: Measures = tree.predict_proba(audits)[:, 1]
    return shares


def changed_of_open(n_open: int, audits: float, changed: float) -> tuple[float, float]:
    """The 95 % interval of how many of the open tasks would be changed.

    Args:
        n_open: open tasks.
        audits: finished ones that are a random sample of the same; an effective number may be
            broken.
        changed: those of the audits that were changed.
    """
    sample = int(audits + 1e-9)
    if not n_open or not sample:
        return 0.0, float(n_open)
    changed = min(max(changed, 0.0), float(sample))
    below = int(changed)
    part = changed - below
    low, high = _limits(n_open, sample, below)
    if part < 1e-9:
        return float(low), float(high)
    lower, higher = _limits(n_open, sample, below + 1)
    return low + part * (lower - low), high + part * (higher - high)


def _limits(n_open: int, sample: int, changed: int) -> tuple[int, int]:
    """The fewest and most changed ones of the open that the sample does not speak against.

    Both grow with what is in the whole, so that each is found by halving.
    """
    from scipy.stats import hypergeom

    whole, tail = sample + n_open, (1 - LEVEL) / 2

    def fits_low(left: int) -> bool:
        more = hypergeom.sf(changed, whole, changed + left, sample)
        return bool(more + hypergeom.pmf(changed, whole, changed + left, sample) / 2 > tail)

    def fits_high(left: int) -> bool:
        fewer = hypergeom.cdf(changed, whole, changed + left, sample)
        return bool(fewer - hypergeom.pmf(changed, whole, changed + left, sample) / 2 > tail)

    least, most = 0, n_open
    while least < most:
        middle = (least + most) // 2
        least, most = (least, middle) if fits_low(middle) else (middle + 1, most)
    low = least
    least, most = 0, n_open
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if fits_high(middle) else (least, middle - 1)
    return low, least


def changed_left(
    open_: Measures, others: Measures, audits: Measures, changed: Changed, expected: float
) -> tuple[Estimate, float]:
    """How many of the open drafts an expert would change.

    Args:
        open_: (n_open, k) features of open tasks, by which they were put in order.
        others: (n_others, k) of finished tasks that were no audits.
        audits: (n_audits, k) of finished audits.
        changed: (n_audits,) whether the expert changed the draft.
        expected: the share that the score expects of the open ones, in [0, 1]. It counts like ten
            audits in the value, as a composite estimate does (Rao and Molina, 2015, "Small Area
            Estimation"), and not at all in the interval.

    Returns:
        The estimate, and the effective number of audits that it rests on.
    """
    n_open = len(open_)
    weights = likeness_to_open(open_, others, audits)
    number = effective_number(weights)
    share = float((weights * changed).sum() / weights.sum()) if number else 0.0
    low, high = changed_of_open(n_open, number, share * int(number + 1e-9))
    value = n_open * (share * number + expected * _TRUST) / (number + _TRUST)
    return Estimate(min(max(value, low), high), low, high), number
