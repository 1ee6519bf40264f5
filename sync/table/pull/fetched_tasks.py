"""Fetched tasks on their way into the table: on disk, so that memory stays flat.

A temporary SQLite database without a name: it vanishes with the process, however that ends.
"""

import pickle
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from types import TracebackType

from sync.common.errors import SyncError
from sync.table.arrow_columns import microseconds, moment_of
from sync.table.task_rows import Prediction, TaskRow
from sync.table.task_stamps import Stamp, stamp_of

_SCHEMA = """
pragma journal_mode = off;
create table tasks (id integer primary key, row blob);
create table predictions (
    id integer primary key, task integer, model_version text, created_us integer, row blob
);
create index by_task on predictions (task);
"""


class FetchedTasks:
    """Tasks by id, the last one added winning; their predictions may come later.

    Used as a context manager; one thread only.
    """

    def __init__(self) -> None:
        self._stamps: dict[int, Stamp] = {}
        with _faults():
            self._db = sqlite3.connect("")
            self._db.executescript(_SCHEMA)

    def __enter__(self) -> "FetchedTasks":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._db.close()

    @property
    def stamps(self) -> Mapping[int, Stamp]:
        """Of every task, by what is really in it."""
        return self._stamps

    def add(self, rows: Sequence[TaskRow]) -> None:
        """Tasks with all their predictions."""
        bare = ((row.task_id, pickle.dumps(replace(row, predictions=()))) for row in rows)
        with _faults():
            self._db.executemany("insert or replace into tasks values (?, ?)", bare)
            gone = ((row.task_id,) for row in rows if row.task_id in self._stamps)
            self._db.executemany("delete from predictions where task = ?", gone)
        self._insert((row.task_id, prediction) for row in rows for prediction in row.predictions)
        self._stamps.update((row.task_id, stamp_of(row)) for row in rows)

    def add_predictions(self, predictions: Iterable[tuple[int, Prediction]]) -> None:
        """Those of tasks that were added without; of other tasks they are passed over.

        Args:
            predictions: each with the id of its task.
        """
        self._insert((task, p) for task, p in predictions if task in self._stamps)
        with _faults():
            counts = self._db.execute("select task, count(*) from predictions group by task")
            for task, count in counts.fetchall():
                self._stamps[task] = replace(self._stamps[task], predictions=count)

    def rows(self, task_ids: Sequence[int]) -> list[TaskRow]:
        """Some of the tasks, by id."""
        named = ", ".join(str(int(i)) for i in task_ids)
        with _faults():
            found = self._db.execute(
                f"select task, row from predictions where task in ({named}) order by id"
            )
            drafts: dict[int, list[Prediction]] = {}
            for task, row in found:
                drafts.setdefault(task, []).append(pickle.loads(row))
            tasks = self._db.execute(f"select row from tasks where id in ({named}) order by id")
            bare: list[TaskRow] = [pickle.loads(row) for (row,) in tasks]
        return [replace(row, predictions=tuple(drafts.get(row.task_id, ()))) for row in bare]

    def model_versions(self) -> dict[str, tuple[int, datetime]]:
        """Predictions by model version: how many, and when the newest was made."""
        with _faults():
            found = self._db.execute(
                "select model_version, count(*), max(created_us) from predictions group by 1"
            )
            return {name: (count, moment_of(us)) for name, count, us in found}

    def draft_ids(self) -> Iterator[tuple[int, int]]:
        """Task and id of every prediction."""
        with _faults():
            yield from self._db.execute("select task, id from predictions")

    def _insert(self, predictions: Iterable[tuple[int, Prediction]]) -> None:
        rows = (
            (p.id, task, p.model_version, microseconds(p.created_at), pickle.dumps(p))
            for task, p in predictions
        )
        with _faults():
            self._db.executemany("insert or replace into predictions values (?, ?, ?, ?, ?)", rows)


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise SyncError(
            f"{tempfile.gettempdir()}: fetched tasks can't be kept there ({error}); make room, or "
            "set SQLITE_TMPDIR to a folder that has some"
        ) from error
