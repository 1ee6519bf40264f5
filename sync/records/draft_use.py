"""What became of the drafts: what experts said of them, and beside it how much was changed.

The expert's verdict decides. Where an interface asks for none, or nothing was said, the texts are
compared instead: an unchanged draft was accepted, one of which more than half is new rewritten.
"""

import statistics
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from drafting.acceptance.judged_draft import JudgedDraft, judged_draft
from drafting.finished_example import embedded_text
from label_configs import Interface
from label_configs.interface import DraftVerdict
from label_configs.provenance import DraftChange
from sync.records.record import LabelledRecord

DraftOutcome = Literal["accepted", "edited", "rewritten", "rejected", "no draft"]
DRAFT_OUTCOMES: tuple[DraftOutcome, ...] = get_args(DraftOutcome)
_BY_VERDICT: Mapping[DraftVerdict, DraftOutcome] = {
    "accept": "accepted",
    "edit": "edited",
    "rewrite": "rewritten",
    "reject": "rejected",
}
_BY_TEXT: Mapping[DraftChange, DraftOutcome] = {
    "unchanged": "accepted",
    "edited": "edited",
    "rewritten": "rewritten",
    "no draft": "no draft",
}
# a verdict that the text speaks against, and how
_AGAINST: Mapping[tuple[DraftOutcome, DraftChange], str] = {
    ("accepted", "edited"): "accepted, but changed",
    ("accepted", "rewritten"): "accepted, but changed",
    ("edited", "unchanged"): "edited, but unchanged",
    ("edited", "rewritten"): "edited, but more than half is new",
    ("rewritten", "unchanged"): "rewritten, but unchanged",
    ("rewritten", "edited"): "rewritten, but at least half stands",
}


def outcome_of(record: LabelledRecord) -> DraftOutcome:
    """What became of a task's draft."""
    return outcome_told(record.verdict, record.provenance.change)


def outcome_told(verdict: DraftVerdict | None, change: DraftChange) -> DraftOutcome:
    """What became of a draft, by what its expert said of it, else by the texts."""
    if verdict is None or change == "no draft":
        return _BY_TEXT[change]
    return _BY_VERDICT[verdict]


def text_speaks_against(record: LabelledRecord) -> str | None:
    """How a draft's text speaks against what the expert said of it; None where it does not.

    Of a rejected draft the text says nothing: nobody goes on to put it right.
    """
    if record.verdict is None:
        return None
    return _AGAINST.get((outcome_of(record), record.provenance.change))


@dataclass(frozen=True)
class DraftUse:
    """Finished tasks by what became of their drafts.

    Attributes:
        outcomes: tasks of each outcome, zeros included.
        median_changed: the share of the text that was changed, in [0, 1], by outcome; without
            outcomes of which no draft could be compared.
        by_text: how many of the outcomes are told by the texts, since no verdict was given.
        text_speaks_against: tasks of whose draft text and verdict say different things, by how.
        median_lead_time_s: seconds that annotators spent on a task; None when unknown.
    """

    outcomes: dict[str, int]
    median_changed: dict[str, float] = field(default_factory=dict)
    by_text: int = 0
    text_speaks_against: dict[str, int] = field(default_factory=dict)
    median_lead_time_s: float | None = None

    @property
    def drafted(self) -> int:
        """Tasks that had a draft."""
        return sum(n for outcome, n in self.outcomes.items() if outcome != "no draft")

    def sentence(self) -> str:
        """One line for people; empty when there were no drafts."""
        if not self.drafted:
            return ""
        said = f"Drafts: {told_outcomes(self.outcomes, self.median_changed)}"
        if self.median_lead_time_s is not None:
            said += f"; {self.median_lead_time_s:.0f} s a task (median)"
        return f"{said}." + "".join(f" {each}." for each in self.notes())

    def notes(self) -> Iterable[str]:
        """What one should know of these numbers, a sentence each without its full stop."""
        if self.by_text:
            yield f"Of {self.by_text} nobody gave a verdict, so their texts tell"
        if self.text_speaks_against:
            told = "; ".join(f"{n} {how}" for how, n in self.text_speaks_against.items())
            yield f"Text and verdict differ in {sum(self.text_speaks_against.values())}: {told}"


def told_outcomes(outcomes: Mapping[str, int], median_changed: Mapping[str, float]) -> str:
    """Outcomes in words, how much was changed beside each: `8 edited (7% changed, median)`."""
    parts = []
    for outcome, number in outcomes.items():
        if number:
            share = median_changed.get(outcome, 0.0)
            # what was rejected is left as it stood, or not: it does not matter
            told = f" ({share:.0%} changed, median)" if share and outcome != "rejected" else ""
            parts.append(f"{number} {outcome}{told}")
    return ", ".join(parts)


class DraftCounts:
    """Counts what became of drafts, one finished task after the other."""

    def __init__(self, records: Iterable[LabelledRecord] = ()) -> None:
        """Count the tasks that there are already."""
        self._outcomes: Counter[str] = Counter()
        self._against: Counter[str] = Counter()
        self._by_text = 0
        self._changed = {outcome: array("d") for outcome in DRAFT_OUTCOMES}
        self._lead_times_s = array("d")
        for record in records:
            self.add(record)

    def __add__(self, other: "DraftCounts") -> "DraftCounts":
        both = DraftCounts()
        for each in (self, other):
            both._outcomes += each._outcomes
            both._against += each._against
            both._by_text += each._by_text
            both._lead_times_s += each._lead_times_s
            for outcome, shares in each._changed.items():
                both._changed[outcome] += shares
        return both

    def add(self, record: LabelledRecord) -> None:
        """Count a task."""
        made, outcome = record.provenance, outcome_of(record)
        self._outcomes[outcome] += 1
        if outcome != "no draft":
            self._by_text += record.verdict is None
            if made.edit_distance is not None:
                self._changed[outcome].append(made.edit_distance)
            against = text_speaks_against(record)
            if against is not None:
                self._against[against] += 1
        if made.lead_time_s is not None:
            self._lead_times_s.append(made.lead_time_s)

    def use(self) -> DraftUse:
        """What was counted."""
        times = self._lead_times_s
        return DraftUse(
            outcomes={outcome: self._outcomes[outcome] for outcome in DRAFT_OUTCOMES},
            median_changed={
                outcome: round(statistics.median(shares), 4)
                for outcome, shares in self._changed.items()
                if shares
            },
            by_text=self._by_text,
            text_speaks_against={
                how: self._against[how]
                for how in dict.fromkeys(_AGAINST.values())
                if self._against[how]
            },
            median_lead_time_s=round(statistics.median(times), 1) if times else None,
        )


def judged_of(record: LabelledRecord, interface: Interface[Any]) -> JudgedDraft | None:
    """What a finished task's draft teaches of those that wait.

    Returns:
        None without a draft, or where it tells no signals, as of an older LabelTune.
    """
    return judged_draft(
        record.signals,
        record.verdict,
        record.provenance,
        rejected=record.rejected,
        text=embedded_text(interface, record.data),
    )


def draft_use(records: Iterable[LabelledRecord]) -> DraftUse:
    """Count what became of the drafts of finished tasks."""
    return DraftCounts(records).use()
