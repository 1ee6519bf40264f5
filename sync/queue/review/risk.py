"""How much depends on a finished task, and how likely its answer is to be wrong.

The risk is what a wrong answer would cost, by profile and category. The doubt is how likely it is
to be wrong, by its annotator's record and by how sure the model was of the draft. What is reviewed
by risk is chosen in proportion to both: the expected loss. Ours, see tests/sync/queue/review.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sync.queue.review.items import FinishedItem
from sync.settings.review import ReviewSection

# before anybody has reviewed somebody: one answer of ten is put right
_PRIOR_FAULTS, _PRIOR_REVIEWS = 1.0, 10.0
# of a task whose draft tells nothing
_UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class AnnotatorRecord:
    """What reviewers made of somebody's answers.

    Attributes:
        reviewed: answers that somebody decided about; `faulty`: that were amended or rejected.
    """

    reviewed: int = 0
    faulty: int = 0

    @property
    def fault_rate(self) -> float:
        """The share of answers that is faulty, in [0, 1]: a posterior mean, 0.1 at first."""
        return (self.faulty + _PRIOR_FAULTS) / (self.reviewed + _PRIOR_REVIEWS)


_NEW = AnnotatorRecord()


def annotator_records(items: Iterable[FinishedItem]) -> dict[int, AnnotatorRecord]:
    """The record of everybody whose answer somebody has decided about; stars have no say.

    Of a task with several answers it is the one that counts.
    """
    reviewed: Counter[int] = Counter()
    faulty: Counter[int] = Counter()
    for item in items:
        said = item.review
        if said is None or said.decision == "ground truth" or item.annotator is None:
            continue
        reviewed[item.annotator] += 1
        faulty[item.annotator] += said.decision in ("amend", "reject")
    return {who: AnnotatorRecord(n, faulty[who]) for who, n in reviewed.items()}


def risk_of(item: FinishedItem, settings: ReviewSection) -> float:
    """What a wrong answer would cost, in [0, 1].

    Of several labels that the settings know the highest; of none, what holds for the others.

    Args:
        settings: with a `base_risk`.
    """
    known = [
        settings.risks[kind][label]
        for kind, label in item.categories.items()
        if label in settings.risks.get(kind, {})
    ]
    return max(known) if known else (settings.base_risk or 0.0)


def doubt_of(item: FinishedItem, records: Mapping[int, AnnotatorRecord]) -> float:
    """How likely an answer is to be wrong, in [0, 1]: either its annotator errs, or the draft did.

    A draft that was doubtful makes half of a doubt: an expert has looked at it since.
    """
    record = _NEW if item.annotator is None else records.get(item.annotator, _NEW)
    drafted = _UNKNOWN if item.acceptance is None else 1.0 - item.acceptance
    return 1.0 - (1.0 - record.fault_rate) * (1.0 - drafted / 2)
