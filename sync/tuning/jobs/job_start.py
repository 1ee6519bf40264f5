"""Sending a release to a provider and making the job, each once, wherever a command is killed.

Before anything is sent, the journal says so; before anything is sent again, it is looked for at
the provider. Where an answer was lost, the provider may still be at it: it is looked for a while.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from connectors.finetune_api import FinetuneApi, FinetuneError, JobOrder, RemoteFile, RemoteJob
from sync.common.errors import SyncError
from sync.table.data_folder import DataFolder
from sync.tuning.jobs.job_journal import JobJournal, SentFile, write_journal
from sync.tuning.jobs.refusals import Asked, meaning, refused
from sync.tuning.tuner import ShowTuning, TuningMoment

_ATTEMPTS = 3
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds.

    Attributes:
        settle: that a call whose answer was lost may still take to show.
        pause: between two looks at something that is about to change.
        processing: that a provider may take to process a file.
        away: that a provider may be out of reach while a job is watched.
    """

    settle: float = 20.0
    pause: float = 2.0
    processing: float = 3600.0
    away: float = 600.0
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class JobStart:
    """Brings one run as far as a job.

    Args:
        release: the folder of the release on this machine.
    """

    def __init__(
        self,
        api: FinetuneApi,
        folder: DataFolder,
        release: Path,
        asked: Asked,
        show: ShowTuning,
        patience: Patience,
    ) -> None:
        self._api = api
        self._folder = folder
        self._release = release
        self._asked = asked
        self._show = show
        self._patience = patience

    def run(self, journal: JobJournal) -> JobJournal:
        """Upload what is not there, make the job if there is none; gives the journal then.

        Raises:
            SyncError: the provider refuses, or can't be reached.
        """
        try:
            for role in journal.sent:
                journal = self._sent(journal, role)
            if journal.job is None:
                self._wait_until_processed(journal)
                journal = self._made(journal)
        except FinetuneError as error:
            raise refused(error, self._asked) from error
        return journal

    def _sent(self, journal: JobJournal, role: str) -> JobJournal:
        """One file at the provider, uploaded unless it is there."""
        sent = journal.sent[role]
        if sent.id is not None and (journal.job is not None or self._is_there(sent.id)):
            return journal
        file = next(one for one in journal.release.files if one.role == role)
        self._show(TuningMoment(f"sending {file.file}"))

        def look() -> RemoteFile | None:
            return self._api.find_file(sent.name, file.bytes)

        def note(at: float) -> None:
            nonlocal journal
            asked = SentFile(sent.name, None, at)
            journal = write_journal(self._folder, journal.with_sent(role, asked))

        found = self._once(
            look,
            lambda: self._api.upload(self._release / file.file, sent.name),
            note,
            sent.asked_at,
        )
        done = replace(journal.sent[role], id=found.id)
        return write_journal(self._folder, journal.with_sent(role, done))

    def _is_there(self, file_id: str) -> bool:
        """Whether a file that was sent before is still there: some providers let them expire."""
        try:
            return self._api.file(file_id).state != "broken"
        except FinetuneError as error:
            if error.status == 404:
                return False
            raise

    def _wait_until_processed(self, journal: JobJournal) -> None:
        until = self._patience.now() + self._patience.processing
        for role, sent in journal.sent.items():
            while (state := self._api.file(str(sent.id))).state != "ready":
                file = next(one.file for one in journal.release.files if one.role == role)
                if state.state == "broken":
                    why = f' ("{state.reason}")' if state.reason else ", and does not say why"
                    means = meaning(self._asked, "", state.reason)
                    raise SyncError(
                        f"{self._asked.provider} can't use {file}{why}"
                        f"{f'; {means}' if means else ''}"
                    )
                if self._patience.now() > until:
                    raise SyncError(
                        f"{self._asked.provider} has not processed {file} for "
                        f"{self._patience.processing / 60:.0f} minutes; run the same command again "
                        "later, which goes on"
                    )
                self._show(TuningMoment(f"{self._asked.provider} reads {file}"))
                self._patience.sleep(self._patience.pause)

    def _made(self, journal: JobJournal) -> JobJournal:
        """The job, made unless it is there."""
        order = order_of(journal)

        def note(at: float) -> None:
            nonlocal journal
            journal = write_journal(self._folder, replace(journal, asked_at=at))

        self._show(TuningMoment("making the job"))
        found: RemoteJob = self._once(
            lambda: self._api.find_job(order, journal.over),
            lambda: self._api.create_job(order),
            note,
            journal.asked_at,
        )
        return write_journal(self._folder, replace(journal, job=found.id, ended=None))

    def _once(
        self,
        look: Callable[[], _Made | None],
        make: Callable[[], _Made],
        note: Callable[[float], None],
        asked_at: float | None,
    ) -> _Made:
        """What is there already, or what is made now.

        Args:
            note: writes down when it was asked for, before it is.
            asked_at: when it was asked for before, by a command that did not see the answer.
        """
        for attempt in range(_ATTEMPTS):
            found = self._looked_for(look, asked_at)
            if found is not None:
                return found
            asked_at = self._patience.now()
            note(asked_at)
            try:
                return make()
            except FinetuneError as error:
                known = meaning(self._asked, error.code, error.said, error.status)
                if not error.uncertain or known or attempt == _ATTEMPTS - 1:
                    raise
                self._show(TuningMoment(f"{error}; looking whether it was done"))
        raise AssertionError("the last attempt raises")

    def _looked_for(self, look: Callable[[], _Made | None], asked_at: float | None) -> _Made | None:
        """What `look` finds, for as long as what was asked for may still show up."""
        while True:
            found = look()
            now = self._patience.now()
            # a clock that was set back must not wait for long
            waits = asked_at is not None and 0 <= now - asked_at < self._patience.settle
            if found is not None or not waits:
                return found
            self._patience.sleep(self._patience.pause)


def order_of(journal: JobJournal) -> JobOrder:
    """The job of a run, of files that were sent."""
    ids = {role: str(sent.id) for role, sent in journal.sent.items()}
    return JobOrder(
        key=journal.key,
        name=journal.suffix,
        base=journal.base,
        training_file=ids["training"],
        validation_file=ids.get("validation"),
        method=journal.method,
        settings=journal.settings,
        seed=journal.seed,
        labels=journal.labels,
        more=journal.more,
        attempt=len(journal.over),
    )
