"""/predict: hand out what is ready, ask for the rest, answer in time with a slot for every task."""

import time
from typing import Any

from label_configs import LabelConfigError
from ml_backend.jobs import Jobs
from ml_backend.settings import ProjectSettings
from ml_backend.tasks import DraftJob
from ml_backend.wire import PredictRequest

POLL_S = 0.1


def predict(
    jobs: Jobs, body: PredictRequest, project: ProjectSettings, deadline_s: float
) -> list[Any]:
    """One slot a task, in order: a prediction, or `[]` where no draft came in time.

    Drafts that come later are pushed by the worker. A task that can't be drafted at all, for
    lack of a conversation, gets `[]` at once.

    Args:
        deadline_s: seconds from now; Label Studio itself waits 100.
    """
    until = time.monotonic() + deadline_s
    interface = project.load_interface()
    version = project.model_version()
    slots: list[Any] = [[] for _ in body.tasks]
    waiting: dict[int, str] = {}
    for i, task in enumerate(body.tasks):
        try:
            interface.check_task(task.data)
        except LabelConfigError:
            continue
        job = DraftJob(body.project_id, task.id, task.data, project, version)
        if jobs.ledger.has_failed(job.key):
            continue
        ready = jobs.ledger.take(job.key)
        if ready is not None:
            slots[i] = ready.prediction()
            continue
        jobs.ledger.want(job.key, deadline_s)
        jobs.draft(job, asked=True)
        waiting[i] = job.key
    while waiting:
        for i, key in list(waiting.items()):
            draft = jobs.ledger.take(key)
            if draft is not None:
                slots[i] = draft.prediction()
                del waiting[i]
            elif jobs.ledger.has_failed(key):
                del waiting[i]
        if not waiting or time.monotonic() >= until:
            break
        time.sleep(POLL_S)
    return slots
