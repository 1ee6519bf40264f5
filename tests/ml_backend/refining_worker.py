"""A worker whose drafts need no model, to be killed.

`python -m tests.ml_backend.refining_worker QUEUE LABEL_STUDIO_URL` says "ready" and drafts. It
takes others for dead after a second.
"""

import sys
import time
import uuid
from typing import Any

from connectors.label_studio import LabelStudio
from ml_backend import worker
from ml_backend.store import ledger, marks
from ml_backend.store.draft_jobs import DraftJob, FinishedDraft
from ml_backend.store.queues import open_queue
from ml_backend.work import jobs as jobs_module
from ml_backend.work.job_dependencies import JobDependencies
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import FakeDrafting

KEY = "0123456789abcdef0123456789abcdef01234567"
DEAD_S = 1.0
LARGEST_ID = 10_000
BETTER = "Better."


class SlowDrafting(FakeDrafting):
    """Every draft is doubtful, and of every second task another sample is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.doubtful = {task: 0.2 + task / LARGEST_ID / 10 for task in range(LARGEST_ID)}
        self.chosen = dict.fromkeys(range(0, LARGEST_ID, 2), BETTER)

    def __call__(self, job: DraftJob) -> tuple[FinishedDraft, dict[str, Any]]:
        time.sleep(0.02)
        return super().__call__(job)


def main() -> None:
    """Draft until killed."""
    queue, url = sys.argv[1:]
    marks.ALIVE_S = ledger.ALIVE_S = jobs_module.ALIVE_S = DEAD_S
    ledger.AGAIN_S = 2 * DEAD_S
    worker.HEARTBEAT_S = DEAD_S / 4
    jobs = Jobs(open_queue(queue), worker_id=uuid.uuid4().hex[:12])
    jobs.work = JobDependencies(LabelStudio(url, KEY), SlowDrafting())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    worker.run(jobs, concurrency=3)


if __name__ == "__main__":
    main()
