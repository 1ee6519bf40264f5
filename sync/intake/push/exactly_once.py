"""Tasks into Label Studio, each exactly once, although an import can't be repeated safely.

Label Studio carries an import out even when the process that sent it is dead, or has stopped
waiting, and it has no way to be asked what became of one. It creates all tasks of an import or
none. So an import is written down before it is sent; where its answer does not come, its tasks
are looked for, for a time that Label Studio has long needed by then, and nothing else is sent.
The note of it, `push-under-way.json`, is read by the next push after a crash.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol, Self

from connectors.errors import LabelStudioError
from sync.common.json_text import Json, to_json_line
from sync.common.source_task import ID_FIELD
from sync.common.wording import counted
from sync.intake.push.project_tasks import ProjectTasks

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


# what a crash leaves in doubt; less than a second of Label Studio's time
BATCH = 500
BATCH_BYTES = 4_000_000
# from sending until an import that is nowhere to be seen counts as lost
SETTLE_S = 30.0
POLL_S = 1.0

# an answer of Label Studio's own, after which nothing more comes of an import
_FAILED = 500

Look = Callable[[], ProjectTasks]


class ImportClock(Protocol):
    """The module `time`, or a test's."""

    def time(self) -> float: ...
    def sleep(self, seconds: float, /) -> None: ...


class TaskSink(Protocol):
    """The part of `connectors.label_studio.LabelStudio` that creates tasks."""

    def import_tasks(self, project_id: int, tasks: bytes) -> int: ...


@dataclass(frozen=True, slots=True)
class WrittenTask:
    """A task as it is sent.

    Attributes:
        id: its identity.
        line: JSON of the task, `{"data": {…}}`, with what it brings beside its data.
    """

    id: str
    line: bytes

    @classmethod
    def of(cls, data: Json, beside: Mapping[str, Sequence[Json]] | None = None) -> Self:
        """The task of completed data, which holds its identity.

        Args:
            beside: see `SourceTask.beside`.
        """
        return cls(str(data[ID_FIELD]), to_json_line({"data": data, **(beside or {})}))


class Importer:
    """Creates tasks in one project."""

    def __init__(
        self,
        client: TaskSink,
        project_id: int,
        journal: Journal,
        look: Look,
        clock: ImportClock = time,
    ) -> None:
        """Nothing is sent yet.

        Args:
            look: finds out what the project holds now.
        """
        self._client = client
        self._project_id = project_id
        self._journal = journal
        self._look = look
        self._clock = clock

    def create(self, tasks: Sequence[WrittenTask]) -> None:
        """Create tasks.

        Raises:
            LabelStudioError: they were refused, or there is no sign of them; the next push
                looks for them again.
        """
        pending = self._journal.begin(self._project_id, [task.id for task in tasks])
        try:
            created = self._client.import_tasks(
                self._project_id, b"[%b]" % b",".join(task.line for task in tasks)
            )
        except LabelStudioError as error:
            if not self._has_arrived(pending, error):
                raise
            created = len(tasks)
        if created != len(tasks):
            raise LabelStudioError(
                f"Label Studio created {created} of {counted(len(tasks), 'task')}; run the push "
                "again"
            )
        self._journal.end()

    def _has_arrived(self, pending: Pending, error: LabelStudioError) -> bool:
        """Whether an import that failed was carried out all the same."""
        if error.status is not None and error.status < _FAILED:
            self._journal.end()  # refused before anything was stored
            return False
        if error.status == _FAILED:
            arrived = self._look().holds(pending.ids)
            self._journal.end()  # it has answered, so nothing more will come of it
            return arrived
        # counted anew: a server that is this slow may need as long again
        pending = self._journal.begin(self._project_id, pending.ids)
        return settled(pending, self._look, self._clock)


def settled(pending: Pending, look: Look, clock: ImportClock = time) -> bool:
    """Wait until an import has arrived, or would have; True when it is there.

    Raises:
        LabelStudioError: it could not be asked to the end.
    """
    give_up_at = min(pending.sent_at, clock.time()) + SETTLE_S
    while True:
        last = clock.time() >= give_up_at
        try:
            if look().holds(pending.ids):
                return True
        except LabelStudioError:  # it may be starting again
            if last:
                raise
        if last:
            return False
        clock.sleep(POLL_S)
