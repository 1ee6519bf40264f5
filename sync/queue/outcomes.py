"""What became of finished drafts, and how doubtful that is: what the order of others depends on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from drafting.acceptance.judged_draft import JudgedDraft
from label_configs import Interface
from sync.queue.diversity import Question, question_of
from sync.queue.waiting_drafts import is_audit
from sync.records import LabelledRecord
from sync.records.draft_use import judged_of
from sync.records.pulled_work import PulledWork
from sync.table.data_folder import DataFolder
from sync.table.task_rows import TaskRow

FINDINGS = "findings.jsonl"
# what a reviewer rejected
REJECTED = 0.99
# an answer that is as doubtful as this is no answer that a similar task could do with
IN_DOUBT = 0.5
# how much of a finding's score counts, by its severity; a note is none
_COUNTS: Mapping[str, float] = {"error": 1.0, "warning": 0.5}


class Doubts:
    """Doubts about annotations, by the last check."""

    def __init__(self, by_annotation: Mapping[int, float] | None = None) -> None:
        """Know them.

        Args:
            by_annotation: in [0, 1], by annotation id.
        """
        self._by_annotation = by_annotation or {}

    @classmethod
    def read(cls, folder: DataFolder) -> "Doubts":
        """Those of the last check; none where there was no check, or a line can't be read."""
        found: dict[int, float] = {}
        for line in (folder.read(FINDINGS) or b"").splitlines():
            try:
                finding = json.loads(line)
                doubt = (1.0 - float(finding["score"])) * _COUNTS.get(finding["severity"], 0.0)
                annotation_id = int(finding["annotation_id"])
            except (ValueError, TypeError, KeyError):
                continue
            found[annotation_id] = max(found.get(annotation_id, 0.0), min(1.0, max(0.0, doubt)))
        return cls(found)

    def about(self, row: TaskRow) -> float:
        """The greatest doubt about an annotation that a task still has, in [0, 1]; 0 for none."""
        known = (self._by_annotation.get(annotation.id, 0.0) for annotation in row.annotations)
        return max(known, default=0.0)


@dataclass(frozen=True)
class JudgedTask:
    """A draft with signals that an expert judged.

    Attributes:
        finished_at: when the annotation that counts was last changed.
        is_audit: it was handed out at random, see `sync.queue.audit`.
        asked: what the user said.
    """

    finished_at: datetime
    task_id: int
    draft: JudgedDraft
    is_audit: bool
    asked: str


@dataclass
class Outcomes:
    """What is found while rows go by.

    Attributes:
        doubts: by task id, how doubtful an answer to it is, in [0, 1].
        answered: by task id, questions with an answer that nobody doubts.
        categories: of each of them, its labels by kind of category.
    """

    finished: PulledWork
    known: Doubts = field(default_factory=Doubts)
    doubts: dict[int, float] = field(default_factory=dict)
    answered: dict[int, Question] = field(default_factory=dict)
    categories: list[Mapping[str, str]] = field(default_factory=list)
    _finished: list[JudgedTask] = field(default_factory=list)

    @property
    def finished_drafts(self) -> list[JudgedTask]:
        """Those with signals, the newest last."""
        return sorted(self._finished, key=lambda each: (each.finished_at, each.task_id))

    def look(self, row: TaskRow) -> None:
        """See what became of one task."""
        if not row.annotations:
            return
        doubt = self.known.about(row)
        record = next(iter(self.finished.outcomes([row])), None)
        if isinstance(record, LabelledRecord):
            doubt = max(doubt, REJECTED if record.rejected else 0.0)
            question = question_of(record.data)
            if doubt < IN_DOUBT and record.accepted(self.finished.interface):
                self.answered[record.task_id] = question
                self.categories.append(_categories(record, self.finished.interface))
            if (draft := judged_of(record, self.finished.interface)) is not None:
                self._finished.append(
                    JudgedTask(
                        record.updated_at, record.task_id, draft, is_audit(row), question.text
                    )
                )
        if doubt:
            self.doubts[row.task_id] = doubt


def _categories(record: LabelledRecord, interface: Interface[Any]) -> Mapping[str, str]:
    """A task's label by kind of category, those of the page included; of several the first."""
    on_page = interface.task_labels(record.record).items()
    first = {name: told if isinstance(told, str) else told[0] for name, told in on_page}
    return {**record.categories, **first}
