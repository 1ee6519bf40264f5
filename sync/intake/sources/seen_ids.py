"""Which ids were read, on disk, so that memory stays flat however many there are."""

import sqlite3
from types import TracebackType

from sync.common.errors import SourceError


class SeenIds:
    """Refuses an id that comes a second time."""

    def __init__(self) -> None:
        # a nameless database is a temporary file of SQLite's own, gone when it is closed
        self._table = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._table.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID")
        self._table.execute("BEGIN")

    def __enter__(self) -> "SeenIds":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._table.close()

    def add(self, own_id: str, where: str) -> None:
        """Note an id.

        Raises:
            SourceError: it was noted before; says where.
        """
        added = self._table.execute(
            "INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", (own_id, where)
        )
        if not added.rowcount:
            (before,) = self._table.execute(
                "SELECT place FROM seen WHERE id = ?", (own_id,)
            ).fetchone()
            raise SourceError(f"{where}: the id {own_id!r} was used at {before}; ids must differ")
