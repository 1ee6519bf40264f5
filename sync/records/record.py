"""What became of a pulled task: a labelled record, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from drafting.signals import Signals
from label_configs import Interface
from label_configs.annotations import Rule
from label_configs.annotations.reviews import ReviewDecision
from label_configs.interface import DraftVerdict
from label_configs.provenance import Provenance
from sync.common.source_task import ID_FIELD


@dataclass(frozen=True)
class LabelledRecord:
    """A task's data and what the expert decided.

    Attributes:
        data: the task's data (messages, context, …).
        record: the interface's typed record, with the text of a reviewer who amended it.
        categories: label by kind of category: the annotation's, else the task's own, else what
            the rules of now say of it. One that is not listed any more is kept.
        provenance: how much of the draft was changed.
        verdict: what the expert said of the draft; None where the interface does not ask, or
            nothing was said.
        draft: the record of the draft that was opened; None without one, or when it is gone.
        chosen_by: the rule by which this annotation counts and no other of the task.
        review: what a reviewer decided about it. After `reject` nothing of it is accepted: it is
            an example of a bad answer at most.
        before_review: the record as the annotator left it; None where no reviewer amended it.
        earlier_reviews: what earlier tiers decided about the same answers, the first one first.
        lapsed_review: of an answer that was changed since, so it says nothing of this one.
        created_at: when the task was made.
        annotations: how many finished ones the task has.
        acceptance: how likely the draft was thought to be accepted unchanged, in [0, 1]; None: not
            known, as of a draft of an older LabelTune.
        is_audit: the task was picked at random, so what became of its draft tells of all drafts.
        signals: by which the draft was scored; None without one, or of an older LabelTune's.
    """

    task_id: int
    annotation_id: int
    data: Mapping[str, Any]
    record: Any
    provenance: Provenance
    completed_by: int | None
    updated_at: datetime
    categories: Mapping[str, str] = field(default_factory=dict)
    draft: Any | None = None
    chosen_by: Rule = "latest"
    review: ReviewDecision | None = None
    lapsed_review: ReviewDecision | None = None
    created_at: datetime | None = None
    annotations: int = 1
    verdict: DraftVerdict | None = None
    acceptance: float | None = None
    is_audit: bool = False
    signals: Signals | None = None
    before_review: Any | None = None
    earlier_reviews: tuple[ReviewDecision, ...] = ()

    @property
    def key(self) -> str:
        """What splits and releases know it by: the source's id, else one made of the task's."""
        known = self.data.get(ID_FIELD)
        return f"task-{self.task_id}" if known in (None, "") else str(known)

    @property
    def rejected(self) -> bool:
        """Whether a reviewer found that no answer of the task is good."""
        return self.review is not None and self.review.rejects

    def accepted(self, interface: Interface[Any]) -> bool:
        """Whether there is something in it to train on."""
        return not self.rejected and interface.training_turns(self.record, self.data) is not None


@dataclass(frozen=True)
class Unreadable:
    """An annotation that its interface can't decode, or whose task or review can't be read.

    Attributes:
        instead: the annotation that counts all the same; None where the task has no record.
    """

    task_id: int
    annotation_id: int
    reason: str
    instead: int | None = None


@dataclass(frozen=True)
class Unfinished:
    """A task without a record.

    Attributes:
        why: it was only ever skipped; nobody has looked at it; or it is finished, but no rule
            that is asked for says which annotation counts.
    """

    task_id: int
    why: Literal["skipped", "unlabeled", "unsettled"]


Outcome = LabelledRecord | Unreadable | Unfinished


@dataclass(frozen=True)
class Labelled:
    """A project's finished work.

    Attributes:
        skipped: tasks that were only ever skipped.
        unlabeled: tasks that nobody has finished or skipped.
        unsettled: finished tasks of which no annotation counts.
    """

    records: tuple[LabelledRecord, ...]
    unreadable: tuple[Unreadable, ...]
    skipped: int
    unlabeled: int
    unsettled: int = 0
