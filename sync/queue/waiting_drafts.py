"""The tasks of a project as the queue sees them: drafts that wait, and how far the work is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from label_configs.annotations.candidates import finished
from label_configs.draft_meta import DraftAcceptance, acceptance_of
from label_configs.queue_fields import QUEUE_AUDIT, kept_of_queue
from sync.queue.diversity import Question, question_of
from sync.table.task_rows import Prediction, TaskRow


@dataclass(frozen=True)
class WaitingDraft:
    """The draft that Label Studio orders a task by, of a task that still needs an annotator.

    Attributes:
        score: as it stands in Label Studio now.
        told: what the draft tells of its acceptance; None of one that an older LabelTune made.
        question: what the task asks.
        held: what the task holds of its place in the queue, see `label_configs.queue_fields`.
    """

    task_id: int
    prediction_id: int
    score: float
    told: DraftAcceptance | None
    question: Question
    held: Mapping[str, Any] = field(default_factory=dict)

    @property
    def own(self) -> float:
        """Its score as the backend gave it, unless an older LabelTune has changed it."""
        return self.score if self.told is None else self.told.acceptance


@dataclass
class ProjectQueue:
    """What is found while rows go by.

    Attributes:
        drafts: one a task that waits and is drafted.
        undrafted: ids of tasks that wait and have no draft of the project's version.
        scores: by prediction id, of every draft.
        done: tasks that wait for nobody; `done_audits` of them were handed out as audits.
    """

    project_id: int
    model_version: str
    overlap: int = 1
    drafts: list[WaitingDraft] = field(default_factory=list)
    undrafted: list[int] = field(default_factory=list)
    scores: dict[int, float] = field(default_factory=dict)
    done: int = 0
    done_audits: int = 0

    def watch(self, rows: Iterable[TaskRow]) -> Iterator[TaskRow]:
        """The rows as they are, looked at as they go by."""
        for row in rows:
            self._look(row)
            yield row

    def read(self, rows: Iterable[TaskRow]) -> "ProjectQueue":
        """Look at all rows."""
        for row in rows:
            self._look(row)
        return self

    def _look(self, row: TaskRow) -> None:
        self.scores.update((p.id, p.score) for p in row.predictions if p.score is not None)
        if not self._waits(row):
            self.done += 1
            self.done_audits += is_audit(row)
            return
        shown = [p for p in row.predictions if p.model_version == self.model_version]
        newest = max(shown, key=lambda prediction: prediction.id, default=None)
        if newest is None or newest.score is None:
            self.undrafted.append(row.task_id)
            return
        data = row.data_fields()
        self.drafts.append(
            WaitingDraft(
                row.task_id,
                newest.id,
                newest.score,
                told_by(newest),
                question_of(data),
                kept_of_queue(data),
            )
        )

    def _waits(self, row: TaskRow) -> bool:
        """Whether somebody is still to annotate it: nobody has, or fewer than are to."""
        if not row.annotations:
            return True
        by = {annotation.completed_by for annotation in finished(row.annotations)}
        skipped = any(annotation.was_cancelled for annotation in row.annotations)
        return not skipped and len(by) < self.overlap


def is_audit(row: TaskRow) -> bool:
    """Whether a task was put where chance wanted it, and is marked so."""
    return f'"{QUEUE_AUDIT}"' in row.data and row.data_fields().get(QUEUE_AUDIT) is True


def told_by(prediction: Prediction) -> DraftAcceptance | None:
    """What a draft tells of its acceptance; None where that can't be read."""
    try:
        return acceptance_of(prediction.items())
    except ValueError:
        return None
