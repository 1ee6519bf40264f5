"""The background work as jobs on a queue: sweep projects, draft tasks, deliver drafts."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from huey import SqliteHuey, crontab
from huey.api import Huey

from connectors.errors import ConnectorError, LabelStudioError
from label_configs import LabelConfigError
from ml_backend.ledger import Ledger
from ml_backend.settings import SettingsError
from ml_backend.sweeping import LabelStudioTasks, undrafted
from ml_backend.tasks import DraftJob, FinishedDraft

log = logging.getLogger(__name__)

# an annotator who waits comes before the background; deliveries and sweeps are short
BACKGROUND, ASKED, SHORT = 0, 50, 100
# how long /predict may take to pick up a draft that it waits for, before we push it ourselves
PICK_UP_S = 3


class LabelStudioCalls(LabelStudioTasks, Protocol):
    """What the jobs need of Label Studio; `connectors.label_studio.LabelStudio` is one."""

    def projects(self) -> list[dict[str, Any]]: ...
    def update_task(self, task_id: int, data: dict[str, Any]) -> None: ...
    def create_prediction(self, fields: dict[str, Any]) -> dict[str, Any]: ...


Drafting = Callable[[DraftJob], tuple[FinishedDraft, dict[str, Any]]]


@dataclass(frozen=True)
class Work:
    """What the jobs work with; only the worker needs it, the web process only enqueues.

    Attributes:
        draft: a job as a finished draft, and the task data to write before it is shown.
        own_url: only projects whose backend has this URL are swept; None for all of ours.
    """

    label_studio: LabelStudioCalls
    draft: Drafting
    own_url: str | None = None


def open_queue(path: Path) -> Huey:
    """The job queue in an SQLite file, made when missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("labeltune", filename=str(path), results=False)


class Jobs:
    """The jobs on one queue. `Jobs(huey)` can enqueue; `Jobs(huey, work)` can also run them."""

    def __init__(self, huey: Huey, work: Work | None = None) -> None:
        self.huey = huey
        self.ledger = Ledger(huey)
        self._work = work
        self._sweep_all = huey.periodic_task(crontab(minute="*"), name="sweep_all", priority=SHORT)(
            self._run_sweep_all
        )
        self._sweep = huey.task(name="sweep", priority=SHORT)(self._run_sweep)
        self._draft = huey.task(name="draft")(self._run_draft)
        self._deliver = huey.task(name="deliver", priority=SHORT)(self._run_deliver)

    # enqueueing

    def sweep_all(self) -> None:
        """Look through every project of ours for tasks without a draft."""
        self._sweep_all()

    def sweep(self, project_id: int) -> None:
        """Look through one project soon; a burst of calls makes one sweep."""
        if self.ledger.announce_sweep(project_id):
            self._sweep.schedule(args=(project_id,), delay=1)

    def draft(self, job: DraftJob, *, asked: bool = False) -> bool:
        """Enqueue a draft unless it is under way; returns whether it was enqueued.

        Args:
            asked: an annotator waits, so it goes to the front, past its own background job.
        """
        if not self.ledger.claim_queued(job.key) and not asked:
            return False
        self._draft(job.to_json(), priority=ASKED if asked else BACKGROUND)
        return True

    # running

    @property
    def work(self) -> Work:
        """What the jobs work with.

        Raises:
            RuntimeError: this process only enqueues.
        """
        if self._work is None:
            raise RuntimeError("these jobs were made without work to run them")
        return self._work

    def _run_sweep_all(self) -> None:
        try:
            for project in self.work.label_studio.projects():
                self._run_sweep(int(project["id"]))
        except LabelStudioError as error:
            log.warning("sweep put off: %s", error)

    def _run_sweep(self, project_id: int) -> None:
        self.ledger.sweep_started(project_id)
        started = time.monotonic()
        try:
            found = sum(
                self.draft(job)
                for job in undrafted(
                    self.work.label_studio, self.ledger, project_id, self.work.own_url
                )
            )
        except (ConnectorError, LabelConfigError, SettingsError) as error:
            log.warning("project %s: sweep put off: %s", project_id, error)
            return
        if found:
            log.info(
                "project %s: %s tasks to draft, found in %.2f s",
                project_id, found, time.monotonic() - started,
            )  # fmt: skip

    def _run_draft(self, raw: dict[str, Any]) -> None:
        job = DraftJob.from_json(raw)
        key = job.key
        if self.ledger.is_outdated(job.project_id, job.model_version):
            self.ledger.release(key)
            return
        if not self.ledger.claim_running(key, job.seen_at):
            return
        started = time.monotonic()
        try:
            draft, patch = self.work.draft(job)
            if patch:
                self.work.label_studio.update_task(job.task_id, {**job.data, **patch})
            self.ledger.put(key, draft)
        except ConnectorError as error:
            log.warning("task %s: not drafted, the next sweep tries again: %s", job.task_id, error)
        except (LabelConfigError, ValueError) as error:
            log.warning("task %s: left undrafted for an hour: %s", job.task_id, error)
            self.ledger.mark_failed(key)
        except Exception as error:  # noqa: BLE001 - the next sweep would meet it again
            # never its text, which may hold the task's
            kind = type(error).__name__
            log.warning("task %s: left undrafted for an hour: unexpected %s", job.task_id, kind)
            self.ledger.mark_failed(key)
        else:
            log.info(
                "task %s: drafted in %.1f s, score %.3f, %s",
                job.task_id, time.monotonic() - started, draft.score, draft.model_version,
            )  # fmt: skip
            if self.ledger.is_wanted(key):
                self._deliver.schedule(args=(key,), delay=PICK_UP_S)
            else:
                self._run_deliver(key)
        finally:
            self.ledger.release(key)

    def _run_deliver(self, key: str) -> None:
        """Push a finished draft to Label Studio, unless /predict has handed it out."""
        draft = self.ledger.take(key)
        if draft is None:
            return
        client = self.work.label_studio
        try:
            client.create_prediction(
                {"task": draft.task_id, "project": draft.project_id, **draft.prediction()}
            )
        except LabelStudioError as error:
            log.warning("task %s: draft not delivered: %s", draft.task_id, error)
            if error.status in (400, 404):
                self.ledger.mark_failed(key)  # it would be refused again
            return
        try:
            for prediction_id in draft.stale:
                client.delete_prediction(prediction_id)
        except LabelStudioError as error:
            log.warning("task %s: an old draft stays for now: %s", draft.task_id, error)
