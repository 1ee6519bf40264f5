"""What the project has already: what is finished, what waits, and what was brought forward."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from label_configs.queue_fields import QUEUE_FIRST
from sync.common.picture_names import pictures_in
from sync.common.source_task import ID_FIELD, SourceTask
from sync.common.task_texts import user_text
from sync.coverage.task_facts import read_facts
from sync.dataset.splits.split_items import SplitItem, items_of
from sync.dataset.splits.ties import Tie, ties_of
from sync.records import LabelledRecord
from sync.records.pulled_work import PulledWork
from sync.settings.split import SplitSection
from sync.table.task_rows import TaskRow

# where a new task comes from, what the team has already first
TaskOrigin = Literal["waiting", "file", "written"]


@dataclass(frozen=True)
class TaskCandidate:
    """A task that may become one of the next.

    Attributes:
        key: what it is, or will be, known by.
        text: all that the user said; empty where that is said about a picture.
        ties: what a split would keep it together by.
        labels: of categories, as far as they are known.
        where: file and line; of a waiting task its number.
        task_id: of a waiting task.
        row: of one that a model wrote, as `push` reads it.
    """

    key: str
    text: str
    ties: tuple[Tie, ...]
    labels: Mapping[str, str]
    origin: TaskOrigin
    where: str
    task_id: int | None = None
    row: Mapping[str, Any] | None = None


@dataclass
class ProjectQuestions:
    """The project's tasks, as far as new ones are held against them.

    Attributes:
        finished: as a split knows them.
        waiting: tasks that nobody has finished or skipped, and that nothing has brought forward.
        others: texts of the remaining ones, such as skipped tasks.
        marked: tasks that were brought forward, by the mark.
        keys: of all tasks.
    """

    finished: list[SplitItem] = field(default_factory=list)
    waiting: list[TaskCandidate] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    marked: Counter[str] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)


def project_questions(work: PulledWork) -> ProjectQuestions:
    """Read every task of the newest version of the table once.

    Raises:
        SyncError: the table can't be read.
    """
    found = ProjectQuestions()
    # the time of a task says nothing of what it is like
    settings = work.config.split.model_copy(update={"by": "group"})
    for row in work.snapshot.rows():
        _look(found, row, work, settings)
    return found


def _look(found: ProjectQuestions, row: TaskRow, work: PulledWork, settings: SplitSection) -> None:
    data = row.data_fields()
    known = data.get(ID_FIELD)
    key = f"task-{row.task_id}" if known in (None, "") else str(known)
    found.keys.add(key)
    mark = data.get(QUEUE_FIRST)
    if isinstance(mark, str) and mark:
        found.marked[mark] += 1
    outcome = next(work.outcomes([row]))
    if isinstance(outcome, LabelledRecord):
        found.finished += items_of([outcome], settings)
        return
    (facts,) = read_facts(work, [row])
    if facts.stage != "waiting" or mark:
        found.others.append(question_of(data))
        return
    found.waiting.append(
        TaskCandidate(
            key,
            question_of(data),
            ties_of(data, settings),
            facts.labels,
            "waiting",
            f"task {row.task_id}",
            row.task_id,
        )
    )


def question_of(data: Mapping[str, Any]) -> str:
    """What a split compares of a task; empty where it is said about a picture."""
    return "" if pictures_in(data.get("messages")) else user_text(data).strip()


def file_candidates(
    tasks: Iterable[SourceTask], known: ProjectQuestions, settings: SplitSection
) -> Iterator[TaskCandidate]:
    """Tasks of files that the project does not hold, cleaned as `push` cleans them."""
    for task in tasks:
        if task.id is not None and str(task.id) not in known.keys:
            labels = task.data.get("categories") or {}
            yield TaskCandidate(
                str(task.id),
                question_of(task.data),
                ties_of(task.data, settings),
                labels if isinstance(labels, Mapping) else {},
                "file",
                task.where,
            )
