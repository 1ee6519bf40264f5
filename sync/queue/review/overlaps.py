"""How many annotators single tasks are to have, brought to Label Studio.

The number is raised and never lowered, and only where it is too low, so that a run which is
repeated changes nothing. It is lost when the project's own overlap changes; the next run sets it
again.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from connectors.errors import LabelStudioError
from sync.common.chunks import chunked
from sync.common.json_text import Json
from sync.common.terminal import ShowProgress

_AT_ONCE = 4
_CHUNK = 100


def _silent(done: int, total: int) -> None:
    """Show nothing."""


class OverlapStudio(Protocol):
    """The part of `connectors.label_studio.LabelStudio` that knows how many a task is to have."""

    def set_overlap(self, task_id: int, overlap: int, *, is_labeled: bool) -> None: ...
    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[Json]: ...


def too_low(client: OverlapStudio, project_id: int, wanted: Mapping[int, int]) -> dict[int, int]:
    """Of the wanted numbers those that are not reached, by task id; a task that is gone has none.

    Raises:
        LabelStudioError: Label Studio can't be reached; run again.
    """
    found: dict[int, int] = {}
    for chunk in chunked(wanted, _CHUNK):
        for task in client.tasks_by_id(project_id, chunk, ("id", "overlap")):
            task_id = int(task["id"])
            if int(task["overlap"]) < wanted[task_id]:
                found[task_id] = wanted[task_id]
    return found


def raise_overlaps(
    client: OverlapStudio, low: Mapping[int, int], progress: ShowProgress = _silent
) -> int:
    """Hand tasks out once more.

    Args:
        low: see `too_low`.
        progress: called with tasks written and tasks to write.

    Returns:
        How many were raised; one that has gone meanwhile is passed over.

    Raises:
        LabelStudioError: Label Studio can't be reached; run again.
    """
    raised = 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        written = pool.map(lambda each: _raise(client, *each), low.items())
        for done, is_raised in enumerate(written, start=1):
            raised += is_raised
            progress(done, len(low))
    return raised


def _raise(client: OverlapStudio, task_id: int, overlap: int) -> bool:
    try:
        client.set_overlap(task_id, overlap, is_labeled=False)
    except LabelStudioError as error:
        if error.status != 404:
            raise
        return False
    return True
