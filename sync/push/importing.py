"""Tasks into Label Studio, each exactly once, although an import can't be repeated safely.

Label Studio carries an import out even when the process that sent it is dead, or has stopped
waiting, and it has no way to be asked what became of one. It creates all tasks of an import or
none. So an import is written down before it is sent; where its answer does not come, its tasks
are looked for, for a time that Label Studio has long needed by then, and nothing else is sent.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from connectors.errors import LabelStudioError
from sync.push.held import Held
from sync.push.journal import Journal, Pending
from sync.sources.task import ID_FIELD

# some 1 MB: a second of Label Studio's time, and what a crash leaves in doubt
BATCH = 200
# from sending until an import that is nowhere to be seen counts as lost
SETTLE_S = 30.0
POLL_S = 1.0

Json = dict[str, Any]
Look = Callable[[], Held]


class TaskSink(Protocol):
    """The part of `connectors.label_studio.LabelStudio` that creates tasks."""

    def import_tasks(self, project_id: int, tasks: Sequence[Mapping[str, Any]]) -> int: ...


class Importer:
    """Creates tasks in one project."""

    def __init__(self, client: TaskSink, project_id: int, journal: Journal, look: Look) -> None:
        """Nothing is sent yet.

        Args:
            look: finds out what the project holds now.
        """
        self._client = client
        self._project_id = project_id
        self._journal = journal
        self._look = look

    def create(self, datas: Sequence[Json]) -> None:
        """Create tasks.

        Args:
            datas: completed, each with its identity.

        Raises:
            LabelStudioError: they were refused, or there is no sign of them; the next push
                looks for them again.
        """
        pending = self._journal.begin(self._project_id, [data[ID_FIELD] for data in datas])
        try:
            created = self._client.import_tasks(self._project_id, [{"data": d} for d in datas])
        except LabelStudioError as error:
            if error.status is not None and error.status < 500:
                self._journal.end()  # refused before anything was stored
                raise
            # counted anew: a server that is this slow may need as long again
            pending = self._journal.begin(self._project_id, pending.ids)
            if not settled(pending, self._look):
                raise
            created = len(datas)
        if created != len(datas):
            raise LabelStudioError(
                f"Label Studio created {created} of {len(datas)} tasks; run the push again"
            )
        self._journal.end()


def settled(pending: Pending, look: Look) -> bool:
    """Wait until an import has arrived, or would have; True when it is there.

    Raises:
        LabelStudioError: it could not be asked to the end.
    """
    give_up_at = min(pending.sent_at, time.time()) + SETTLE_S
    while True:
        last = time.time() >= give_up_at
        try:
            if look().holds(pending.ids):
                return True
        except LabelStudioError:  # it may be starting again
            if last:
                raise
        if last:
            return False
        time.sleep(POLL_S)
