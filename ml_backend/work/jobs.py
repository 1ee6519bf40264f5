"""The background work as jobs on queues: sweep projects, draft tasks, deliver drafts."""

import logging
import time
from typing import Any

from huey import crontab
from huey.api import Huey, Task
from huey.signals import SIGNAL_INTERRUPTED

from connectors.errors import ConnectorError, LabelStudioError
from drafting.project_settings import SettingsError
from label_configs import LabelConfigError
from ml_backend.drafts.paid_sampler import reached_budget
from ml_backend.store.doubtful_drafts import DoubtfulDrafts
from ml_backend.store.draft_jobs import AGAIN, DraftJob
from ml_backend.store.figures import BufferedFigures, Figures, LastError
from ml_backend.store.ledger import Ledger
from ml_backend.store.marks import ALIVE_S, Marks
from ml_backend.store.projects import Projects
from ml_backend.store.queues import beside
from ml_backend.work.delivering import Delivery, Outbox
from ml_backend.work.job_dependencies import JobDependencies
from ml_backend.work.learning import LearningJobs
from ml_backend.work.refining import next_refinements, room_beside_first_drafts
from ml_backend.work.running import DraftRunner
from ml_backend.work.sweeping import get_to_know, undrafted

log = logging.getLogger(__name__)

# an annotator who waits comes before the background, and every first draft before further samples
REFINING, BACKGROUND, ASKED = -50, 0, 50
# how long /predict may take to pick up a draft that it waits for, before we push it ourselves
PICK_UP_S = 3
# a project is looked through this often even while the queue holds work
SWEEP_EVERY_S = 600.0
PRUNE_EVERY_S = 600.0


