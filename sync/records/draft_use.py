"""What experts made of the drafts: how often they stood, how much was changed, how long it took."""

import statistics
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from label_configs.provenance import Outcome, Provenance
from sync.records import LabelledRecord


@dataclass(frozen=True)
class DraftUse:
    """Finished tasks by what became of their drafts.

    Attributes:
        outcomes: tasks of each outcome, zeros included.
        median_edit_distance: of edited and rewritten drafts, in (0, 1]; None without any.
        median_lead_time_s: seconds that annotators spent on a task; None when unknown.
    """

    outcomes: dict[str, int]
    median_edit_distance: float | None
    median_lead_time_s: float | None

    def sentence(self) -> str:
        """One line for people; empty when there were no drafts."""
        drafted = {o: n for o, n in self.outcomes.items() if n and o != "no draft"}
        if not drafted:
            return ""
        said = "Drafts: " + ", ".join(f"{n} {outcome}" for outcome, n in drafted.items())
        if self.median_edit_distance is not None:
            said += f"; {self.median_edit_distance:.0%} of an edited draft changed (median)"
        if self.median_lead_time_s is not None:
            said += f"; {self.median_lead_time_s:.0f} s a task (median)"
        return said + "."


class DraftCounts:
    """Counts what became of drafts, one finished task after the other."""

    def __init__(self) -> None:
        self._outcomes: Counter[str] = Counter()
        self._distances = array("d")
        self._lead_times_s = array("d")

    def add(self, made: Provenance) -> None:
        """Count a task."""
        self._outcomes[made.outcome] += 1
        if made.edit_distance and made.outcome != "no draft":
            self._distances.append(made.edit_distance)
        if made.lead_time_s is not None:
            self._lead_times_s.append(made.lead_time_s)

    def use(self) -> DraftUse:
        """What was counted."""
        distances, times = self._distances, self._lead_times_s
        return DraftUse(
            outcomes={outcome: self._outcomes[outcome] for outcome in get_args(Outcome)},
            median_edit_distance=round(statistics.median(distances), 4) if distances else None,
            median_lead_time_s=round(statistics.median(times), 1) if times else None,
        )


def draft_use(records: Sequence[LabelledRecord]) -> DraftUse:
    """Count what became of the drafts of finished tasks."""
    counts = DraftCounts()
    for record in records:
        counts.add(record.provenance)
    return counts.use()
