"""Simulated people: how soon somebody who guesses is flagged, and how rarely somebody good is.

Each is judged by the test that `labeltune review` uses, after every answer whose truth is known.
Somebody who guesses tosses a coin between two labels, which is the hardest to find: with four
labels they are right once in four. Somebody good is just good enough, which is the hardest to
leave alone. Intervals are those of Clopper and Pearson, 95 %.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import binomtest

from sync.queue.review.people.sequential import TRUST_TEST, standing

WITHIN = 30
# of those who guess, that are flagged by then
_MOST = 0.95
# agreement of somebody who neither guesses nor reaches what is asked of trusted people
_FAIR = 0.8
# for somebody who guesses to be found in, at the latest
_LONGEST = 200


def measured(quick: bool) -> dict[str, Any]:
    """The figures."""
    return simulated(1_000, 100) if quick else simulated(20_000, 500)


def simulated(people: int, answers: int, seed: int = 0) -> dict[str, Any]:
    """Judge made-up people.

    Args:
        people: of each kind.
        answers: of somebody good, over which no flag may come.
    """
    rng = np.random.default_rng(seed)
    coin = _first_flags(rng.random((people, _LONGEST)) < 0.5)
    four = _first_flags(rng.random((people, _LONGEST)) < 0.25)
    # good for a long time, then guessing
    turned = np.hstack(
        [rng.random((people // 4, 200)) < 0.95, rng.random((people // 4, _LONGEST)) < 0.5]
    )
    late = [each - 200 for each in _first_flags(turned) if each > 200]
    trusted = TRUST_TEST.trusted
    false = sum(each <= answers for each in _first_flags(rng.random((people, answers)) < trusted))
    low, high = _interval(false, people)
    caught = sum(each <= WITHIN for each in coin)
    caught_low, caught_high = _interval(caught, people)
    return {
        "random_flagged_within": _by_then(coin),
        "random_of_four_labels_flagged_within": _by_then(four),
        "good_then_random_flagged_within": _by_then(late),
        f"random_flagged_by_{WITHIN}": round(caught / people, 4),
        f"random_flagged_by_{WITHIN}_low": caught_low,
        f"random_flagged_by_{WITHIN}_high": caught_high,
        "false_flags": round(false / people, 5),
        "false_flags_low": low,
        "false_flags_high": high,
        "flagged_of_fair": round(_flagged_of(_FAIR, answers, rng), 4),
        "people": people,
        "answers": answers,
    }


def _flagged_of(agreement: float, answers: int, rng: np.random.Generator) -> float:
    """Share of people with this agreement that are flagged."""
    flags = _first_flags(rng.random((1000, answers)) < agreement)
    return sum(each <= answers for each in flags) / len(flags)


def _first_flags(agreed: Any) -> list[int]:
    """After how many answers each person is flagged; one more than there are: not at all."""
    never = agreed.shape[1] + 1
    return [next(iter(standing(row).flagged_after), never) for row in agreed.tolist()]


def _by_then(flags: Sequence[int]) -> int:
    """After how many answers most are flagged."""
    return int(np.quantile(flags, _MOST, method="inverted_cdf"))


def _interval(hits: int, of: int) -> tuple[float, float]:
    found = binomtest(hits, of).proportion_ci(method="exact")
    return round(float(found.low), 5), round(float(found.high), 5)
