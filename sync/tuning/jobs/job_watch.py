"""Waiting for a job: how far it is, its losses, and the model at its end or why there is none."""

from datetime import UTC, datetime
from pathlib import Path

from connectors.finetune_api import ENDED, FinetuneApi, FinetuneError, JobNews, RemoteJob
from sync.common.errors import SyncError
from sync.common.wording import lasting
from sync.table.data_folder import DataFolder
from sync.training_files.manifest.find_release import fetched
from sync.training_files.manifest.release_files import release_of
from sync.tuning.jobs.job_journal import JobJournal
from sync.tuning.jobs.job_start import Patience
from sync.tuning.jobs.refusals import Asked, failed, line_of, refused
from sync.tuning.models.model_entry import LossPoint, ModelEntry, ModelPlace
from sync.tuning.tuner import ShowTuning, TuningMoment

_SAID = 60  # characters of a provider's message beside the bar


class JobWatch:
    """Looks at one job until it has ended.

    Args:
        every_s: seconds between two looks.
    """

    def __init__(
        self,
        api: FinetuneApi,
        asked: Asked,
        show: ShowTuning,
        patience: Patience,
        every_s: float,
    ) -> None:
        self._api = api
        self._asked = asked
        self._show = show
        self._patience = patience
        self._every_s = every_s
        self._reached = patience.now()

    def until_ended(self, journal: JobJournal) -> tuple[RemoteJob, JobNews]:
        """The job once it has ended, and all that it told.

        A provider that is out of reach for a while is waited for: the job goes on without us.

        Raises:
            SyncError: the provider refuses, or is out of reach for long.
        """
        job_id = str(journal.job)
        without_model = self._patience.now() + self._patience.away
        news = JobNews()
        while True:
            try:
                job = self._api.job(job_id)
                news = self._api.news(job)
            except FinetuneError as error:
                self._wait_for_it(error, journal)
                continue
            self._reached = self._patience.now()
            named = job.state != "succeeded" or job.model is not None
            if job.state in ENDED and (named or self._patience.now() > without_model):
                return job, news
            if job.state not in ENDED:
                without_model = self._patience.now() + self._patience.away
            self._show(_moment(job, news))
            self._patience.sleep(self._every_s)

    def _wait_for_it(self, error: FinetuneError, journal: JobJournal) -> None:
        if error.status == 404:
            raise SyncError(
                f"{self._asked.base_url} knows no job {journal.job} any more; begin anew with "
                f"another --name, or take the folder models/{journal.name} away"
            ) from error
        if not error.uncertain:
            raise refused(error, self._asked) from error
        away = self._patience.now() - self._reached
        if away > self._patience.away:
            raise SyncError(
                f"{error}, for {lasting(away)}; the job {journal.job} goes on there: `labeltune "
                f"finetune --watch {journal.name}` looks again"
            ) from error
        self._show(TuningMoment(f"out of reach for {lasting(away)}, trying again"))
        self._patience.sleep(self._every_s)


def _moment(job: RemoteJob, news: JobNews) -> TuningMoment:
    said = {"waiting": "queued", "paused": "paused"}.get(job.state, "training")
    if job.state == "waiting" and news.said:
        said = news.said[:_SAID]
    last = news.steps[-1] if news.steps else None
    step, total = (last.step if last else news.at), news.total
    if not total and job.share is not None:
        step, total = round(100 * job.share), 100
    validation = next(
        (s.validation for s in reversed(news.steps) if s.validation is not None), None
    )
    return TuningMoment(
        said,
        step,
        total,
        last.training if last else None,
        validation,
        job.seconds_left,
    )


def entry_of(journal: JobJournal, job: RemoteJob, news: JobNews) -> ModelEntry:
    """The entry of a model that a job has made.

    Raises:
        SyncError: it has not, and why.
    """
    if job.model is None:
        raise SyncError(
            f"{journal.name}: the job {job.id} is done, and {journal.provider} does not name its "
            "model; look there, or ask again later with --watch"
        )
    tokens = job.trained_tokens
    paid = None
    if tokens is not None and journal.price is not None:
        paid = round(tokens * journal.price / 1_000_000, 4)
    finished = job.facts.get("finished_at")
    when = datetime.fromtimestamp(finished, UTC) if isinstance(finished, int) else datetime.now(UTC)
    return ModelEntry(
        name=journal.name,
        base=journal.base,
        way="endpoint",
        method=journal.method,
        place=ModelPlace(job.model, journal.base_url, journal.provider),
        release=journal.release,
        settings=dict(journal.settings),
        losses=tuple(LossPoint(s.step, s.training, s.validation) for s in news.steps),
        seed=journal.seed if job.seed is None else job.seed,
        created=when.isoformat(timespec="seconds"),
        trained_tokens=tokens,
        cost=paid,
        run={
            "job": job.id,
            "key": journal.key,
            "files": {role: sent.id for role, sent in journal.sent.items()},
            **job.facts,
        },
    )


def why_failed(
    journal: JobJournal, job: RemoteJob, asked: Asked, folder: DataFolder, said: str
) -> SyncError:
    """The sentence for a job that ended without a model.

    Args:
        said: its last message, for who gives no reason.
    """
    again = f"`labeltune finetune` with the same options makes another job under {journal.name!r}"
    if job.state == "cancelled":
        return SyncError(f"{journal.name} was cancelled ({job.id}); {again}")
    reason = job.reason or said
    return failed(asked, journal.name, job.code, reason, _task_told(journal, reason, folder))


def _task_told(journal: JobJournal, reason: str, folder: DataFolder) -> str:
    """The task behind the line that a provider names, where the release is at hand."""
    line = line_of(reason)
    if line is None:
        return ""
    file = journal.release.training
    if "validation" in reason.lower() and journal.release.validation is not None:
        file = journal.release.validation
    task = None
    here = Path(journal.where)
    try:
        if here.is_dir():
            task = _task(here, file.file, line)
        else:
            with fetched(folder, journal.release.name) as copy:
                task = _task(copy, file.file, line)
    except (SyncError, OSError):
        pass  # a help, and the release may be elsewhere
    return f"; that is line {line} of {file.file}{task or ''}"


def _task(release: Path, file: str, line: int) -> str | None:
    found = release_of(release)
    task = found.task_of(file, line) if found else None
    if task is None:
        return None
    page = f", {task[1]}" if task[1] else ""
    return f" (task {task[0]}{page})"
