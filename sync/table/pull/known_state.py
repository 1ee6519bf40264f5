"""A project as the table will have it: what is stored, what was fetched, and what is gone."""

from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from sync.common.json_text import Json
from sync.table.arrow_columns import array, times
from sync.table.pull.fetched_tasks import FetchedTasks
from sync.table.task_stamps import Stamp, StoredTasks


class ProjectCounts(NamedTuple):
    """How many there are.

    Attributes:
        annotations: without the skipped ones.
    """

    tasks: int
    annotations: int
    skipped: int
    predictions: int


def counts_of(project: Json) -> ProjectCounts:
    """As Label Studio counts them for its list of projects."""
    return ProjectCounts(
        int(project["task_number"] or 0),
        int(project["total_annotations_number"] or 0),
        int(project["skipped_annotations_number"] or 0),
        int(project["total_predictions_number"] or 0),
    )


def _count(stamps: Collection[Stamp]) -> ProjectCounts:
    skipped = sum(stamp.skipped for stamp in stamps)
    return ProjectCounts(
        len(stamps),
        sum(stamp.annotations for stamp in stamps) - skipped,
        skipped,
        sum(stamp.predictions for stamp in stamps),
    )


class Known:
    """What is known of a project's tasks so far."""

    def __init__(self, stored: StoredTasks, fetched: FetchedTasks) -> None:
        self.stored = stored
        self.fetched = fetched
        self.deleted: set[int] = set()

    def stamp(self, task_id: int) -> Stamp | None:
        """What is known of one task; what was fetched counts by what is really in it."""
        if task_id in self.deleted:
            return None
        return self.fetched.stamps.get(task_id) or self.stored.stamps.get(task_id)

    def stamps(self) -> dict[int, Stamp]:
        """Of every task that is not gone."""
        known = {**self.stored.stamps, **self.fetched.stamps}
        for task_id in self.deleted:
            known.pop(task_id, None)
        return known

    def gone(self, task_ids: Collection[int]) -> None:
        """Tasks that Label Studio has no more."""
        self.deleted.update(task_ids)

    def counts(self) -> ProjectCounts:
        """To be compared with `counts_of` the project."""
        stored, fetched = self.stored.stamps, self.fetched.stamps
        old = [stored[i] for i in stored.keys() & (fetched.keys() | self.deleted)]
        new = [stamp for i, stamp in fetched.items() if i not in self.deleted]
        before, lost, won = self._stored_counts, _count(old), _count(new)
        return ProjectCounts(*(b - x + y for b, x, y in zip(before, lost, won, strict=True)))

    @cached_property
    def _stored_counts(self) -> ProjectCounts:
        return _count(self.stored.stamps.values())

    def drafts(self) -> pa.Table:
        """The stored predictions that still count, as `sync.table.task_stamps.DRAFTS`."""
        drafts = self.stored.drafts
        if not self.fetched.stamps and not self.deleted:
            return drafts
        left = array([*self.fetched.stamps, *self.deleted], pa.int64())
        return drafts.filter(pc.invert(pc.is_in(drafts["task_id"], value_set=left)))

    def model_versions(self) -> dict[str, tuple[int, datetime]]:
        """Predictions by model version: how many, and when the newest was made."""
        drafts = self.drafts()
        found: dict[str, tuple[int, datetime]] = {}
        for name in pc.unique(drafts["model_version"]):
            made = drafts.filter(pc.equal(drafts["model_version"], name))["created_at"]
            found[name.as_py()] = (len(made), max(times(made)))
        for name, (count, newest) in self.fetched.model_versions().items():
            before, latest = found.get(name, (0, newest))
            found[name] = (before + count, max(latest, newest))
        return found

    def draft_sums(self) -> dict[int, tuple[int, int]]:
        """By task, how many predictions it has and the sum of their ids."""
        sums: dict[int, tuple[int, int]] = {}
        drafts = self.drafts()
        pairs = zip(drafts["task_id"].to_pylist(), drafts["id"].to_pylist(), strict=True)
        for task, draft in (*pairs, *self.fetched.draft_ids()):
            count, total = sums.get(task, (0, 0))
            sums[task] = (count + 1, total + draft)
        return sums
