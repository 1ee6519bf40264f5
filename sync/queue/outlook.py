"""What a lead must know to stop, in numbers and in words."""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from sync.common.json_text import Json
from sync.common.wording import counted
from sync.queue.remaining import Estimate

# audits that annotators may have open just now, and a share of the finished ones that is little
_IN_HAND, _FEW = 5, 0.1


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
        overdue_audits: open audits that should have come before the last finished one, since their
            tasks were pushed later: the finished ones do not speak for these tasks yet.
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
    overdue_audits: int = 0

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
        if self.overdue_audits > max(_IN_HAND, _FEW * self.audits):
            yield (
                f"{counted(self.overdue_audits, 'audit')} of tasks that were pushed later are "
                "still open: until they are finished, this holds for the earlier tasks alone"
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


def _told(estimate: Estimate) -> str:
    low, high = math.floor(estimate.low), math.ceil(estimate.high)
    return f"{_rounded(estimate.value)} ({low:,} to {high:,})"


def _rounded(number: float) -> str:
    return f"{number:,.0f}"


def _percent(outlook: Outlook) -> str:
    share = outlook.left_share
    assert share is not None
    return f"{share.value:.0%}, {share.low:.0%} to {share.high:.0%}"
