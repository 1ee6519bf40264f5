"""/predict: hand out what is ready, ask for the rest, answer in time with a slot for every task."""

import time
from collections.abc import Iterator
from typing import Any

from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from drafting.rewrite_request import read_context
from label_configs import LabelConfigError
from ml_backend.service.wire import PredictRequest
from ml_backend.store.draft_jobs import DraftJob, FinishedDraft
from ml_backend.work.jobs import Jobs

POLL_S = 0.1


def predict(
    jobs: Jobs, body: PredictRequest, project: ProjectSettings, deadline_s: float
) -> list[Any]:
    """One slot a task, in order: a prediction, or `[]` where no draft came in time.

    Drafts that come later are pushed by the worker. A task that can't be drafted at all, for
    lack of a conversation, gets `[]` at once; so does the rest where nothing is drafted at
    present, because no worker runs or the budget is spent. A call from the page with an
    instruction asks for the answer in the editor, changed; one without asks for nothing.

    Args:
        deadline_s: seconds from now; Label Studio itself waits 100.
    """
    until = time.monotonic() + deadline_s
    slots: list[Any] = [[] for _ in body.tasks]
    waiting: dict[str, list[int]] = {}
    handed_out: dict[str, FinishedDraft] = {}
    for place, job in _jobs(body, project):
        ready = handed_out.get(job.key) or jobs.ledger.take(job.key)
        if ready is not None:
            handed_out[job.key] = ready
            slots[place] = ready.prediction()
            continue
        if jobs.ledger.has_failed(job.key):
            continue
        places = waiting.setdefault(job.key, [])
        places.append(place)
        if len(places) == 1:
            jobs.ledger.want([job.key], deadline_s)
            jobs.draft(job, asked=True)
    if waiting and jobs.at_rest(body.project_id) is None and jobs.marks.workers():
        _wait(jobs, waiting, slots, until)
    jobs.ledger.unwant(waiting)
    return slots


def _jobs(body: PredictRequest, project: ProjectSettings) -> Iterator[tuple[int, DraftJob]]:
    """The tasks that can be drafted, with their places."""
    interface, version = project.load_interface(), model_version(project)
    rewrite = read_context(interface, body.context)
    if body.context is not None and rewrite is None:
        return
    for place, task in enumerate(body.tasks):
        try:
            interface.check_task(task.data)
        except LabelConfigError:
            continue
        job = DraftJob(body.project_id, task.id, task.data, project, version, rewrite=rewrite)
        yield place, job


def _wait(jobs: Jobs, waiting: dict[str, list[int]], slots: list[Any], until: float) -> None:
    """Fill the slots as drafts are finished, and leave in `waiting` what is not finished in time.

    A draft that is neither finished nor under way is waited for no longer: it was put off, has
    failed, or another call has handed it out.
    """
    while waiting:
        under_way = jobs.ledger.queued_among(waiting)
        settled = jobs.ledger.settled(waiting)
        for key in waiting.keys() - (under_way - settled):
            draft = jobs.ledger.take(key)
            for place in waiting.pop(key):
                slots[place] = draft.prediction() if draft else []
        remaining = until - time.monotonic()
        if not waiting or remaining <= 0:
            return
        time.sleep(min(POLL_S, remaining))
