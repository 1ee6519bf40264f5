"""A project as the table will have it: what is stored, what was fetched, and what is gone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from sync.pull.listing import Json
from sync.pull.spool import Spool
from sync.store.arrays import array, times
from sync.store.stamps import Stamp, StoredTasks


@dataclass(frozen=True)
class Counts:
    """How many there are.

    Attributes:
        annotations: without the skipped ones.
    """

    tasks: int
    annotations: int
    skipped: int
    predictions: int


def counts_of(project: Json) -> Counts:
    """As Label Studio counts them for its list of projects."""
    return Counts(
        int(project["task_number"] or 0),
        int(project["total_annotations_number"] or 0),
        int(project["skipped_annotations_number"] or 0),
        int(project["total_predictions_number"] or 0),
    )


class Known:
    """What is known of a project's tasks so far."""

    def __init__(self, stored: StoredTasks, spool: Spool) -> None:
        self.stored = stored
        self.spool = spool
        self.deleted: set[int] = set()

    def stamps(self) -> Mapping[int, Stamp]:
        """Of every task that is not gone; what was fetched counts by what is really in it."""
        known = {**self.stored.stamps, **self.spool.stamps}
        return {i: stamp for i, stamp in known.items() if i not in self.deleted}

    def gone(self, task_ids: Collection[int]) -> None:
        """Tasks that Label Studio has no more."""
        self.deleted.update(task_ids)

    def counts(self) -> Counts:
        """To be compared with `counts_of` the project."""
        stamps = self.stamps().values()
        skipped = sum(stamp.skipped for stamp in stamps)
        return Counts(
            len(stamps),
            sum(stamp.annotations for stamp in stamps) - skipped,
            skipped,
            sum(stamp.predictions for stamp in stamps),
        )

    def drafts(self) -> pa.Table:
        """The stored predictions that still count, as `sync.store.stamps.DRAFTS`."""
        drafts = self.stored.drafts
        if not self.spool.stamps and not self.deleted:
            return drafts
        left = array([*self.spool.stamps, *self.deleted], pa.int64())
        return drafts.filter(pc.invert(pc.is_in(drafts["task_id"], value_set=left)))

    def model_versions(self) -> dict[str, tuple[int, datetime]]:
        """Predictions by model version: how many, and when the newest was made."""
        drafts = self.drafts()
        found: dict[str, tuple[int, datetime]] = {}
        for name in pc.unique(drafts["model_version"]):
            made = drafts.filter(pc.equal(drafts["model_version"], name))["created_at"]
            found[name.as_py()] = (len(made), max(times(made)))
        for name, (count, newest) in self.spool.model_versions().items():
            before, latest = found.get(name, (0, newest))
            found[name] = (before + count, max(latest, newest))
        return found

    def draft_sums(self) -> dict[int, tuple[int, int]]:
        """By task, how many predictions it has and the sum of their ids."""
        sums: dict[int, tuple[int, int]] = {}
        drafts = self.drafts()
        pairs = zip(drafts["task_id"].to_pylist(), drafts["id"].to_pylist(), strict=True)
        for task, draft in (*pairs, *self.spool.draft_ids()):
            count, total = sums.get(task, (0, 0))
            sums[task] = (count + 1, total + draft)
        return sums