class Jobs:
    """The jobs on one store. `Jobs(huey)` can enqueue; `Jobs(huey, work)` can also run them.

    Attributes:
        drafts: the queue of drafts, run by as many threads as tasks are drafted at a time.
        chores: the queue of all that is short, so that it never waits behind a slow model.
    """

    def __init__(
        self, huey: Huey, work: JobDependencies | None = None, worker_id: str | None = None
    ) -> None:
        """Open the queues.

        Args:
            huey: of `open_queue`; the others are beside it.
            worker_id: tells the claims of this worker from those of others.
        """
        self.drafts = huey
        self.chores = chores = beside(huey, "labeltune-chores")
        self.marks = Marks(huey, worker_id)
        self.ledger = Ledger(huey, self.marks)
        self.projects = Projects(huey, self.marks)
        self.figures = BufferedFigures(huey) if worker_id else Figures(huey)
        self.doubtful = DoubtfulDrafts(huey)
        self.outbox = Outbox(huey)
        self._work = work
        self.learning = LearningJobs(huey, chores, self.projects)
        chores.periodic_task(crontab(minute="*"), name="every_minute")(self._run_every_minute)
        self._sweep_all = chores.task(name="sweep_all")(self._run_sweep_all)
        self._sweep = chores.task(name="sweep")(self._run_sweep)
        self._deliver = chores.task(name="deliver")(self._run_deliver)
        self._hand_over = chores.task(name="hand_over")(self._run_hand_over)
        self._refine = chores.task(name="refine")(self._run_refine)
        self._draft = huey.task(name="draft")(self._run_draft)
        huey.signal(SIGNAL_INTERRUPTED)(self._requeue)

    # enqueueing

    def sweep_all(self, delay_s: float = 0) -> None:
        """Look through every project of ours for tasks without a draft."""
        self._sweep_all.schedule(delay=delay_s)

    def sweep(self, project_id: int) -> None:
        """Look through one project soon; a burst of calls makes one sweep."""
        if self.projects.announce("sweep", project_id):
            self._sweep.schedule(args=(project_id,), delay=1)

    def draft(self, job: DraftJob, *, asked: bool = False) -> bool:
        """Enqueue a draft unless it is under way; returns whether it was enqueued.

        Args:
            asked: an annotator waits, so it goes to the front, past its own background job.
        """
        number = self.ledger.claim_queued(job.key)
        if asked:
            self._draft(job.to_json(), None, priority=ASKED)
        elif number is not None:
            self._draft(job.to_json(), number, priority=BACKGROUND)
        return asked or number is not None

    def deliver(self, key: str) -> None:
        """Bring a finished draft to Label Studio soon, together with what else is ready."""
        self.outbox.add(key)
        if self.projects.announce("delivery", 0):
            self._deliver()

    def refine(self) -> None:
        """Draw further samples soon, where there is no first draft to be made."""
        if not self.drafts.pending_count() and self.projects.announce("refine", 0):
            self._refine()

    def recover(self) -> None:
        """Take up what earlier workers left: drafts to deliver, tasks to look for.

        What a worker had under way when it was killed is free again once it counts as dead.
        """
        self.projects.go_on()
        for what, job in (("delivery", self._deliver), ("refine", self._refine)):
            self.projects.started(what, 0)
            job()
        self.sweep_all()
        self.sweep_all(delay_s=ALIVE_S + 2)

    # running

    @property
    def work(self) -> JobDependencies:
        """What the jobs work with.

        Raises:
            RuntimeError: this process only enqueues.
        """
        if self._work is None:
            raise RuntimeError("these jobs were made without work to run them")
        return self._work

    @work.setter
    def work(self, work: JobDependencies) -> None:
        self._work = work

    def _run_every_minute(self) -> None:
        """Sweep all projects for what a webhook missed; while jobs wait, only now and then."""
        if self.projects.is_due("prune", PRUNE_EVERY_S):
            self.marks.prune()
        if self.projects.is_due("sweep", SWEEP_EVERY_S) or not self.drafts.pending_count():
            self._run_sweep_all()
        self.learning.look_at_all()

    def _run_sweep_all(self) -> None:
        try:
            work = self.work
            found = [int(project["id"]) for project in work.label_studio.projects()]
            get_to_know(work.label_studio, self.projects, found, work.own_url)
            for project_id in found:
                self._run_sweep(project_id)
        except LabelStudioError as error:
            log.warning("sweep put off: %s", error)
            self.figures.error(LastError.caused_by(error, 0))

    def _run_sweep(self, project_id: int) -> None:
        self.projects.started("sweep", project_id)
        started = time.monotonic()
        try:
            found = self._enqueue_undrafted(project_id)
        except (ConnectorError, LabelConfigError, SettingsError) as error:
            log.warning("project %s: sweep put off: %s", project_id, error)
            self.figures.error(LastError.caused_by(error, project_id))
            return
        if found:
            what = "1 task" if found == 1 else f"{found} tasks"
            log.info(
                "project %s: %s to draft, found in %.2f s",
                project_id, what, time.monotonic() - started,
            )  # fmt: skip
        self.refine()

    def _enqueue_undrafted(self, project_id: int) -> int:
        work, found = self.work, 0
        ready = self.ledger.ready(project_id)
        for key in {key for key in ready if key.endswith(AGAIN)}:
            ready.discard(key)
            self.deliver(key)
        for job in undrafted(
            work.label_studio, self.ledger, self.projects, project_id, work.own_url
        ):
            if job.key in ready:
                ready.discard(job.key)
                self.deliver(job.key)
            elif self.at_rest(project_id) is None:
                found += self.draft(job)
            elif not ready:
                break
        return found

    def at_rest(self, project_id: int) -> str | None:
        """Why nothing of a project is drafted at present; None while it is."""
        settings = self.projects.settings(project_id)
        spent = settings and reached_budget(self.figures, project_id, settings.llm)
        return spent or self.projects.stopped(project_id)

    def _run_draft(self, raw: dict[str, Any], number: int | None) -> None:
        work = self.work
        runner = DraftRunner(
            work.label_studio, work.draft, self.ledger, self.projects, self.figures, self.doubtful
        )
        key = runner.run(raw, number)
        if key is None and raw.get("again"):
            self.refine()
        if key is None or raw["rewrite"] is not None:
            return
        if self.ledger.is_wanted(key):
            self._hand_over.schedule(args=(key,), delay=PICK_UP_S)
        else:
            self.deliver(key)

    def _run_hand_over(self, key: str) -> None:
        """Deliver a draft that the caller who waited for it did not take."""
        if self.ledger.is_ready(key):
            self.deliver(key)

    def _run_deliver(self) -> None:
        self.projects.started("delivery", 0)
        Delivery(
            self.work.label_studio, self.ledger, self.outbox, self.figures, self.doubtful
        ).run()
        self.refine()

    def _run_refine(self) -> None:
        self.projects.started("refine", 0)
        if self.drafts.pending_count():
            return
        room = room_beside_first_drafts(self.marks.workers())
        parts = self.work.label_studio, self.ledger, self.doubtful, self.projects
        try:
            for job in next_refinements(*parts, room, self.at_rest):
                if self.ledger.is_ready(job.key):  # it could not be delivered
                    self.deliver(job.key)
                else:
                    self._draft(job.to_json(), None, priority=REFINING)
        except LabelStudioError as error:
            log.warning("further samples put off: %s", error)

    def _requeue(self, _signal: str, task: Task) -> None:
        """Put a job back that this worker did not finish before it stops."""
        raw, number = task.args
        # who waits for a rewrite won't be there by then; a second pass is found again
        if raw["rewrite"] is not None or raw.get("again"):
            self.ledger.release(raw["key"])
            return
        self.ledger.hand_back(raw["key"])
        self._draft(raw, number, priority=BACKGROUND)
