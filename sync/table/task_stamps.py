"""What the table knows of a project's tasks without reading what is in them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from sync.table.arrow_columns import times
from sync.table.parquet_files import TableFile, TableFiles
from sync.table.task_rows import TaskRow

_COLUMNS = (
    "task_id",
    "updated_at",
    "annotations.was_cancelled",
    "predictions.id",
    "predictions.model_version",
    "predictions.created_at",
)
# one row a stored prediction
DRAFTS = pa.schema(
    [
        ("task_id", pa.int64()),
        ("id", pa.int64()),
        ("model_version", pa.string()),
        ("created_at", pa.timestamp("us", tz="UTC")),
    ]
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a stored task is still as Label Studio has it.

    Attributes:
        annotations: how many, skipped ones included.
        predictions: how many.
        skipped: of the annotations.
    """

    updated_at: datetime
    annotations: int
    predictions: int
    skipped: int = 0


def stamp_of(row: TaskRow) -> Stamp:
    """A row's stamp, by what is really in it."""
    return Stamp(
        row.updated_at,
        len(row.annotations),
        len(row.predictions),
        sum(annotation.was_cancelled for annotation in row.annotations),
    )


@dataclass(frozen=True)
class StoredTasks:
    """A project as one version of the table has it.

    Attributes:
        stamps: by task id.
        drafts: the predictions, as `DRAFTS`.
        blocks: the files that hold rows, of any project.
        seen_at: Label Studio's clock when the last change was looked for; None where it is not
            known.
    """

    stamps: Mapping[int, Stamp]
    drafts: pa.Table
    blocks: tuple[TableFile, ...] = ()
    seen_at: datetime | None = None


def stored_tasks(
    files: TableFiles, paths: list[str], project_id: int, seen_at: datetime | None
) -> StoredTasks:
    """Read a project's stamps out of the table's files.

    Raises:
        OSError: a file can't be read.
        pa.ArrowException: a file is damaged.
    """
    stamps: dict[int, Stamp] = {}
    drafts: list[pa.Table] = [pa.Table.from_batches([], DRAFTS)]
    blocks: list[TableFile] = []
    for path in paths:
        rows, found = files.columns(path, project_id, _COLUMNS)
        task_ids = found["task_id"].to_pylist()
        blocks.append(TableFile(path, rows, tuple(task_ids)))
        if not task_ids:
            continue
        stamps.update(zip(task_ids, _stamps(found), strict=True))
        drafts.append(_drafts(found))
    return StoredTasks(stamps, pa.concat_tables(drafts), tuple(blocks), seen_at)


def _stamps(found: pa.Table) -> list[Stamp]:
    annotations = found["annotations"].combine_chunks()
    cancelled = pc.struct_field(pc.list_flatten(annotations), "was_cancelled")
    owners = pc.list_parent_indices(annotations).filter(cancelled)
    skipped = Counter(owners.to_pylist())
    columns = zip(
        times(found["updated_at"]),
        pc.list_value_length(annotations).to_pylist(),
        pc.list_value_length(found["predictions"]).to_pylist(),
        strict=True,
    )
    return [
        Stamp(updated_at, total or 0, drafted or 0, skipped[place])
        for place, (updated_at, total, drafted) in enumerate(columns)
    ]


def _drafts(found: pa.Table) -> pa.Table:
    predictions = found["predictions"].combine_chunks()
    each = pc.list_flatten(predictions)
    owners = found["task_id"].combine_chunks().take(pc.list_parent_indices(predictions))
    columns = [pc.struct_field(each, name) for name in DRAFTS.names[1:]]
    return pa.table([owners, *columns], names=DRAFTS.names).cast(DRAFTS)
