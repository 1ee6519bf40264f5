"""Source tasks in batches, which every cleaning step takes and gives.

A row step is a pure function of a batch: the same tasks, with data changed or a reason to drop
them. It may add columns of its own, such as `vector`, `secrets` or `note`. Data is held as it was
parsed; `arrow_form` says how a batch travels to another process.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sync.common.chunks import chunked
from sync.common.source_task import SourceTask

SIZE = 256  # tasks a batch
# what a step has to say of a task that it keeps, such as that it could not judge it
NOTE = "note"
# what redaction took out: placeholder -> value, or None
SECRETS = "secrets"
# what the steps did to each task, in the order in which it happened, or None: `chain` writes it
TRAIL = "trail"

TaskData = dict[str, Any]
# a value a task: a list, or an array of Arrow where a step computes with vectors
StepColumn = Any


@dataclass(frozen=True)
class TaskBatch:
    """Tasks that are cleaned together.

    Attributes:
        tasks: in the order of the sources.
        dropped: for each task the reason to leave it out, or None.
        columns: what steps know of each task beside it, by name.
    """

    tasks: Sequence[SourceTask]
    dropped: Sequence[str | None]
    columns: Mapping[str, StepColumn] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.tasks)

    def datas(self) -> Iterator[TaskData]:
        """Each task's data; never changed in place, since others hold it as well."""
        return (task.data for task in self.tasks)

    def with_datas(self, datas: Iterable[TaskData]) -> "TaskBatch":
        """The batch with other data; the same batch where all of it is the same objects."""
        changed = [
            task if data is task.data else replace(task, data=data)
            for task, data in zip(self.tasks, datas, strict=True)
        ]
        if all(new is old for new, old in zip(changed, self.tasks, strict=True)):
            return self
        return replace(self, tasks=changed)

    def dropping(self, reasons: Sequence[str | None]) -> "TaskBatch":
        """The batch with the reasons to drop its tasks; the same batch where there are none."""
        return replace(self, dropped=reasons) if any(reasons) else self

    def with_column(self, name: str, values: StepColumn) -> "TaskBatch":
        """The batch with a column set or added."""
        return replace(self, columns={**self.columns, name: values})

    def without_column(self, name: str) -> "TaskBatch":
        """The batch without a column that it may have."""
        kept = {key: values for key, values in self.columns.items() if key != name}
        return replace(self, columns=kept)

    def column(self, name: str) -> Sequence[Any]:
        """A column as a list; None for every task where there is none of that name."""
        values = self.columns.get(name)
        if values is None:
            return [None] * len(self)
        return values if isinstance(values, list) else list(values.to_pylist())

    def take(self, places: Sequence[int]) -> "TaskBatch":
        """The tasks at these places, with their columns."""
        return TaskBatch(
            [self.tasks[place] for place in places],
            [self.dropped[place] for place in places],
            {name: taken(values, places) for name, values in self.columns.items()},
        )

    def kept(self) -> "TaskBatch":
        """The tasks that no step has dropped; the same batch where these are all."""
        if not any(self.dropped):
            return self
        return self.take([place for place, reason in enumerate(self.dropped) if reason is None])


def taken(values: StepColumn, places: Sequence[int | None]) -> StepColumn:
    """A column's values at these places; none where there is no place."""
    if isinstance(values, list):
        return [None if place is None else values[place] for place in places]
    import pyarrow as pa  # the step that made such a column has imported it

    return values.take(pa.array(places, pa.int64()))


def to_batch(tasks: Iterable[SourceTask]) -> TaskBatch:
    """Tasks as a batch, none of them dropped."""
    rows = list(tasks)
    return TaskBatch(rows, [None] * len(rows))


def batches(tasks: Iterable[SourceTask], size: int = SIZE) -> Iterator[TaskBatch]:
    """Batches of at most `size` tasks, read as they are asked for."""
    return map(to_batch, chunked(tasks, size))


def rewritten(batch: TaskBatch, change: Callable[[TaskData], TaskData]) -> TaskBatch:
    """The batch with every task's data changed.

    Args:
        change: gives the same object where there is nothing to change.
    """
    return batch.with_datas(map(change, batch.datas()))


def dropping(batch: TaskBatch, reason: Callable[[TaskData], str | None]) -> TaskBatch:
    """The batch with the tasks marked for which there is a reason to drop them."""
    return batch.dropping(list(map(reason, batch.datas())))
