"""When enough is done: what the open drafts still hold, so that a lead can stop.

Two questions, each answered from what tells most of it: how many of the open drafts an expert would
change, from the audits (`sync.queue.remaining`), and how many of these the next hundred tasks would
bring, from what the last ones brought (`sync.queue.expected_changes`).
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sync.queue.expected_changes import Recalibration, changed_among, recalibrate
from sync.queue.outlook import Outlook, YieldCurve
from sync.queue.remaining import ENOUGH, Changed, Estimate, Measures, changed_left

# tasks that are looked ahead to
NEXT = 100
# finished drafts before anything is said of the next ones
_LEAST_FINISHED = 20
# half a width of the interval of a share that most would call narrow, and its quantile
_NARROW, _QUANTILE = 0.1, 1.96
# a share of changes that is planned with where fewer or none were found
_LEAST_SHARE = 0.05


@dataclass(frozen=True)
class DraftedWork:
    """A project's drafts: those that experts judged, and those that are still to come.

    Attributes:
        acceptance: (n,) probability that an expert accepts each finished draft unchanged, as it is
            thought of now; the last to be finished at the end; nan where nothing is known.
        changed: (n,) whether the expert edited, rewrote or rejected it.
        audited: (n,) whether it was handed out as an audit.
        open_acceptance: (m,) of open drafts, the next to be handed out first; nan likewise.
        overdue_audits: see `sync.queue.outlook.Outlook`.
        ordered_by: (n, k) what else put the finished tasks in order, if anything did.
        open_ordered_by: (m, k) the same of the open ones.
    """

    acceptance: Measures
    changed: Changed
    audited: NDArray[np.bool_]
    open_acceptance: Measures
    overdue_audits: int = 0
    ordered_by: Measures | None = None
    open_ordered_by: Measures | None = None


def outlook(work: DraftedWork) -> tuple[Outlook, YieldCurve]:
    """What is left, and what the next tasks would bring."""
    acceptance, open_ = _known(work.acceptance, work.open_acceptance)
    audits, n_open = int(work.audited.sum()), len(open_)
    line = recalibrate(acceptance, work.changed)
    expected = line.changes(open_)
    left, number = _left(work, acceptance, open_, float(expected.mean()) if n_open else 0.0)
    following = _next(line, open_[:NEXT], len(acceptance))
    if n_open and number < ENOUGH:
        needed = math.ceil((ENOUGH - number) / _worth(number, audits))
        left_said = None
    else:
        left_said, following = _agreed(left, following)
        needed = _audits_needed(left_said, n_open, number, audits)
    said = Outlook(
        finished=len(acceptance),
        found=int(work.changed.sum()),
        open=n_open,
        audits=audits,
        effective_audits=round(number, 1),
        left=left_said,
        audits_needed=needed,
        next_tasks=min(NEXT, n_open),
        next_changed=following,
        overdue_audits=work.overdue_audits,
    )
    found = np.concatenate([[0.0], np.cumsum(work.changed)])
    rest = left_said.value if left_said is not None else float(expected.sum())
    curve = YieldCurve(
        found, found[-1] + np.concatenate([[0.0], np.cumsum(expected)]), float(found[-1] + rest)
    )
    return said, curve


def _left(
    work: DraftedWork, acceptance: Measures, open_: Measures, expected: float
) -> tuple[Estimate, float]:
    """From the audits, beside other work of the time since the first of them was handed out."""
    features, open_features = acceptance[:, None], open_[:, None]
    if work.ordered_by is not None and work.open_ordered_by is not None:
        features = np.concatenate([features, work.ordered_by], axis=1)
        open_features = np.concatenate([open_features, work.open_ordered_by], axis=1)
    since = np.arange(len(acceptance)) >= (work.audited.argmax() if work.audited.any() else 0)
    return changed_left(
        open_features,
        features[since & ~work.audited],
        features[work.audited],
        work.changed[work.audited],
        expected,
    )


def _next(line: Recalibration, ahead: Measures, finished: int) -> Estimate | None:
    return changed_among(line, ahead) if finished >= _LEAST_FINISHED and len(ahead) else None


def _agreed(left: Estimate, ahead: Estimate | None) -> tuple[Estimate, Estimate | None]:
    """Both so that no more is found in the next tasks than there is in all."""
    if ahead is None:
        return left, None
    value = min(max(left.value, ahead.value), left.high)
    most = left.high
    return replace(left, value=value), Estimate(
        min(ahead.value, most), min(ahead.low, most), min(ahead.high, most)
    )


def _worth(number: float, audits: int) -> float:
    """How much a further audit adds to the effective number, as those so far did."""
    return max(number / audits, 0.25) if audits else 1.0


def _audits_needed(left: Estimate, n_open: int, number: float, audits: int) -> int:
    """How many more, until a share is known to within 10 points (Cochran, 1977, chapter 4)."""
    if not n_open or (left.high - left.low) / n_open <= 2 * _NARROW:
        return 0
    share = min(max(left.value / n_open, _LEAST_SHARE), 1 - _LEAST_SHARE)
    wanted = _QUANTILE**2 * share * (1 - share) / _NARROW**2
    wanted /= 1 + wanted / n_open
    return max(0, math.ceil((wanted - number) / _worth(number, audits)))


def _known(acceptance: Measures, open_: Measures) -> tuple[Measures, Measures]:
    """The same, with the median in place of what is not known; without any, one half."""
    both = np.concatenate([acceptance, open_])
    told = both[~np.isnan(both)]
    typical = float(np.median(told)) if len(told) else 0.5
    return (
        np.where(np.isnan(acceptance), typical, acceptance),
        np.where(np.isnan(open_), typical, open_),
    )
