"""Several row steps as one function of a batch, which notes what each did to which task."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sync.common.json_text import to_json
from sync.compute import BatchFunction
from sync.intake.cleaning.task_batches import NOTE, with_column

# JSON: a list of [step, event, reason or note] in the order in which they happened, or null
TRAIL = "trail"
CHANGED, DROPPED, NOTED = "changed", "dropped", "noted"

Event = tuple[str, str, str | None]
NamedSteps = tuple[tuple[str, BatchFunction], ...]


@dataclass(frozen=True)
class Chain:
    """Row steps, each of which sees only what those before it kept.

    Attributes:
        steps: name and function.
    """

    steps: NamedSteps

    def __call__(self, batch: pa.Table) -> pa.Table:
        """The same rows with what the steps did to them, and a column `TRAIL`."""
        trails: list[list[Event]] = [[] for _ in range(batch.num_rows)]
        places = list(range(batch.num_rows))
        batch = batch.append_column("place", pa.array(places, pa.int32()))
        finished = []
        for name, step in self.steps:
            before = batch
            batch = step(batch)
            for place, event in zip(places, _events(name, before, batch), strict=True):
                trails[place] += event
            if NOTE in batch.column_names:
                batch = batch.drop_columns([NOTE])
            kept = pc.is_null(batch["dropped"])
            finished.append(batch.filter(pc.invert(kept)))
            batch = batch.filter(kept)
            places = batch["place"].to_pylist()
        # a dropped row lacks the columns of later steps; they are null there
        whole = pa.concat_tables([*finished, batch], promote_options="default").sort_by("place")
        told = [to_json(trail) if trail else None for trail in trails]
        return with_column(whole.drop_columns(["place"]), TRAIL, told)


def read_trail(trail: str | None) -> list[Event]:
    """What happened to a task, in order."""
    return [tuple(event) for event in json.loads(trail)] if trail else []


def _events(name: str, before: pa.Table, after: pa.Table) -> list[list[Event]]:
    """What a step did to each row."""
    rows = zip(
        before["data"].to_pylist(),
        after["data"].to_pylist(),
        after["dropped"].to_pylist(),
        _notes(after),
        strict=True,
    )
    return [
        [
            *([(name, CHANGED, None)] if was != now else []),
            *([(name, NOTED, note)] if note is not None else []),
            *([(name, DROPPED, reason)] if reason is not None else []),
        ]
        for was, now, reason, note in rows
    ]


def _notes(table: pa.Table) -> Sequence[str | None]:
    if NOTE not in table.column_names:
        return [None] * table.num_rows
    notes: list[str | None] = table[NOTE].to_pylist()
    return notes
