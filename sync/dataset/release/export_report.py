"""What is asked of an export, and what it says it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sync.dataset.release.balancing import Mode
from sync.records.draft_use import DraftUse
from sync.records.unlisted import Unlisted
from sync.training_files.manifest.contents import WrittenFile
from sync.training_files.trainers.provider import Provider

# every format that the finished work has examples for
ALL = "all"


@dataclass(frozen=True)
class FateCounts:
    """What became of each task; the first reason that keeps it out.

    What `sync.records.states.WorkCounts` calls accepted is one of `exported`, `untaught`,
    `dropped`, `unsplit` and `surplus` here. The other states have the same names and numbers, but
    that a format may have an example of what was rejected, which is `exported` then.

    Attributes:
        exported: tasks that at least one line came from.
        rejected: the expert rejected the draft and put nothing in its place.
        rejected_by_review: a reviewer found that no answer of the task is good.
        incomplete: finished and not rejected, but the answer is empty or something else missing.
        nothing_kept: finished and complete, but the expert kept nothing of it.
        untaught: accepted, but none of these formats can be made of it.
        dropped: left out since it is tied to a task of another split.
        unsplit: finished after the last `labeltune split`.
        surplus: left out by balancing.
        skipped: only ever skipped.
        unlabeled: not looked at yet.
        unsettled: several annotations, and no rule of `export.annotation` says which counts.
        unreadable: finished, but the annotation can't be decoded (see `labeltune check`).
    """

    exported: int = 0
    rejected: int = 0
    rejected_by_review: int = 0
    incomplete: int = 0
    nothing_kept: int = 0
    untaught: int = 0
    dropped: int = 0
    unsplit: int = 0
    surplus: int = 0
    skipped: int = 0
    unlabeled: int = 0
    unsettled: int = 0
    unreadable: int = 0


@dataclass(frozen=True)
class ExportReport:
    """What an export wrote.

    Attributes:
        release: its id, the hash of all that it holds.
        written: False when the folder held this very release already.
        drafts: what experts made of the drafts of the exported tasks.
        left_out: examples that a format can't say or its readers refuse, by format and reason.
        notes: what balancing and mixing did, and how it was split.
        unlisted: labels that annotations hold and `labeltune.toml` does not list.
        warnings: what the files' readers would accept but the user should know.
    """

    path: str
    release: str
    written: bool
    counts: FateCounts
    drafts: DraftUse
    files: tuple[WrittenFile, ...]
    left_out: Mapping[str, Mapping[str, int]]
    notes: tuple[str, ...]
    unlisted: tuple[Unlisted, ...]
    warnings: tuple[str, ...]
    table_version: int
    seconds: float


@dataclass(frozen=True)
class ExportRequest:
    """What is to be exported.

    Attributes:
        formats: names of `FORMATS`, or `all` for every one that the work has examples for.
        out: the folder; None: one under the data folder, named by what it holds.
        at: a version of the table, or a time; None: the newest.
        balance: how to balance the training file by `[targets]`; None: not at all.
        provider: whose rules the files must keep besides their formats'.
    """

    formats: Sequence[str]
    out: Path | None = None
    at: int | datetime | None = None
    balance: Mode | None = None
    provider: Provider | None = None
