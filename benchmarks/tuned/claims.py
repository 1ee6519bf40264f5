"""How often an evaluation claims what is not so, and shows what is, on simulated arms."""

import time
from typing import Any

from sync.tuning.evaluation.statistics.intervals import exact_interval
from sync.tuning.evaluation.statistics.simulated import SimulatedArms, false_claims, power

RUNS, POWER_RUNS, QUICK_RUNS = 5_000, 1_000, 60
# equal arms: pass or fail and a figure, alone and in groups, few and many, often and seldom passed
EQUAL = {
    "30 items": SimulatedArms(items=30, passes=(0.7, 0.7)),
    "100 items": SimulatedArms(items=100, passes=(0.6, 0.6)),
    "100 items, seldom failed": SimulatedArms(items=100, passes=(0.95, 0.95)),
    "300 items": SimulatedArms(items=300, passes=(0.6, 0.6)),
    "90 items in groups of 3": SimulatedArms(items=90, group=3, passes=(0.6, 0.6)),
    "120 items in groups of 10": SimulatedArms(items=120, group=10, passes=(0.6, 0.6)),
    "a figure of 100 items": SimulatedArms(items=100, spread=0.3),
    "a figure of 90 items in groups of 3": SimulatedArms(items=90, group=3, spread=0.3),
}
UNEQUAL = {
    "100 items, 80 % beside 60 %": SimulatedArms(items=100, passes=(0.8, 0.6)),
    "100 items, 75 % beside 60 %": SimulatedArms(items=100, passes=(0.75, 0.6)),
    "300 items, 70 % beside 60 %": SimulatedArms(items=300, passes=(0.7, 0.6)),
    "120 items in groups of 3, 80 % beside 60 %": SimulatedArms(
        items=120, group=3, passes=(0.8, 0.6)
    ),
}


def measured(quick: bool) -> dict[str, Any]:
    """The largest share of false claims of any design, and the power of each other one.

    Each share stands with its 95 % interval: the largest of eight is above what it would be in more
    runs.
    """
    began, runs = time.monotonic(), QUICK_RUNS if quick else RUNS
    power_runs = QUICK_RUNS if quick else POWER_RUNS
    claims = {name: false_claims(arms, runs) for name, arms in EQUAL.items()}
    shown = {name: power(arms, power_runs) for name, arms in UNEQUAL.items()}
    return {
        "type1_error": max(claims.values()),
        "false_claims": claims,
        "false_claims_between": {
            name: [round(end, 4) for end in exact_interval(round(share * runs), runs)]
            for name, share in claims.items()
        },
        "power": {name: found.shown for name, found in shown.items()},
        "least_difference_shown": {name: round(found.stated, 3) for name, found in shown.items()},
        "runs": runs,
        "power_runs": power_runs,
        "claims_s": round(time.monotonic() - began, 1),
    }
