"""What a task tells of its place in the queue: a sentence for the annotator, a number for the lead.

No word of it is from the task. Annotators are told no number, nothing of a draft that is likely to
be right, and nothing of an audit: they would judge by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from label_configs.queue_fields import ACCEPTANCE, QUEUE_AUDIT, QUEUE_NOTE
from sync.queue.priority import QueueReason, Ranked, Waiting
from sync.queue.waiting_drafts import WaitingDraft

# acceptance below which a draft is called unsure
_UNSURE = 0.5
# an acceptance that a task tells already may be off by so much
_TOLERANCE = 0.05
_DIGITS = 4


@dataclass(frozen=True)
class PlacedDrafts:
    """Waiting drafts with their priorities.

    Attributes:
        own: (n) scores as the backend gave them.
        labels: n times the labels of the task's kind, where it is missing.
    """

    drafts: Sequence[WaitingDraft]
    waiting: Waiting
    ranked: Ranked
    own: Sequence[float]
    labels: Sequence[Mapping[str, str] | None]


def sentence(
    reason: QueueReason, acceptance: float, labels: Mapping[str, str] | None = None
) -> str:
    """The reason as a page shows it; "" where nothing is to be told.

    Args:
        acceptance: probability in [0, 1] that the draft is accepted unchanged.
        labels: of the missing kind, for `need`.
    """
    if reason == "repeat":
        return "Much like a task that is done, or that comes earlier"
    if reason == "need":
        kind = ", ".join((labels or {}).values())
        return f"Few answers about {kind} so far" if kind else "Few answers of this kind so far"
    if reason == "doubt":
        return "Another answer to this task is in doubt"
    if reason == "failing":
        return "More answers to questions like this one are needed"
    if reason == "category":
        return "Few tasks like this one have a category so far"
    return "The model is unsure of this draft" if reason == "draft" and acceptance < _UNSURE else ""


def note_of(placed: PlacedDrafts, place: int, *, is_ahead: bool) -> dict[str, Any]:
    """What a task's data should hold of its place; None for what it should not hold.

    A task that is where its draft alone has it is told nothing, unless it is ahead or held a note.
    """
    draft, reason = placed.drafts[place], placed.ranked.reasons[place]
    told = QUEUE_NOTE in draft.held or ACCEPTANCE in draft.held
    if reason == "draft" and not is_ahead and not told:
        return {QUEUE_AUDIT: None}
    acceptance = round(float(placed.waiting.acceptance[place]), _DIGITS)
    held = draft.held.get(ACCEPTANCE)
    if isinstance(held, (int, float)) and abs(held - acceptance) <= _TOLERANCE:
        acceptance = held
    return {
        ACCEPTANCE: acceptance,
        QUEUE_NOTE: sentence(reason, acceptance, placed.labels[place]) or None,
        QUEUE_AUDIT: True if reason == "audit" else None,
    }
