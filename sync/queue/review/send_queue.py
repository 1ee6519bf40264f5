"""Bring one tier's queue in Label Studio to what was planned, each review exactly once.

What the queue holds is pulled first; an import that a killed run has left under way is waited for.
Then come new reviews, changed ones, those that are of the past, and last the bars: a review that
its author has skipped is never given to them by "Label All Tasks".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.progress import Progress

from connectors.label_studio import LabelStudio
from label_configs.queue_fields import kept_of_queue
from sync.common.chunks import chunked
from sync.common.source_task import ID_FIELD, SourceTask
from sync.intake.push.current_project import CurrentProject
from sync.intake.push.exactly_once import Importer
from sync.intake.push.plan import Fate, PushPlan, send
from sync.intake.push.project import prepare_project
from sync.intake.push.project_tasks import ProjectTasks
from sync.intake.push.updates import CHUNK, Updater
from sync.queue.review.bars import missing_bars, reopen, set_bars
from sync.queue.review.held_reviews import (
    HeldReviews,
    QueueChanges,
    changes_of,
    read_held_reviews,
)
from sync.settings import Config
from sync.table.snapshot import stream_rows

_NOW = ("id", "data", "total_annotations", "draft_exists")


@dataclass(frozen=True)
class TierReport:
    """What was done to a queue, or would be.

    Attributes:
        title: of its project; `url` where that is, None while it is not there.
        planned: reviews that should stand in it, done ones aside; `new`: that were sent.
        changed: reviews that show something else now, or that others may decide.
        removed: of answers that are there no more, and doubles.
        barred: reviews that their author will not be given.
        waiting: reviews that nobody has decided, after this run.
        ignored: decisions without effect, since whoever made them may not decide there.
    """

    tier: str
    title: str
    url: str | None = None
    planned: int = 0
    new: int = 0
    changed: int = 0
    removed: int = 0
    barred: int = 0
    waiting: int = 0
    ignored: int = 0


class ReviewQueue:
    """The queue of one tier; used within `only_one` of its data folder."""

    def __init__(self, config: Config, tier: str, progress: Progress, client: LabelStudio) -> None:
        """Nothing is asked yet.

        Args:
            config: the queue's own, see `sync.records.review_queues.queue_configs`.
        """
        self._config = config
        self._tier = tier
        self._interface = config.load_interface()
        self._progress = progress
        self._current = CurrentProject(
            config, self._interface, config.guidelines_text(), progress, client
        )

    def bring(
        self,
        wanted: Sequence[SourceTask],
        still_open: Mapping[str, tuple[str, int]],
        *,
        dry_run: bool = False,
    ) -> TierReport:
        """Send what is new or changed, and take away what is of the past.

        Args:
            wanted: its tasks in their order.
            still_open: see `sync.queue.review.plan.ReviewPlan.open`.
            dry_run: pull and compare; change nothing in Label Studio.

        Raises:
            LabelConfigError: a task that the page can't show.
            LabelStudioError: Label Studio can't be used; run again to go on.
            SyncError: another run is at this queue, or the data folder can't be used.
        """
        current = self._current
        with current.folder.only_one("push"):
            if not dry_run:
                current.settle()
            held = self._held(look=True)
            changes = changes_of(wanted, held, current.fields, still_open)
            report = self._report(len(wanted), held, changes)
            if dry_run or (current.found.project is None and not changes.new):
                return report
            return self._carry_out(changes, report)

    def _held(self, *, look: bool) -> HeldReviews:
        """What the queue holds, as it is pulled; nothing where there is no queue yet.

        Args:
            look: as it was pulled before this run's changes; else it is pulled again.
        """
        current = self._current
        if current.found.project is None:
            return HeldReviews()
        if look:
            _ = current.held
        else:
            current.look()
        rows = stream_rows(current.folder.table(), int(current.found.project["id"]))
        return read_held_reviews(rows, current.fields)

    def _carry_out(self, changes: QueueChanges, report: TierReport) -> TierReport:
        current, interface = self._current, self._interface
        for task in changes.new:
            interface.check_task(task.data, task.where)
        prepared = prepare_project(
            self._config, current.client, interface, current.guidelines, current.found
        )
        if current.found.project is None:
            del current.found  # it is there now
        self._create(prepared.id, changes.new)
        changed = self._update(prepared.id, changes)
        removed = self._remove(prepared.id, changes)
        held = self._held(look=False)
        reopen(current.client, prepared.id, held)
        barred = set_bars(current.client, missing_bars(held), self._progress)
        return replace(
            report,
            url=current.client.project_url(prepared.id),
            changed=changed,
            removed=removed,
            barred=barred,
            waiting=held.waiting,
        )

    def _create(self, project_id: int, new: Sequence[SourceTask]) -> None:
        current, interface = self._current, self._interface
        plan = PushPlan()
        for _ in new:
            plan.append(Fate.CREATED)

        def complete(task: SourceTask) -> dict[str, Any]:
            return interface.complete_task({**task.data, ID_FIELD: task.id}, current.guidelines)

        importer = Importer(current.client, project_id, current.journal, current.look)
        updater = Updater(current.client, project_id, interface, current.guidelines)
        bar = self._progress.add_task(f"sending to {self._tier}", total=len(new))
        send(
            new, plan, ProjectTasks(), importer, updater, complete,
            lambda done: self._progress.advance(bar, done),
        )  # fmt: skip

    def _update(self, project_id: int, changes: QueueChanges) -> int:
        """Change reviews as they are now; one that somebody has begun shows what it showed."""
        current = self._current
        updated = 0
        bar = self._progress.add_task("changing reviews", total=len(changes.changed))
        for chunk in chunked(changes.changed, CHUNK):
            for task in current.client.tasks_by_id(project_id, chunk, _NOW):
                task_id = int(task["id"])
                is_begun = bool(task["total_annotations"] or task["draft_exists"])
                if is_begun and task_id not in changes.replaced:
                    continue
                source = changes.changed[task_id]
                data = self._interface.complete_task(
                    {**source.data, ID_FIELD: source.id}, current.guidelines
                )
                current.client.update_task(task_id, {**kept_of_queue(task["data"]), **data})
                updated += 1
            self._progress.advance(bar, len(chunk))
        return updated

    def _remove(self, project_id: int, changes: QueueChanges) -> int:
        delete = self._current.client.delete_untouched_tasks
        gone = [*changes.past, *changes.doubles]
        return sum(delete(project_id, chunk, skipped=True) for chunk in chunked(gone, CHUNK))

    def _report(self, planned: int, held: HeldReviews, changes: QueueChanges) -> TierReport:
        project = self._current.found.project
        url = None
        if project is not None:
            url = self._current.client.project_url(int(project["id"]))
        past = set(changes.past)
        return TierReport(
            tier=self._tier,
            title=self._config.label_studio.project,
            url=url,
            planned=planned,
            new=len(changes.new),
            changed=len(changes.changed),
            removed=len(past) + len(changes.doubles),
            waiting=held.waiting + len(changes.new) - len(past),
            ignored=held.ignored,
        )


def total(reports: Iterable[TierReport], what: str) -> int:
    """The sum of one count over all queues."""
    return sum(int(getattr(report, what)) for report in reports)
