"""When enough is done: what the open drafts still hold, so that a lead can stop.

Two questions, each answered from what tells most of it: how many of the open drafts an expert would
change, from the audits (`sync.queue.remaining`), and how many of these the next hundred tasks would
bring, from what the last ones brought (`sync.queue.expected_changes`).
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sync.common.json_text import Json
from sync.common.wording import counted
from sync.queue.expected_changes import Recalibration, changed_among, recalibrate
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
        ordered_by: (n, k) what else put the finished tasks in order, if anything did.
        open_ordered_by: (m, k) the same of the open ones.
    """

    acceptance: Measures
    changed: Changed
    audited: NDArray[np.bool_]
    open_acceptance: Measures
    ordered_by: Measures | None = None
    open_ordered_by: Measures | None = None


@dataclass(frozen=True)
class YieldCurve:
    """Drafts to change that are found, by the number of tasks done.

    Attributes:
        found: (n + 1,) so far, from 0.
        expected: (m + 1,) with each further task; it begins with the last of `found`.
        all_changed: in the whole project, as estimated.
    """

    found: NDArray[np.float64]
    expected: NDArray[np.float64]
    all_changed: float


@dataclass(frozen=True)
class Outlook:
    """What a lead must know to stop.

    Attributes:
        finished: drafts that experts judged.
        found: those of them that they changed.
        open: drafts that wait.
        audits: finished audits.
        effective_audits: how many audits of tasks like the open ones tell as much.
        left: open drafts that an expert would change; None: too few audits are finished to say.
        audits_needed: more audits until that can be said, or until it is known to within 10 points
            of a hundred; 0: it is.
        next_tasks: how many tasks `next_changed` is about, at most 100.
        next_changed: drafts among them that an expert will change; None: too little is finished.
    """

    finished: int
    found: int
    open: int
    audits: int
    effective_audits: float
    left: Estimate | None
    audits_needed: int
    next_tasks: int
    next_changed: Estimate | None

    @property
    def left_share(self) -> Estimate | None:
        """`left` as a share of the open drafts, in [0, 1]."""
        if self.left is None or not self.open:
            return None
        return Estimate(*(each / self.open for each in asdict(self.left).values()))

    def sentences(self) -> Iterator[str]:
        """What it means, for people, without full stops."""
        if not self.open:
            yield "No draft is open: there is nothing left to find"
            return
        if self.left is None:
            yield (
                f"How many of the {counted(self.open, 'open draft')} an expert would change can't "
                f"be said yet: {counted(self.audits, 'audit is', 'audits are')} finished, and "
                f"{self.audits_needed} more are needed"
            )
        else:
            yield (
                f"About {_told(self.left)} of the {counted(self.open, 'open draft')} would be "
                f"changed by an expert ({_percent(self)}); if you stop now, they stay as the model "
                "wrote them"
            )
        if self.next_changed is not None:
            yield (
                f"The next {counted(self.next_tasks, 'task')} would find about "
                f"{_told(self.next_changed)} of them{self._at_random()}"
            )
        if self.left is not None and self.audits_needed:
            yield (
                f"{counted(self.audits_needed, 'more finished audit')} would tell the share of the "
                "open ones to within 10 points"
            )

    def _at_random(self) -> str:
        share = self.left_share
        if share is None or self.next_tasks >= self.open:
            return ""
        return f", in random order about {_rounded(share.value * self.next_tasks)}"

    def to_json(self) -> Json:
        """Everything, for machines."""
        share = self.left_share
        return {**asdict(self), "left_share": None if share is None else asdict(share)}


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


def _told(estimate: Estimate) -> str:
    low, high = math.floor(estimate.low), math.ceil(estimate.high)
    return f"{_rounded(estimate.value)} ({low:,} to {high:,})"


def _rounded(number: float) -> str:
    return f"{number:,.0f}"


def _percent(outlook: Outlook) -> str:
    share = outlook.left_share
    assert share is not None
    return f"{share.value:.0%}, {share.low:.0%} to {share.high:.0%}"
