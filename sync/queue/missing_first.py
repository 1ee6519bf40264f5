"""`labeltune gaps --queue`: missing kinds come first, all else is as `labeltune rank` left it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from label_configs.queue_fields import QUEUE_AUDIT
from sync.common.errors import SyncError
from sync.common.terminal import ShowProgress
from sync.coverage.measure import Measured, measure
from sync.coverage.raised_targets import read_raised
from sync.coverage.weights import Integers
from sync.queue.audit import choose_audits
from sync.queue.place_drafts import DraftViews, needing_kinds, place_drafts
from sync.queue.plan import QueuePlan, likely, own_score, plan_queue
from sync.queue.priority import DONE, NONE
from sync.queue.send import QueueWriter, send
from sync.queue.stored_scores import StoredScore, read_scores
from sync.queue.waiting_drafts import ProjectQueue
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.table.pull import pull
from sync.table.pull.task_listing import TaskSource
from sync.table.snapshot import open_snapshot

# of `DataFolder.only_one`: whoever writes scores
QUEUE = "rank"


class QueueStudio(TaskSource, QueueWriter, Protocol):
    """Reads tasks and writes their order; `connectors.label_studio.LabelStudio` does."""


@dataclass(frozen=True)
class QueueReport:
    """What was done to the order of tasks.

    Attributes:
        first: waiting drafts of missing cells that come earlier than their own score would have
            them.
        restored: drafts that have their own score again.
        written: scores that were sent, or would have been.
        undrafted: waiting tasks of missing cells that have no draft yet, so that nothing can bring
            them forward.
    """

    first: int
    restored: int
    written: int
    undrafted: int
    dry_run: bool


def reorder(
    config: Config,
    client: QueueStudio,
    pulling: ShowProgress,
    writing: ShowProgress,
    *,
    dry_run: bool = False,
) -> tuple[Measured, QueueReport]:
    """Bring waiting tasks of missing cells forward, and others back.

    Args:
        pulling: called with tasks fetched and tasks to fetch.
        writing: called with scores written and scores to write.
        dry_run: pull and plan; write nothing to Label Studio.

    Raises:
        SyncError: nothing is wanted, or the data folder can't be used.
        LabelStudioError: Label Studio can't be used; run again to go on.
    """
    if not config.targets.wants and not read_raised(data_folder(config)):
        raise SyncError(
            "--queue needs to know what is wanted: set targets.total and targets.dimensions in "
            "labeltune.toml"
        )
    return order_again(config, client, pulling, writing, dry_run=dry_run)


def order_again(
    config: Config,
    client: QueueStudio,
    pulling: ShowProgress,
    writing: ShowProgress,
    *,
    dry_run: bool = False,
) -> tuple[Measured, QueueReport]:
    """As `reorder`, whether anything is wanted or not: what comes first by its mark comes first."""
    folder = data_folder(config)
    with folder.only_one(QUEUE):
        queue = pulled_queue(config, client, pulling)
        queue.read(open_snapshot(config).rows())
        measured = measure(config)
        plan = plan_missing(queue, measured, read_scores(folder))
        written = len(plan.changes)
        if not dry_run:
            written = send(client, queue.project_id, folder, plan, writing).scores
    undrafted = needing_kinds(queue.undrafted, measured)
    return measured, QueueReport(plan.reasons["need"], plan.restored, written, undrafted, dry_run)


def pulled_queue(config: Config, client: QueueStudio, pulling: ShowProgress) -> ProjectQueue:
    """Pull, and find out which drafts Label Studio orders tasks by; no row is read yet.

    Raises:
        SyncError: the project is not there.
        LabelStudioError: Label Studio can't be used.
    """
    pull(config, client, pulling)
    title = config.label_studio.project
    project = client.find_project(title, ("id", "title", "model_version"))
    if project is None:
        raise SyncError(f"Label Studio has no project {title!r} any more; `labeltune push` it")
    return ProjectQueue(
        project_id=int(project["id"]),
        model_version=str(project["model_version"] or ""),
        overlap=config.label_studio.overlap,
    )


def plan_missing(
    queue: ProjectQueue, measured: Measured, known: dict[int, StoredScore]
) -> QueuePlan:
    """Lower as many drafts of a missing cell as it lacks, the least certain ones of it.

    What else a draft's place depends on is as it was when `labeltune rank` last looked.
    """
    marked = [draft.task_id for draft in queue.drafts if draft.held.get(QUEUE_AUDIT) is True]
    judged = DraftViews(
        own=[own_score(draft, known) for draft in queue.drafts],
        acceptance=[likely(draft, known) for draft in queue.drafts],
        audits=choose_audits(queue.project_id, marked, 1.0),
    )
    placed = place_drafts(queue, measured, judged, lambda order: _remembered(queue, known))
    return plan_queue(placed, queue.scores, known)


def _remembered(queue: ProjectQueue, known: dict[int, StoredScore]) -> Integers:
    """Which drafts repeat others, as far as that is on record."""
    places = {draft.task_id: place for place, draft in enumerate(queue.drafts)}
    found = np.full(len(queue.drafts), NONE, dtype=np.int64)
    for place, draft in enumerate(queue.drafts):
        before = known.get(draft.prediction_id)
        if before is not None and before.repeats is not None and before.is_ours(draft.score):
            # what it repeated is done by now, or another draft came
            found[place] = places.get(before.repeats, DONE)
    # one that repeats nothing any more may itself have been repeated; a chain has one first
    for place in np.flatnonzero(found >= 0).tolist():
        if found[found[place]] != NONE:
            found[place] = DONE
    return found
