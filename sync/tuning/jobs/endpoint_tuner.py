"""The way `endpoint`: a release is sent to a provider, which trains a model on it."""

from dataclasses import replace
from typing import Literal

from connectors.extras import require
from connectors.finetune_api import ENDED, FinetuneApi, FinetuneError
from sync.common.errors import SyncError
from sync.settings import Config
from sync.table.data_folder import DataFolder
from sync.tuning.jobs.job_estimate import estimated
from sync.tuning.jobs.job_journal import JobJournal, read_journal, write_journal
from sync.tuning.jobs.job_plan import planned
from sync.tuning.jobs.job_start import JobStart, Patience
from sync.tuning.jobs.job_watch import JobWatch, entry_of, why_failed
from sync.tuning.jobs.providers import JobProvider, job_provider
from sync.tuning.jobs.refusals import Asked, refused
from sync.tuning.models.model_entry import NOTE, ModelEntry
from sync.tuning.models.model_folder import read_entry, write_entry
from sync.tuning.tuner import ShowTuning, TuningEstimate, TuningRequest

_Ask = Literal["cancel", "pause", "resume"]


class EndpointTuner:
    """Tunes a model at a provider.

    Args:
        patience: how long to wait for what.
    """

    way: Literal["endpoint"] = "endpoint"
    summary = "at an endpoint with OpenAI's fine-tuning API, or one like it"

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()

    def require(self) -> None:
        require("backend", "labeltune finetune --way endpoint")

    def estimate(self, request: TuningRequest, show: ShowTuning) -> TuningEstimate:
        plan = planned(request)
        provider = job_provider(plan.provider)
        # an address or a key that is missing is said before anything is read
        provider.connect(plan.base_url, request.config.env).close()
        known = self._known(request.folder, plan)
        entry = read_entry(request.folder, plan.name)
        return estimated(request, plan, provider, known, entry, show)

    def _known(self, folder: DataFolder, plan: JobJournal) -> JobJournal | None:
        """What was begun under the plan's name before.

        Raises:
            SyncError: it is another run.
        """
        known = read_journal(folder, plan.name)
        if known is not None and known.key != plan.key:
            raise SyncError(
                f"{plan.name!r} is another run already: of {known.base}, on {known.release.name}, "
                "or with other settings; choose another --name"
            )
        if known is None and read_entry(folder, plan.name) is not None:
            raise SyncError(f"{plan.name!r} is a model already; choose another --name")
        return known

    def start(self, request: TuningRequest, name: str, show: ShowTuning) -> None:
        plan = planned(request)
        provider = job_provider(plan.provider)
        with request.folder.only_one("finetune"):
            if read_entry(request.folder, name) is not None:
                return
            journal = self._known(request.folder, plan) or write_journal(request.folder, plan)
            if journal.ended is not None:
                journal = write_journal(request.folder, journal.anew())
            api = provider.connect(journal.base_url, request.config.env)
            asked = _asked(journal, provider)
            try:
                JobStart(
                    api, request.folder, request.release.folder, asked, show, self._patience
                ).run(journal)
            finally:
                api.close()

    def holds(self, folder: DataFolder, name: str) -> bool:
        return read_journal(folder, name) is not None

    def watch(self, config: Config, folder: DataFolder, name: str, show: ShowTuning) -> ModelEntry:
        if (entry := read_entry(folder, name)) is not None:
            return entry
        journal = _with_job(folder, name)
        provider = job_provider(journal.provider)
        asked = _asked(journal, provider)
        api = provider.connect(journal.base_url, config.env)
        try:
            every_s = config.finetune.endpoint.every_s
            job, news = JobWatch(api, asked, show, self._patience, every_s).until_ended(journal)
        finally:
            api.close()
        if job.state != "succeeded":
            write_journal(folder, replace(journal, ended=job.state))
            raise why_failed(journal, job, asked, folder, news.said)
        entry = entry_of(journal, job, news)
        if provider.served is not None:
            entry = replace(entry, run={**entry.run, NOTE: provider.served})
        write_entry(folder, entry)
        return entry

    def cancel(self, config: Config, folder: DataFolder, name: str) -> str:
        journal = read_journal(folder, name)
        if journal is not None and journal.job is None:
            return self._cancel_unmade(config, folder, journal)
        journal, state = self._ask(config, folder, name, "cancel")
        if state == "succeeded":
            return f"{name} was done already; `labeltune finetune --watch {name}` fetches it."
        write_journal(folder, replace(journal, ended="cancelled"))
        return f"{name} is cancelled ({journal.job}); what was trained until now may be billed."

    def _cancel_unmade(self, config: Config, folder: DataFolder, journal: JobJournal) -> str:
        """Cancel a run that was stopped before it knew of a job: there may be one."""
        from sync.tuning.jobs.job_start import order_of

        if journal.asked_at is not None:
            provider = job_provider(journal.provider)
            api = provider.connect(journal.base_url, config.env)
            try:
                found = api.find_job(order_of(journal), journal.over)
            except FinetuneError as error:
                raise refused(error, _asked(journal, provider)) from error
            finally:
                api.close()
            if found is not None:
                write_journal(folder, replace(journal, job=found.id))
                return self.cancel(config, folder, journal.name)
        return f"{journal.name} has no job yet; nothing was spent, and nothing is to be cancelled."

    def pause(self, config: Config, folder: DataFolder, name: str) -> str:
        _, state = self._ask(config, folder, name, "pause")
        return _rested(name, state) or (
            f"{name} is paused; `labeltune finetune --resume {name}` lets it go on."
        )

    def resume(self, config: Config, folder: DataFolder, name: str) -> str:
        _, state = self._ask(config, folder, name, "resume")
        return _rested(name, state) or (
            f"{name} goes on; `labeltune finetune --watch {name}` waits for its end."
        )

    def _ask(
        self, config: Config, folder: DataFolder, name: str, what: _Ask
    ) -> tuple[JobJournal, str]:
        """Ask something of a job that has not ended; gives its state before."""
        journal = _with_job(folder, name)
        provider = job_provider(journal.provider)
        if what != "cancel" and not provider.rests:
            raise SyncError(f"{provider.name} can't pause a job; --cancel {name} ends it")
        api = provider.connect(journal.base_url, config.env)
        try:
            state = api.job(str(journal.job)).state
            if state not in ENDED:
                _ask_of(api, what, str(journal.job))
        except FinetuneError as error:
            raise refused(error, _asked(journal, provider)) from error
        finally:
            api.close()
        return journal, state


def _ask_of(api: FinetuneApi, what: _Ask, job_id: str) -> None:
    {"cancel": api.cancel, "pause": api.pause, "resume": api.resume}[what](job_id)


def _rested(name: str, state: str) -> str | None:
    """What is said of a job that has ended, so that it can neither rest nor go on."""
    return f"{name} has ended ({state})." if state in ENDED else None


def _with_job(folder: DataFolder, name: str) -> JobJournal:
    journal = read_journal(folder, name)
    if journal is None or journal.job is None:
        raise SyncError(
            f"{name} has no job yet: it was stopped before; give the command that began it again, "
            "which goes on"
        )
    return journal


def _asked(journal: JobJournal, provider: JobProvider) -> Asked:
    return Asked(provider.name, journal.base, journal.base_url, provider.key)


ENDPOINT = EndpointTuner()
