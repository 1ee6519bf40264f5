"""The job queues in one store: an SQLite file by default, Redis beyond one machine."""

import sqlite3
import threading
from pathlib import Path
from typing import Any

from huey import PriorityRedisHuey, SqliteHuey
from huey.api import Huey
from huey.constants import EmptyData
from huey.storage import SqliteStorage

DRAFTS = "labeltune"


class _SqliteStorage(SqliteStorage):  # type: ignore[misc]
    """huey's SQLite storage for many threads, with one connection a process and fewer statements.

    A commit does not wait for the disk. In WAL mode a killed process loses nothing by that; a
    power cut may cost the last few jobs, which the next sweep finds again.
    """

    lock: threading.Lock

    def __init__(
        self, name: str, *, beside: "_SqliteStorage | None" = None, **options: Any
    ) -> None:
        """Open a queue.

        Args:
            beside: another queue in the same file. Its connection is used for both: two that
                write at the same time would wait for each other by sleeping.
        """
        self._owner = beside
        super().__init__(name, create_tables=beside is None, **options)
        if beside is not None:
            self.lock = beside.lock

    @property
    def conn(self) -> sqlite3.Connection:
        """The open connection."""
        found: sqlite3.Connection = self._owner.conn if self._owner else super().conn
        return found

    def close(self) -> bool:
        """Close the connection, if it is this queue's own."""
        return self._owner is None and bool(super().close())

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("pragma synchronous=normal")
        # pages of 4 kB: while the log is copied into the file, and flushed, every thread waits
        connection.execute("pragma wal_autocheckpoint=4000")
        return connection

    # a statement outside of a transaction is one by itself; begin and commit around it would
    # be three, each of which may wait for the interpreter's other threads

    def sql(
        self, query: str, params: Any = None, commit: bool = False, results: bool = False
    ) -> list[Any] | None:
        with self.lock:
            rows = self.conn.execute(query, params or ())
            return rows.fetchall() if results else None

    def put_if_empty(self, key: str, value: bytes, ttl: float | None = None) -> bool:
        with self.lock:
            done = self.conn.execute(
                "insert or ignore into kv (queue, key, value) values (?, ?, ?)",
                (self.name, key, self.to_blob(value)),
            )
            return done.rowcount == 1

    def pop_data(self, key: str) -> Any:
        if sqlite3.sqlite_version_info < (3, 35):
            return super().pop_data(key)
        found = self.sql(
            "delete from kv where queue = ? and key = ? returning value",
            (self.name, key),
            results=True,
        )
        return found[0][0] if found else EmptyData

    def delete_data(self, key: str) -> bool:
        with self.lock:
            done = self.conn.execute("delete from kv where queue = ? and key = ?", (self.name, key))
            return done.rowcount == 1


def open_queue(where: str | Path) -> Huey:
    """The queue of drafts in an SQLite file, made when missing, or on a Redis server.

    Args:
        where: a path, or `redis://…`, `rediss://…`, `unix://…`.
    """
    if is_redis(where):
        return PriorityRedisHuey(DRAFTS, results=False, url=str(where))
    Path(where).parent.mkdir(parents=True, exist_ok=True)
    return _sqlite_queue(DRAFTS, filename=str(where), timeout=30)


def beside(queue: Huey, name: str) -> Huey:
    """Another queue in the same store; queues of different names know nothing of each other."""
    options = queue.storage_kwargs
    if "url" in options:
        return PriorityRedisHuey(name, results=False, url=options["url"])
    return _sqlite_queue(name, **{**options, "beside": queue.storage})


def _sqlite_queue(name: str, **options: Any) -> Huey:
    return SqliteHuey(name, results=False, storage_class=_SqliteStorage, **options)


def is_redis(where: str | Path) -> bool:
    """Whether this names a Redis server, and no file."""
    return str(where).startswith(("redis://", "rediss://", "unix://"))
