"""The worker process: `python -m ml_backend.worker` drafts what the queue holds, until stopped."""

import logging
import os
import signal
import sys
import threading
import time
import uuid

from connectors.embedding import load_encoder
from connectors.errors import ConnectorError
from connectors.extras import or_exit
from connectors.label_studio import LabelStudio
from connectors.task_pictures import TaskPictures
from drafting.project_settings import SettingsError
from ml_backend.settings import WITH_PARENT, BackendSettings

with or_exit("backend", "the worker"):
    from huey.consumer import Consumer

    from ml_backend.drafts.draft_maker import DraftMaker
    from ml_backend.drafts.model_servers import ModelServers
    from ml_backend.logs import configure
    from ml_backend.store.queues import open_queue
    from ml_backend.store.replies import Replies
    from ml_backend.work.job_dependencies import JobDependencies
    from ml_backend.work.jobs import Jobs
    from ml_backend.work.learning import Learning

# not __name__: it runs as __main__, which would be a logger of somebody else
log = logging.getLogger("ml_backend.worker")

HEARTBEAT_S = 3.0
# sweeps and deliveries, beside the drafts
CHORES = 2
# while one thread waits for the model, another one prepares a task or stores a draft
THREADS_PER_SLOT = 2
# how long a draft that is under way may take to finish once the worker is told to stop
FINISH_S = 5.0


class _Drafts(Consumer):  # type: ignore[misc]
    """The consumer of drafts, and the only one that handles signals: they end the worker."""

    def heed_signals(self) -> None:
        """From now on a signal is kept until `run` sees it."""
        self._set_signal_handlers()


class _Chores(Consumer):  # type: ignore[misc]
    def _set_signal_handlers(self) -> None:
        """Set none: the worker ends this consumer."""


def run(jobs: Jobs, concurrency: int) -> None:
    """Draft until a signal: SIGTERM finishes what is nearly done, Ctrl-C puts all back at once.

    Args:
        concurrency: requests to the model that are under way at a time, see `ModelServers.slots`.
    """
    stopped = threading.Event()

    def beat() -> None:
        started = time.time()
        while not stopped.is_set():
            try:
                jobs.marks.be_alive(started, concurrency)
                jobs.figures.flush()
            except Exception as error:  # noqa: BLE001 - a busy store must not make us look dead
                log.warning("heartbeat failed, going on: %s", error)
            stopped.wait(HEARTBEAT_S)

    options = {"worker_type": "thread", "initial_delay": 0.05, "max_delay": 0.5}
    chores = _Chores(jobs.chores, workers=CHORES, **options)
    drafts = _Drafts(
        jobs.drafts,
        workers=concurrency * THREADS_PER_SLOT,
        periodic=False,
        graceful_signal="TERM",
        shutdown_timeout=FINISH_S,
        **options,
    )
    drafts.heed_signals()
    threading.Thread(target=beat, name="heartbeat", daemon=True).start()
    jobs.recover()
    chores.start()
    try:
        drafts.run()
    finally:
        chores.stop()
        stopped.set()
        jobs.marks.be_gone()
        jobs.figures.flush()


def main() -> int:
    """Run the queue's consumers.

    Returns:
        The exit status: 0 stopped, 1 could not start.
    """
    configure()
    if WITH_PARENT in sys.argv[1:]:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        settings = BackendSettings.from_environment()
        label_studio = LabelStudio(settings.label_studio_url, settings.label_studio_key)
    except (ConnectorError, SettingsError) as error:
        log.error("the worker can't start: %s", error)  # noqa: TRY400
        return 1
    queue = open_queue(settings.queue)
    worker_id = uuid.uuid4().hex[:12]
    jobs = Jobs(queue, worker_id=worker_id)
    own_url = settings.own_url and settings.own_url.rstrip("/")
    maker = DraftMaker(
        label_studio,
        ModelServers(settings, jobs.projects),
        Replies.beside(queue),
        jobs.figures,
        jobs.projects,
        TaskPictures(label_studio).in_messages,
        jobs.learning.acceptances.of,
    )
    jobs.work = JobDependencies(label_studio, maker, own_url)
    known = jobs.projects, jobs.learning.acceptances, jobs.figures, jobs.marks
    jobs.learning.learn = Learning(label_studio, *known)
    if _compares_texts(jobs):  # seconds that a draft should not wait for
        threading.Thread(target=_load_encoder, daemon=True).start()
    log.info("drafting %s tasks at a time", settings.concurrency)
    run(jobs, settings.concurrency)
    return 0


def _end_with_parent() -> None:
    """Stop as by SIGTERM once nobody holds the other end of stdin any more."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _compares_texts(jobs: Jobs) -> bool:
    """Whether drafts will soon need the embedding model.

    Of a project that is new the first drafts do not, and they need the processor that loading would
    take: for seconds, while Label Studio and a local model start on it.
    """
    return any(settings.llm.samples > 1 for settings in jobs.projects.known().values())


def _load_encoder() -> None:
    started = time.monotonic()
    try:
        load_encoder()
    except ConnectorError as error:
        log.warning("%s", error)  # each draft that needs it will say so
    else:
        log.info("embedding model loaded in %.1f s", time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
