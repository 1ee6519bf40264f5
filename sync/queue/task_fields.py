"""Fields of tasks' data that are no part of what a source says: written while people work."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from connectors.errors import LabelStudioError
from sync.common.chunks import chunked
from sync.common.json_text import Json
from sync.common.terminal import ShowProgress

# fields of a task's data; None: it should not hold this one
Fields = Mapping[str, Any]

# tasks whose data is read at once, so that little time passes until it is written
_CHUNK = 40
# writes at once; Label Studio takes some 0.1 s for one
AT_ONCE = 4


class TaskDataStore(Protocol):
    """The part of `connectors.label_studio.LabelStudio` that knows the data of tasks."""

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[Json]: ...

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True)
class WrittenFields:
    """What was written.

    Attributes:
        tasks: that were given something.
        requests: to Label Studio.
    """

    tasks: int = 0
    requests: int = 0


def write_fields(
    client: TaskDataStore,
    project_id: int,
    changes: Mapping[int, Fields],
    progress: ShowProgress,
    total: int | None = None,
) -> WrittenFields:
    """Give tasks fields, in the order of `changes`; the rest of their data stays as it is by then.

    Args:
        progress: called with tasks done, of how many.
        total: what `progress` is told; by default the tasks.

    Raises:
        LabelStudioError: Label Studio can't be reached, or refuses; run again.
    """
    done = written = reads = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for chunk in chunked(changes, _CHUNK):
            reads += 1
            tasks = client.tasks_by_id(project_id, chunk, ("id", "data"))
            written += sum(pool.map(lambda task: _write(client, task, changes), tasks))
            done += len(chunk)
            progress(done, len(changes) if total is None else total)
    return WrittenFields(written, reads + written)


def _write(client: TaskDataStore, task: Json, changes: Mapping[int, Fields]) -> bool:
    """Change a task's data as it is now; whether it was still there."""
    task_id = int(task["id"])
    fields = changes[task_id]
    kept = {name: value for name, value in task["data"].items() if name not in fields}
    given = {name: value for name, value in fields.items() if value is not None}
    try:
        client.update_task(task_id, {**kept, **given})
    except LabelStudioError as error:
        if error.status != 404:
            raise
        return False
    return True
