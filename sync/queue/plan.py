"""What is to be written to Label Studio so that tasks come in their order: scores and notes.

Only what changes is written. Scores are compared as log-odds, so that a small change of a draft
that comes first counts, and one among drafts that are all likely to be right hardly does.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sync.queue.notes import PlacedDrafts, note_of
from sync.queue.priority import DONE, NONE, QueueReason
from sync.queue.stored_scores import StoredScore, same
from sync.queue.task_fields import Fields
from sync.queue.waiting_drafts import WaitingDraft

# scores and notes closer than this are left: a tenth of a logit is 2.5 points at 50 %, 1 at 90 %
TOLERANCE = 0.1
_DIGITS = 4
_FURTHEST = 1e-6


@dataclass(frozen=True)
class QueuePlan:
    """What is written.

    Attributes:
        changes: prediction id -> the score that it gets, those that come first at the beginning.
        notes: task id -> the fields of its data that it gets, None for one that is taken away;
            in the same order.
        scores: what is on record afterwards, by prediction id.
        reasons: waiting drafts by why they come when they do.
        restored: drafts that get their own score back.
    """

    changes: Mapping[int, float]
    notes: Mapping[int, Fields]
    scores: Mapping[int, StoredScore]
    reasons: Counter[QueueReason]
    restored: int


def plan_queue(
    placed: PlacedDrafts,
    scores: Mapping[int, float],
    known: Mapping[int, StoredScore],
    *,
    notes: int = 0,
    tolerance: float = 0.0,
) -> QueuePlan:
    """Compare what should be with what is.

    Args:
        scores: of every draft of the project, as Label Studio holds them.
        known: what was written before.
        notes: of how many tasks ahead the page says why they come, whatever the reason is.
        tolerance: log-odds by which a score may be off and is left; 0: it is exact.
    """
    changes: dict[int, float] = {}
    noted: dict[int, Fields] = {}
    stored: dict[int, StoredScore] = {}
    restored = 0
    for number, place in enumerate(placed.ranked.order.tolist()):
        draft = placed.drafts[place]
        wanted = float(placed.ranked.priority[place])
        is_sent = not _near(wanted, draft.score, tolerance)
        if is_sent:
            changes[draft.prediction_id] = wanted
        after = _on_record(placed, place, wanted if is_sent else None)
        if after is not None:
            stored[draft.prediction_id] = after
        acceptance = float(placed.waiting.acceptance[place])
        restored += is_sent and draft.prediction_id in known and same(wanted, acceptance)
        fields = note_of(placed, place, is_ahead=number < notes)
        if changed := {k: v for k, v in fields.items() if draft.held.get(k) != v}:
            noted[draft.task_id] = changed
    waiting = {draft.prediction_id for draft in placed.drafts}
    for prediction_id, before in sorted(known.items()):
        # done, or another draft came: what is left is how likely it was to be accepted
        if prediction_id in scores and prediction_id not in waiting:
            score = scores[prediction_id]
            if before.is_ours(score) and not same(score, before.likely):
                changes[prediction_id] = before.likely
                restored += 1
    reasons = Counter(placed.ranked.reasons)
    return QueuePlan(changes, noted, stored, reasons, restored)


def own_score(draft: WaitingDraft, known: Mapping[int, StoredScore]) -> float:
    """The draft's score by the backend; one that nobody wrote is the backend's new one."""
    before = known.get(draft.prediction_id)
    if before is not None and before.is_ours(draft.score):
        return before.own
    return draft.score if _rounds_to(draft.score, draft.own) else draft.own


def likely(draft: WaitingDraft, known: Mapping[int, StoredScore]) -> float:
    """How likely the draft is to be accepted, as `labeltune rank` last said; else its own score."""
    before = known.get(draft.prediction_id)
    if before is not None and before.is_ours(draft.score):
        return before.likely
    return own_score(draft, known)


def _on_record(placed: PlacedDrafts, place: int, sent: float | None) -> StoredScore | None:
    """What must be known of a draft whose score is not its own; None of one whose score is.

    Args:
        sent: the score that it gets; None: it is near enough, and stays.
    """
    own, acceptance = placed.own[place], float(placed.waiting.acceptance[place])
    score = placed.drafts[place].score if sent is None else sent
    if sent is None and placed.ranked.reasons[place] == "draft":
        acceptance = score  # or the next exact run would send what this one has left
    repeats: int | None = None
    if (first := int(placed.waiting.repeats[place])) != NONE:
        repeats = 0 if first == DONE else placed.drafts[first].task_id
    if same(score, own) and repeats is None:
        return None
    return StoredScore(own, (score,), None if same(acceptance, own) else acceptance, repeats)


def _near(wanted: float, held: float, tolerance: float) -> bool:
    if not tolerance:
        return same(wanted, held)
    return abs(_logit(wanted) - _logit(held)) <= tolerance


def _logit(score: float) -> float:
    bounded = min(1.0 - _FURTHEST, max(_FURTHEST, score))
    return math.log(bounded / (1.0 - bounded))


def _rounds_to(score: float, told: float) -> bool:
    """Whether a draft tells its score, which it does with a few digits."""
    return abs(score - told) <= 10.0**-_DIGITS
