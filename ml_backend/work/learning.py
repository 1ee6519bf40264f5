"""Learning from what experts did with a project's drafts, beside the drafting.

Webhooks and the clock ask for it; Label Studio says whether there is enough new work.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from huey.api import Huey

from connectors.errors import ConnectorError
from drafting.acceptance.acceptance import Acceptance
from drafting.acceptance.fit_apart import LONGEST_S, FitError, fit_apart
from drafting.acceptance.judged_draft import JudgedDraft
from drafting.project_settings import ProjectSettings
from label_configs import LabelConfigError
from ml_backend.drafts.finished_tasks import FinishedListing
from ml_backend.drafts.judged_work import JudgedWork
from ml_backend.drafts.live_review_verdicts import REVIEW
from ml_backend.store.acceptances import Acceptances, LearntAcceptance
from ml_backend.store.figures import Figures, LastError
from ml_backend.store.marks import Marks
from ml_backend.store.projects import Projects

log = logging.getLogger(__name__)

# a project's finished work is looked at so often at most; each look costs a request
LOOK_EVERY_S = 300.0
# learnt again once so many more tasks are finished, or a twentieth of those that were
LEAST_NEW = 10
_NEW_SHARE = 0.05
# reading the newest 3,000 tasks for the first time, and learning from them
_LONGEST_S = 600.0 + LONGEST_S

Fitting = Callable[[Sequence[JudgedDraft]], Acceptance]


class Learning:
    """Learns each project's acceptance; of several workers one does so at a time."""

    def __init__(
        self,
        client: FinishedListing,
        projects: Projects,
        acceptances: Acceptances,
        figures: Figures,
        marks: Marks,
        fit: Fitting = fit_apart,
    ) -> None:
        """Nothing is read yet."""
        self._client = client
        self._projects = projects
        self._acceptances = acceptances
        self._figures = figures
        self._marks = marks
        self._fit = fit
        self._work: dict[int, tuple[ProjectSettings, JudgedWork]] = {}
        self._one_at_a_time = threading.Lock()

    def __call__(self, project_id: int, now: bool = False) -> None:
        """Learn from a project's work, where there is enough new.

        While this worker learns from another project's work, nothing is done: the queue of what is
        short must not wait for it.

        Args:
            now: somebody wants it, however little is new.
        """
        settings = self._projects.settings(project_id)
        if settings is None or settings.interface == REVIEW:  # reviews have no drafts
            return
        if not self._one_at_a_time.acquire(blocking=False):
            return
        try:
            if self._marks.claim(f"look:{project_id}", LOOK_EVERY_S) or now:
                self._look(project_id, settings, now)
        finally:
            self._one_at_a_time.release()

    def _look(self, project_id: int, settings: ProjectSettings, now: bool) -> None:
        name = f"learning:{project_id}"
        if not self._marks.claim(name, _LONGEST_S, own=True):  # another worker does
            return
        try:
            self._learn(project_id, settings, now)
        except (ConnectorError, FitError, LabelConfigError) as error:
            log.warning("project %s: learning put off: %s", project_id, error)
            self._figures.error(LastError.caused_by(error, project_id))
        finally:
            self._marks.delete(name)

    def _learn(self, project_id: int, settings: ProjectSettings, now: bool) -> None:
        work = self._of(project_id, settings)
        finished, before = work.finished(), self._acceptances.learnt(project_id)
        if not now and not _is_enough(finished, 0 if before is None else before.finished):
            return
        started = time.monotonic()
        acceptance = self._fit(work.judged())
        self._acceptances.put(project_id, LearntAcceptance(acceptance, finished))
        log.info(
            "project %s: learnt from %s drafts in %.1f s, %s is used",
            project_id, acceptance.judged, time.monotonic() - started,
            "the calibrator" if acceptance.calibrator else "the prior",
        )  # fmt: skip

    def _of(self, project_id: int, settings: ProjectSettings) -> JudgedWork:
        """What was read of a project; from the beginning where its settings are others now."""
        held, work = self._work.get(project_id, (None, None))
        if work is None or held != settings:
            interface = settings.load_interface()
            order, known = settings.annotation, self._projects.known
            work = JudgedWork(self._client, project_id, interface, order, known)
            self._work[project_id] = settings, work
        return work


def _is_enough(finished: int, before: int) -> bool:
    """Whether there is something to learn; finished work may also be deleted."""
    return abs(finished - before) >= max(LEAST_NEW, before * _NEW_SHARE)


# a project by its id, and whether somebody wants it now, however little is new
Learn = Callable[[int, bool], None]


class LearningJobs:
    """Asks for learning in any process, and has a worker do it beside its drafts.

    Attributes:
        acceptances: what was learnt last.
        learn: what a worker does; None in a process that only asks.
    """

    def __init__(self, huey: Huey, chores: Huey, projects: Projects) -> None:
        """Open the jobs.

        Args:
            huey: in whose store is kept what was learnt.
            chores: the queue of what is short.
        """
        self.acceptances = Acceptances(huey)
        self.learn: Learn | None = None
        self._projects = projects
        self._job = chores.task(name="learn")(self._run)

    def ask(self, project_id: int, *, now: bool = False) -> None:
        """Have a project's finished work looked at soon; a burst of calls makes one look.

        Args:
            now: learn from it, however little is new.
        """
        if self._projects.announce("learn", project_id) or now:
            self._job.schedule(args=(project_id, now), delay=1)

    def look_at_all(self) -> None:
        """Look at every project now, since a webhook may be missed."""
        for project_id in self._projects.ids() if self.learn is not None else ():
            self._run(project_id, False)

    def _run(self, project_id: int, now: bool) -> None:
        self._projects.started("learn", project_id)
        if self.learn is not None:
            self.learn(project_id, now)
