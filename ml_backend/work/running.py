"""One draft job as the worker runs it: claimed, drafted, stored, or left with a reason."""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from connectors.errors import (
    ConnectorError,
    ContextTooLong,
    LLMError,
    LLMUnavailable,
    PicturesRefused,
)
from connectors.pictures import PictureError
from drafting.acceptance.prior import NoSignalError
from label_configs import LabelConfigError
from ml_backend.drafts.paid_sampler import BudgetReachedError
from ml_backend.store.doubtful_drafts import DoubtfulDraft, DoubtfulDrafts
from ml_backend.store.draft_jobs import DraftJob, FinishedDraft
from ml_backend.store.figures import Figures, LastError
from ml_backend.store.ledger import Ledger
from ml_backend.store.projects import Projects

log = logging.getLogger(__name__)

# a server that refuses a key or a model will do so for the next task, too; likewise a budget
STOP_S = 60.0

Drafting = Callable[[DraftJob], tuple[FinishedDraft, dict[str, Any]]]


class TaskWriter(Protocol):
    """Writes task data in Label Studio."""

    def update_task(self, task_id: int, data: dict[str, Any]) -> None: ...


class DraftRunner:
    """Runs draft jobs; every failure is counted and has a reason, none leaves a job hanging."""

    def __init__(
        self,
        client: TaskWriter,
        draft: Drafting,
        ledger: Ledger,
        projects: Projects,
        figures: Figures,
        doubtful: DoubtfulDrafts,
    ) -> None:
        self._client = client
        self._draft = draft
        self._ledger = ledger
        self._projects = projects
        self._figures = figures
        self._doubtful = doubtful

    def run(self, raw: Mapping[str, Any], number: int | None) -> str | None:
        """Draft one task.

        Args:
            raw: of `DraftJob.to_json`.
            number: of the job in the queue; None for one that was put to the front.

        Returns:
            The key of a finished draft, or None where none was made.
        """
        settings = self._projects.settings(raw["project_id"])
        version = raw["model_version"]
        if settings is None or self._projects.is_outdated(raw["project_id"], version):
            self._ledger.release(raw["key"])  # the project has moved on
            return None
        job = DraftJob.from_json(raw, settings)
        if not self._ledger.claim_running(job.key, job.seen_at, number):
            return None
        try:
            return job.key if self._run(job) else None
        finally:
            if job.again:  # claimed until it is delivered, or for a while if it was put off
                self._ledger.hand_back(job.key)
            else:
                self._ledger.release(job.key)

    def _run(self, job: DraftJob) -> bool:
        if self._projects.stopped(job.project_id) and job.rewrite is None:
            return False
        annotated = self._ledger.is_annotated_since(job.task_id, job.seen_at)
        if annotated and job.rewrite is None:
            self._doubtful.done(job.first_key)
            return False
        started = time.monotonic()
        try:
            draft, patch = self._draft(job)
            if patch:
                self._client.update_task(job.task_id, {**job.data, **patch})
            if draft.doubtful:  # before anybody can deliver it
                self._doubtful.add(
                    DoubtfulDraft(job.first_key, job.project_id, job.task_id, draft.score)
                )
            self._ledger.put(job.key, draft)
        except BudgetReachedError as error:
            self._stop(job, str(error))
        except LLMUnavailable as error:
            self._put_off(job, error)
            if error.retry_after_s is not None:
                self._projects.stop(job.project_id, str(error), error.retry_after_s)
        except (ContextTooLong, PicturesRefused, PictureError) as error:
            self._fail(job, str(error))
        except LLMError as error:
            self._figures.add("put_off", job.project_id)
            self._stop(job, str(error))
        except ConnectorError as error:
            self._put_off(job, error)
        except (LabelConfigError, NoSignalError) as error:
            self._fail(job, str(error))
        except Exception as error:  # noqa: BLE001 - the next sweep would meet it again
            # never its text, which may hold the task's
            self._fail(job, f"unexpected {type(error).__name__}")
        else:
            self._figures.add("refined" if job.again else "drafted", job.project_id)
            log.info(
                "task %s: %s in %.1f s, score %.3f, %s",
                job.task_id, "refined" if job.again else "drafted",
                time.monotonic() - started, draft.score, draft.model_version,
            )  # fmt: skip
            return True
        return False

    def _put_off(self, job: DraftJob, error: Exception) -> None:
        what = (
            "not refined, to be tried again"
            if job.again
            else "not drafted, the next sweep tries again"
        )
        log.warning("task %s: %s: %s", job.task_id, what, error)
        self._figures.add("put_off", job.project_id)
        self._figures.error(LastError.caused_by(error, job.project_id, job.task_id))

    def _fail(self, job: DraftJob, reason: str) -> None:
        if job.again:
            log.warning("task %s: keeps its draft of the first pass: %s", job.task_id, reason)
            self._doubtful.done(job.first_key)
            return
        log.warning("task %s: left undrafted for an hour: %s", job.task_id, reason)
        self._figures.add("failed", job.project_id)
        self._figures.error(LastError(job.project_id, job.task_id, reason))
        self._ledger.mark_failed(job.key, job.project_id, job.task_id, reason)

    def _stop(self, job: DraftJob, reason: str) -> None:
        if self._projects.stopped(job.project_id) != reason:
            log.warning("project %s: drafting stopped: %s", job.project_id, reason)
            self._figures.error(LastError(job.project_id, None, reason))
        self._projects.stop(job.project_id, reason, STOP_S)
