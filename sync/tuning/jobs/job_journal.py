"""`job.json`: what a run at an endpoint has done, written before and after each thing it does.

A command that is killed at any moment goes on from here: what was sent is looked for at the
provider before it is sent again.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sync.common.errors import SyncError
from sync.settings.finetune import TuningMethod
from sync.table.data_folder import DataFolder
from sync.tuning.models import MODELS
from sync.tuning.models.learnt_release import LearntFile, LearntRelease

JOURNAL = "job.json"
FORMAT = 1


@dataclass(frozen=True)
class SentFile:
    """A file of the release on its way to the provider.

    Attributes:
        name: that it is uploaded under: it holds the hash of its bytes, so that the same bytes
            are found again whoever sent them.
        id: the provider's, once it is known.
        asked_at: when its upload began, in seconds since 1970; None: never.
    """

    name: str
    id: str | None = None
    asked_at: float | None = None


@dataclass(frozen=True)
class JobJournal:
    """A run at an endpoint.

    Attributes:
        key: the hash of all that decides what the model is; see `run_key`.
        settings: of the training.
        labels: written on the job beside the key.
        more: of the provider's own, for the body of the job.
        sent: by role: training, and validation where there is one.
        job: the provider's id of it, once it is known.
        asked_at: when it was asked for, in seconds since 1970; None: never.
        suffix: of the tuned model's name there.
        ended: how the job ended, if it did without a model: failed or cancelled.
        over: ids of earlier jobs of this run that failed or were cancelled.
        price: of a million tokens; None without one.
    """

    name: str
    key: str
    provider: str
    base_url: str
    base: str
    method: TuningMethod
    settings: Mapping[str, Any]
    seed: int | None
    release: LearntRelease
    where: str
    sent: Mapping[str, SentFile]
    labels: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    job: str | None = None
    asked_at: float | None = None
    suffix: str = ""
    ended: str | None = None
    over: tuple[str, ...] = ()
    price: float | None = None

    def with_sent(self, role: str, sent: SentFile) -> "JobJournal":
        """The journal with one file further on its way."""
        return replace(self, sent={**self.sent, role: sent})

    def anew(self) -> "JobJournal":
        """The journal for another job in place of one that is over."""
        over = self.over if self.job is None else (*self.over, self.job)
        return replace(self, job=None, asked_at=None, ended=None, over=over)


def upload_name(file: LearntFile) -> str:
    """What a file is called at the provider: `labeltune-3f2a…9c01.jsonl`."""
    return f"labeltune-{file.sha256[:32]}.jsonl"


def journal_file(name: str) -> str:
    """The journal of a run, below the data folder."""
    return f"{MODELS}/{name}/{JOURNAL}"


def write_journal(folder: DataFolder, journal: JobJournal) -> JobJournal:
    """Write it, whole or not at all; gives it back.

    Raises:
        SyncError: the folder can't be written.
    """
    text = json.dumps({"format": FORMAT, **asdict(journal)}, ensure_ascii=False, indent=1)
    folder.write(journal_file(journal.name), text + "\n")
    return journal


def read_journal(folder: DataFolder, name: str) -> JobJournal | None:
    """The journal of a run; None where there is none.

    Raises:
        SyncError: it can't be read, or is none of ours.
    """
    content = folder.read(journal_file(name))
    if content is None:
        return None
    try:
        raw = json.loads(content)
        known = {key: raw[key] for key in JobJournal.__dataclass_fields__ if key in raw}
        return JobJournal(
            **{
                **known,
                "release": LearntRelease.from_json(raw["release"]),
                "sent": {role: SentFile(**file) for role, file in raw["sent"].items()},
                "over": tuple(raw["over"]),
            }
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SyncError(
            f"{folder.location(journal_file(name))}: not the journal of a job ({error}); put back "
            "what LabelTune wrote, or begin under another --name"
        ) from error
