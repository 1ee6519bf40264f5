"""How far each task of a project is: one word a task, the same in every report.

`check`, `status`, `split`, `gaps` and `export` count with these, so that their numbers agree.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from label_configs import Interface
from sync.records.record import LabelledRecord, Outcome, Unfinished

State = Literal[
    "accepted",
    "rejected",
    "rejected_by_review",
    "incomplete",
    "nothing_kept",
    "skipped",
    "unlabeled",
    "unsettled",
    "unreadable",
]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True)
class WorkCounts:
    """A project's tasks, each in one state.

    Attributes:
        accepted: finished, and there is something in it to train on.
        rejected: finished; the expert rejected the draft and put nothing in its place.
        rejected_by_review: finished; a reviewer found that no answer of the task is good.
        incomplete: finished and not rejected, but something is missing: mostly the answer is
            empty. Each is a finding of `labeltune check`.
        nothing_kept: finished and complete, but the expert kept nothing: a tie of two answers, or
            a conversation of which every turn was left out.
        skipped: only ever skipped.
        unlabeled: nobody has finished or skipped it.
        unsettled: several annotations, and no rule of `export.annotation` says which counts.
        unreadable: finished, but the annotation that counts can't be decoded.
    """

    accepted: int = 0
    rejected: int = 0
    rejected_by_review: int = 0
    incomplete: int = 0
    nothing_kept: int = 0
    skipped: int = 0
    unlabeled: int = 0
    unsettled: int = 0
    unreadable: int = 0

    @property
    def tasks(self) -> int:
        """All of them."""
        return sum(asdict(self).values())

    @property
    def finished(self) -> int:
        """Those whose annotation can be read, whatever it says."""
        return (
            self.accepted
            + self.rejected
            + self.rejected_by_review
            + self.incomplete
            + self.nothing_kept
        )

    @property
    def is_plain(self) -> bool:
        """Whether every task is accepted or still to be done, so that there is no more to tell."""
        return self.accepted + self.unlabeled == self.tasks

    def sentence(self) -> str:
        """One line for people; empty where there is no task."""
        told = ", ".join(told_counts(asdict(self)))
        return f"Tasks: {told}." if told else ""

    def __add__(self, other: "WorkCounts") -> "WorkCounts":
        more = asdict(other)
        return WorkCounts(**{state: n + more[state] for state, n in asdict(self).items()})


def state_of(outcome: Outcome, interface: Interface[Any]) -> State | None:
    """The state of the task that an outcome is of; None where another annotation tells it."""
    if isinstance(outcome, Unfinished):
        return outcome.why
    if not isinstance(outcome, LabelledRecord):
        return "unreadable" if outcome.instead is None else None
    if outcome.rejected:
        return "rejected_by_review"
    if interface.training_turns(outcome.record, outcome.data) is not None:
        return "accepted"
    if outcome.verdict == "reject":
        return "rejected"
    missing = interface.missing(outcome.record, outcome.data)
    return "nothing_kept" if missing is None else "incomplete"


def count_work(outcomes: Iterable[Outcome], interface: Interface[Any]) -> WorkCounts:
    """How many tasks are in each state, by what became of them."""
    states = (state_of(outcome, interface) for outcome in outcomes)
    return counts_of(state for state in states if state is not None)


def counts_of(states: Iterable[State]) -> WorkCounts:
    """How many tasks are in each state."""
    found: dict[str, int] = dict.fromkeys(STATES, 0)
    for state in states:
        found[state] += 1
    return WorkCounts(**found)


def told_counts(counts: dict[str, int]) -> list[str]:
    """What there is of each, in words: `2 rejected by review`."""
    return [f"{n:,} {in_words(what)}" for what, n in counts.items() if n]


def in_words(what: str) -> str:
    """A state as people read it."""
    return what.replace("_", " ")
