"""Work that gets worse the longer somebody works without a break.

Each annotation is placed in its stretch of work; within each annotator, hours into the stretch are
ranked, and faulty ones are held against right ones by these ranks (van Elteren, 1960: Wilcoxon's
test with one's own work as the stratum). Who is careless throughout is no case of it.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from sync.quality.checks.check import CheckResult, WorkToCheck
from sync.quality.checks.judged_annotations import JudgedAnnotation, judged_annotations
from sync.quality.checks.shares import told

KIND = "fatigue"
# finished tasks, below which it is not worth a word
_LEAST = 100


@dataclass(frozen=True)
class FatigueOptions:
    """What is a stretch of work, and when it tires.

    Attributes:
        pause_min: minutes without work that end a stretch.
        hours: of a stretch that are held against the rest.
        p_value: the chance of seeing it in work that does not get worse, at most.
        faulty: annotations with a finding, at least, and as many after `hours` of work; fewer say
            nothing.
    """

    pause_min: float = 30.0
    hours: float = 2.0
    p_value: float = 0.01
    faulty: int = 10


def hours_worked(
    work: Sequence[tuple[datetime, float | None]], pause_min: float
) -> NDArray[np.float64]:
    """(n,): how long somebody had worked without a pause when each annotation was finished.

    Args:
        work: when it was finished, and the seconds that it took, in any order.
        pause_min: minutes without work that are a pause.
    """
    hours = np.zeros(len(work))
    begun: datetime | None = None
    last: datetime | None = None
    for i in sorted(range(len(work)), key=lambda i: work[i][0]):
        ended, took_s = work[i]
        started = ended - timedelta(seconds=took_s or 0.0)
        if last is None or begun is None or started - last > timedelta(minutes=pause_min):
            # a page that was left open over a pause tells nothing of when work began
            begun = max(started, ended - timedelta(minutes=pause_min))
        hours[i] = (ended - begun).total_seconds() / 3600
        last = ended
    return hours


def rises(strata: Sequence[tuple[NDArray[np.float64], NDArray[np.bool_]]]) -> float:
    """p-value of faults that do not rise with hours, one-sided.

    Args:
        strata: of each person the hours and whether each annotation is faulty.
    """
    from scipy.stats import norm, rankdata

    total = variance = 0.0
    for hours, faulty in strata:
        n, hits = len(hours), int(faulty.sum())
        if not 0 < hits < n:
            continue
        ranks = rankdata(hours)
        ranks = (ranks - ranks.mean()) / (n + 1)
        total += float(ranks[faulty].sum())
        variance += hits * (n - hits) / (n * (n - 1)) * float((ranks**2).sum())
    return float(norm.sf(total / math.sqrt(variance))) if variance > 0 else 1.0


def check(work: WorkToCheck, results: Mapping[str, CheckResult]) -> CheckResult:
    """Look at all annotators together, each beside their own work."""
    options = work.options.of(KIND, FatigueOptions)
    by: dict[int, list[JudgedAnnotation]] = defaultdict(list)
    for one in judged_annotations(work, results):
        by[one.annotator].append(one)
    strata = []
    for _, own in sorted(by.items()):
        hours = hours_worked([(a.finished_at, a.lead_time_s) for a in own], options.pause_min)
        strata.append((hours, np.array([a.faulty for a in own], bool)))
    if sum(len(hours) for hours, _ in strata) < _LEAST:
        return CheckResult(needs=_LEAST)
    hours = np.concatenate([each for each, _ in strata])
    faulty = np.concatenate([each for _, each in strata])
    late = hours > options.hours
    if faulty.sum() < options.faulty or late.sum() < options.faulty:
        few = (
            f"fatigue: {int(faulty.sum())} annotations with a finding and {int(late.sum())} after "
            f"{options.hours:g} hours of work are too few to see one; it needs {options.faulty} "
            "of each"
        )
        return CheckResult(skips=(few,))
    p_value = rises(strata)
    early_hits, late_hits = int(faulty[~late].sum()), int(faulty[late].sum())
    early_n, late_n = int((~late).sum()), int(late.sum())
    said = (
        f"{told(late_hits, late_n)} of what was finished after {options.hours:g} hours of work "
        f"without a break have a finding, before that {told(early_hits, early_n)}"
        if early_n
        else ""
    )
    worse = bool(early_n) and late_hits / late_n > early_hits / early_n
    if p_value > options.p_value or not worse:
        return CheckResult()
    message = f"{said} (p = {p_value:.2g}); a break costs less than what is done over again"
    score = round(1 - late_hits / late_n, 4)
    return CheckResult((work.set_finding(KIND, "warning", score, message),))
