"""Each task's split in Label Studio, as `split` in its meta: what drafting goes by.

Tasks of the training split serve as examples for drafts of others; without a mark none would, and
no test item ever does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from sync.common.chunks import chunked
from sync.common.json_text import Json
from sync.dataset.splits.split_items import TRAIN
from sync.dataset.splits.stored_splits import Assigned

FIELD = "split"
# tasks that are asked for at once
_CHUNK = 200
# tasks that are changed at once; Label Studio takes some 0.1 s for one
_AT_ONCE = 4


class TaskMeta(Protocol):
    """The part of `connectors.label_studio.LabelStudio` that reads and changes tasks' meta."""

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[Json]: ...

    def update_meta(self, task_id: int, meta: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True)
class Marked:
    """What was done.

    Attributes:
        changed: tasks that were given another mark than they had.
        same: tasks that had it.
        gone: tasks that Label Studio has no more.
    """

    changed: int
    same: int
    gone: int


def mark(
    client: TaskMeta,
    project_id: int,
    lines: Iterable[Assigned],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Marked:
    """Write the split of every task where it differs; all else in its meta stays.

    Args:
        progress: called with tasks done and tasks to do.

    Raises:
        LabelStudioError: Label Studio failed; another run goes on from there.
    """
    wanted = {x.task_id: x.split for x in lines if x.task_id is not None and x.split is not None}
    # what must not be shown any more comes first
    in_order = sorted(wanted, key=lambda task_id: (wanted[task_id] == TRAIN, task_id))
    changed = same = 0

    def write(task: Json) -> bool:
        task_id, meta = int(task["id"]), task.get("meta")
        kept = dict(meta) if isinstance(meta, Mapping) else {}
        differs = bool(kept.get(FIELD) != wanted[task_id])
        if differs:
            client.update_meta(task_id, {**kept, FIELD: wanted[task_id]})
        return differs

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for chunk in chunked(in_order, _CHUNK):
            tasks = client.tasks_by_id(project_id, chunk, ("id", "meta"))
            for differs in pool.map(write, tasks):
                changed += differs
                same += not differs
                progress(changed + same, len(wanted))
    return Marked(changed, same, len(wanted) - changed - same)
