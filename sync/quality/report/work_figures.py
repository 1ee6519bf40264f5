"""What a report counts of the pulled work, in one pass over the table.

counting = FiguresCount(finished.interface, shown_tasks, of_annotations)
for outcome in finished.outcomes(counting.watch(finished.snapshot.rows())):
    counting.add(outcome)
figures = counting.figures()
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from label_configs import Interface
from label_configs.annotations.candidates import finished
from label_configs.draft_meta import acceptance_of
from sync.quality.report.annotators import AnnotatorCounts, AnnotatorFigures
from sync.quality.report.quotes import TaskQuote, one_line, question_of, quote_of
from sync.records import LabelledRecord, Outcome
from sync.records.draft_use import DraftCounts, DraftUse, outcome_of
from sync.records.states import State, WorkCounts, state_of
from sync.table.task_rows import Prediction, TaskRow

# of the share by which the model was sure of a draft
BINS = 10
# what experts say of a draft is a section of its own
_OF_DRAFTS = frozenset({"verdict"})


@dataclass(frozen=True)
class WorkFigures:
    """What a project's pulled work holds.

    Attributes:
        answers: finished annotations; `seconds`: that annotators spent on `timed` of all
            annotations, skipped ones included.
        repeated: tasks that several people finished.
        reviewed: finished tasks that a reviewer decided about.
        labels: finished tasks by label, by control or kind of category.
        sure_finished, sure_waiting: drafts by how sure the model was of them, in `BINS` equal
            parts of [0, 1], of finished tasks and of those that wait.
        days: finished tasks by day and by what became of their draft.
        quotes: of the tasks whose words are asked for.
    """

    work: WorkCounts = field(default_factory=WorkCounts)
    drafts: DraftUse = field(default_factory=lambda: DraftUse({}))
    annotators: tuple[AnnotatorFigures, ...] = ()
    answers: int = 0
    timed: int = 0
    seconds: float = 0.0
    repeated: int = 0
    reviewed: int = 0
    labels: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    sure_finished: tuple[int, ...] = (0,) * BINS
    sure_waiting: tuple[int, ...] = (0,) * BINS
    days: Mapping[date, Mapping[str, int]] = field(default_factory=dict)
    quotes: Mapping[int, TaskQuote] = field(default_factory=dict)

    @property
    def finished(self) -> int:
        """Finished tasks, whatever became of them."""
        return self.work.finished


class FiguresCount:
    """Counts rows and what became of them as they go by."""

    def __init__(
        self,
        interface: Interface[Any],
        quoted: Collection[int] = (),
        of_annotations: Mapping[int, int] | None = None,
    ) -> None:
        """Nothing is counted yet.

        Args:
            quoted: tasks whose words are kept.
            of_annotations: findings by annotation.
        """
        self._interface = interface
        self._quoted = frozenset(quoted)
        self._annotators = AnnotatorCounts(of_annotations or {})
        self._states: Counter[str] = Counter()
        self._drafts = DraftCounts()
        self._labels: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._sure = ([0] * BINS, [0] * BINS)
        self._days: defaultdict[date, Counter[str]] = defaultdict(Counter)
        self._quotes: dict[int, TaskQuote] = {}
        self._repeated = self._reviewed = 0

    def watch(self, rows: Iterable[TaskRow]) -> Iterator[TaskRow]:
        """The rows as they are, counted as they go by."""
        for row in rows:
            done = finished(row.annotations)
            self._annotators.add_row(row, done)
            self._repeated += len({each.completed_by for each in done}) > 1
            if row.predictions:
                draft = max(row.predictions, key=lambda each: (each.created_at, each.id))
                self._count_sure(draft, is_finished=bool(row.annotations))
            if row.task_id in self._quoted:
                self._quotes[row.task_id] = TaskQuote(question_of(row.data_fields()))
            yield row

    def add(self, outcome: Outcome, known: State | None = None) -> None:
        """Count what became of a task.

        Args:
            known: the state of the task, where somebody has found it out.
        """
        if (state := known or state_of(outcome, self._interface)) is not None:
            self._states[state] += 1
        if isinstance(outcome, LabelledRecord):
            self._add_record(outcome)

    def _add_record(self, record: LabelledRecord) -> None:
        outcome = outcome_of(record)
        self._drafts.add(record)
        self._annotators.add_record(record, outcome)
        self._reviewed += record.review is not None
        self._days[record.updated_at.date()][outcome] += 1
        chosen = {**record.categories, **self._interface.labels(record.record)}
        for name, label in chosen.items():
            if name not in _OF_DRAFTS:
                self._labels[name][str(label)] += 1
        if record.task_id in self._quoted:
            self._quotes[record.task_id] = quote_of(record, self._interface)

    def _count_sure(self, draft: Prediction, *, is_finished: bool) -> None:
        sure = _acceptance(draft)
        if sure is not None:
            self._sure[not is_finished][min(int(sure * BINS), BINS - 1)] += 1

    def figures(self) -> WorkFigures:
        """What was counted."""
        counted = self._annotators
        return WorkFigures(
            work=WorkCounts(**self._states),
            drafts=self._drafts.use(),
            annotators=counted.figures(),
            answers=counted.answers,
            timed=counted.timed,
            seconds=counted.seconds,
            repeated=self._repeated,
            reviewed=self._reviewed,
            labels={
                one_line(name): {one_line(label): number for label, number in labels.most_common()}
                for name, labels in sorted(self._labels.items())
            },
            sure_finished=tuple(self._sure[0]),
            sure_waiting=tuple(self._sure[1]),
            days={day: dict(counts) for day, counts in sorted(self._days.items())},
            quotes=self._quotes,
        )


def _acceptance(draft: Prediction) -> float | None:
    """How likely a draft was thought to be accepted; its score, where it tells nothing else."""
    if '"acceptance"' in draft.result:
        told = acceptance_of(draft.items())
        if told is not None:
            return told.acceptance
    score = draft.score
    return score if score is not None and math.isfinite(score) and 0 <= score <= 1 else None
