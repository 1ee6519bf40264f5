"""The import that is under way, on disk: after a crash, the next push knows what to wait for."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

_FILE = "push-under-way.json"


class Files(Protocol):
    """The part of `sync.table.data_folder.DataFolder` that holds small files."""

    def read(self, name: str) -> bytes | None: ...
    def write(self, name: str, text: str) -> None: ...


@dataclass(frozen=True)
class Pending:
    """An import whose answer has not come.

    Attributes:
        sent_at: Unix time.
        ids: identities of its tasks.
    """

    project_id: int
    sent_at: float
    ids: tuple[str, ...]


class Journal:
    """At most one import."""

    def __init__(self, files: Files, now: Callable[[], float] = time.time) -> None:
        self._files = files
        self._now = now

    def begin(self, project_id: int, ids: Sequence[str]) -> Pending:
        """Remember an import before it is sent.

        Raises:
            SyncError: the folder can't be written; nothing must be sent then.
        """
        pending = Pending(project_id, self._now(), tuple(ids))
        self._files.write(_FILE, json.dumps(asdict(pending)))
        return pending

    def end(self) -> None:
        """Its outcome is known."""
        self._files.write(_FILE, "{}")

    def pending(self) -> Pending | None:
        """The import whose outcome nobody has seen.

        Raises:
            SyncError: the folder can't be read.
        """
        try:
            raw = json.loads(self._files.read(_FILE) or b"{}")
            return Pending(int(raw["project_id"]), float(raw["sent_at"]), tuple(raw["ids"]))
        except (ValueError, KeyError, TypeError):
            return None  # none, or no file of ours; tasks that come twice are found anyway
