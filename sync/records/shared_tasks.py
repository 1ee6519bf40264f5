"""Tasks that two annotators or more finished, with what each of them said.

Elsewhere one annotation of a task counts. Here all do, one of each annotator: agreement is measured
on them, and a consensus made.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from label_configs import Interface, LabelConfigError
from label_configs.annotations.candidates import Candidate, candidate_of, finished
from label_configs.control_values import GivenValue
from label_configs.message_forms import with_messages_put_right
from label_configs.provenance import Provenance, compared, provenance
from sync.records.draft_use import DraftOutcome, outcome_told
from sync.table.task_rows import Annotation, TaskRow


@dataclass(frozen=True, slots=True)
class SharedAnnotation:
    """What one annotator said of a shared task: the latest that they finished.

    Attributes:
        annotator: `completed_by`; None is everybody whom Label Studio no longer knows.
        values: by control as the page names it, rows included; see `Interface.given_values`.
        labels: of the project's categories, those of a control that may hold several.
        answer: in words; "" without one.
        outcome: what became of the draft; `no draft` where there was none.
        untouched: the answer is the draft's own.
    """

    annotation_id: int
    annotator: int | None
    updated_at: datetime
    values: Mapping[str, GivenValue]
    labels: Mapping[str, frozenset[str]]
    answer: str
    outcome: DraftOutcome
    untouched: bool


@dataclass(frozen=True, slots=True)
class SharedTask:
    """A task and the annotations of at least two annotators, by annotator."""

    task_id: int
    annotations: tuple[SharedAnnotation, ...]


@dataclass(frozen=True, slots=True)
class SharedWork:
    """A project's shared tasks.

    Attributes:
        finished: tasks that anybody finished.
        unread: annotations of shared tasks that their interface can't decode, left out.
    """

    finished: int = 0
    tasks: tuple[SharedTask, ...] = ()
    unread: int = 0

    def __add__(self, other: "SharedWork") -> "SharedWork":
        return SharedWork(
            self.finished + other.finished, self.tasks + other.tasks, self.unread + other.unread
        )

    @property
    def answers(self) -> list[str]:
        """Every answer in words, in order of tasks and annotations; "" where there is none."""
        return [each.answer for task in self.tasks for each in task.annotations]


def shared_work(rows: Iterable[TaskRow], interface: Interface[Any]) -> SharedWork:
    """What annotators said of the tasks that several of them finished; nothing else is decoded."""
    tasks: list[SharedTask] = []
    done = unread = 0
    for row in rows:
        latest: dict[int | None, Annotation] = {}
        for annotation in finished(row.annotations):
            latest.setdefault(annotation.completed_by, annotation)
        done += bool(latest)
        if len(latest) < 2:
            continue
        try:
            data = with_messages_put_right(row.data_fields())
            interface.check_task(data, where=f"task {row.task_id}")
        except LabelConfigError:  # reported as unreadable, with the rest of its task
            unread += len(latest)
            continue
        read: list[SharedAnnotation] = []
        for annotation in sorted(latest.values(), key=_by_annotator):
            try:
                read.append(_shared(row, annotation, data, interface))
            except LabelConfigError:
                unread += 1
        if len(read) > 1:
            tasks.append(SharedTask(row.task_id, tuple(read)))
    return SharedWork(done, tuple(tasks), unread)


def _by_annotator(annotation: Annotation) -> tuple[bool, int]:
    return annotation.completed_by is None, annotation.completed_by or 0


def _shared(
    row: TaskRow, annotation: Annotation, data: Mapping[str, Any], interface: Interface[Any]
) -> SharedAnnotation:
    candidate = candidate_of(row.task_id, annotation, interface)
    record = candidate.record
    made = _provenance(row, annotation, candidate, interface)
    several = interface.task_labels(record).items()
    return SharedAnnotation(
        annotation_id=annotation.id,
        annotator=annotation.completed_by,
        updated_at=annotation.updated_at,
        values=interface.given_values(candidate.items, data),
        labels={name: frozenset(told) for name, told in several if not isinstance(told, str)},
        answer=interface.answer(record),
        outcome=outcome_told(interface.draft_verdict(record, data), made.change),
        untouched=made.change == "unchanged",
    )


def _provenance(
    row: TaskRow, annotation: Annotation, candidate: Candidate, interface: Interface[Any]
) -> Provenance:
    opened = next((p for p in row.predictions if p.id == annotation.parent_prediction), None)
    if opened is None:
        return provenance(interface, candidate.items, None)
    return compared(interface, candidate.record, interface.decode(opened.items()))
