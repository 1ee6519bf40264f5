"""Row steps: what one is, what it is built from, and several as one function of a batch."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.embedding import Encoder
from sync.intake.cleaning.task_batches import NOTE, TRAIL, StepColumn, TaskBatch, taken

CHANGED, DROPPED, NOTED = "changed", "dropped", "noted"

# step, event, and the reason or note
Event = tuple[str, str, str | None]
RowStep = Callable[[TaskBatch], TaskBatch]
NamedSteps = tuple[tuple[str, RowStep], ...]
OpenEncoder = Callable[[], Encoder]


@dataclass(frozen=True)
class Situation:
    """What a step is built from beside its settings.

    Attributes:
        folder: where relative paths in the settings start.
        dry_run: nothing may be written beside the configuration.
        load_encoder: gives the embedding model where it is called; picklable.
    """

    folder: Path
    dry_run: bool
    load_encoder: OpenEncoder


@dataclass(frozen=True)
class Chain:
    """Row steps, each of which sees only what those before it kept.

    Attributes:
        steps: name and function.
    """

    steps: NamedSteps

    def __call__(self, batch: TaskBatch) -> TaskBatch:
        """The same tasks with what the steps did to them, and a column `TRAIL`."""
        trails: dict[int, list[Event]] = {}
        left: Sequence[int] = range(len(batch))
        gone: list[tuple[Sequence[int], TaskBatch]] = []
        for name, step in self.steps:
            before, batch = batch, step(batch)
            if batch is before:
                continue
            for place, event in _events(name, before, batch):
                trails.setdefault(left[place], []).append(event)
            batch = batch.without_column(NOTE)
            lost = [place for place, reason in enumerate(batch.dropped) if reason is not None]
            if lost:
                gone.append(([left[place] for place in lost], batch.take(lost)))
                left = [left[place] for place, why in enumerate(batch.dropped) if why is None]
                batch = batch.kept()
        whole = _in_order([*gone, (left, batch)]) if gone else batch
        return whole.with_column(TRAIL, [trails.get(place) for place in range(len(whole))])


def _in_order(parts: Sequence[tuple[Sequence[int], TaskBatch]]) -> TaskBatch:
    """One batch of all parts, each task at its place; it lacks the columns of later steps."""
    last = parts[-1][1]
    tasks = [task for _, batch in parts for task in batch.tasks]
    dropped = [reason for _, batch in parts for reason in batch.dropped]
    places = [place for places, _ in parts for place in places]
    order = sorted(range(len(places)), key=places.__getitem__)
    columns = {
        name: taken(_joined(name, [batch for _, batch in parts]), order) for name in last.columns
    }
    return TaskBatch([tasks[at] for at in order], [dropped[at] for at in order], columns)


def _joined(name: str, parts: Sequence[TaskBatch]) -> StepColumn:
    """A column of all parts one after the other; none for the tasks of a part that lacks it."""
    held = [batch.columns[name] for batch in parts if name in batch.columns]
    if all(isinstance(values, list) for values in held):
        whole: StepColumn = [value for values in held for value in values]
    else:
        import pyarrow as pa  # such a column came from a step that has imported it

        whole = pa.chunked_array([chunk for values in held for chunk in values.chunks])
    place = iter(range(len(whole)))
    return taken(
        whole,
        [next(place) if name in batch.columns else None for batch in parts for _ in batch.tasks],
    )


def _events(name: str, before: TaskBatch, after: TaskBatch) -> Iterator[tuple[int, Event]]:
    """What a step did to each task, by its place."""
    notes = after.column(NOTE)
    for place, (was, now, reason) in enumerate(
        zip(before.tasks, after.tasks, after.dropped, strict=True)
    ):
        if was.data is not now.data and was.data != now.data:
            yield place, (name, CHANGED, None)
        if notes[place] is not None:
            yield place, (name, NOTED, notes[place])
        if reason is not None:
            yield place, (name, DROPPED, reason)
