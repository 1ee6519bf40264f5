"""The worker process: `python -m ml_backend.worker` drafts what the queue holds, until stopped."""

import functools
import logging
import sys
from typing import Any

from connectors.embedding import load_encoder
from connectors.errors import ConnectorError
from connectors.label_studio import LabelStudio
from connectors.llm import LLM
from label_configs import validation
from ml_backend.drafting import draft_task
from ml_backend.jobs import Drafting, Jobs, Work, open_queue
from ml_backend.logs import configure
from ml_backend.settings import BackendSettings, SettingsError
from ml_backend.tasks import DraftJob, FinishedDraft

log = logging.getLogger(__name__)


def make_drafting(settings: BackendSettings) -> Drafting:
    """Drafting with the real model endpoint and embedding model."""

    @functools.cache
    def endpoint(base_url: str | None) -> LLM:
        return LLM(settings.llm_base_url or base_url, settings.llm_key)

    def draft(job: DraftJob) -> tuple[FinishedDraft, dict[str, Any]]:
        interface = job.settings.load_interface()
        drafted = draft_task(
            interface,
            # the project's guidelines are the model's; a task's own count where it has none
            {**job.data, "guidelines": job.settings.guidelines or job.data.get("guidelines")},
            job.settings.llm,
            endpoint(job.settings.llm.base_url),
            load_encoder(job.settings.embedding.model),
        )
        patch = interface.task_patch(drafted.record)
        result = interface.encode(drafted.record)
        # Label Studio would store what does not fit, and its page would silently drop it
        validation.check_results(interface.config, {**job.data, **patch}, result)
        finished = FinishedDraft(
            project_id=job.project_id,
            task_id=job.task_id,
            result=result,
            score=drafted.score,
            model_version=job.model_version,
            stale=job.stale,
        )
        return finished, patch

    return draft


def main() -> int:
    """Run the queue's consumer.

    Returns:
        The exit status: 0 stopped, 1 could not start.
    """
    configure()
    try:
        settings = BackendSettings.from_environment()
        label_studio = LabelStudio(settings.label_studio_url, settings.label_studio_key)
        huey = open_queue(settings.queue)
        jobs = Jobs(
            huey,
            Work(
                label_studio,
                make_drafting(settings),
                settings.own_url and settings.own_url.rstrip("/"),
            ),
        )
        load_encoder("all-MiniLM-L6-v2")  # seconds that the first draft should not wait for
    except (ConnectorError, SettingsError) as error:
        log.error("the worker can't start: %s", error)  # noqa: TRY400
        return 1
    # what an earlier worker left behind: Label Studio knows what is still to be done
    huey.flush()
    jobs.sweep_all()
    consumer = huey.create_consumer(
        workers=settings.concurrency,
        worker_type="thread",
        initial_delay=0.05,
        max_delay=0.5,
        check_worker_health=True,
    )
    consumer.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
