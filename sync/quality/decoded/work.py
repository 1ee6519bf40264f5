"""The finished work of a project, decoded once: what the checks look at, and the report counts."""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sync.compute import Engine, LocalEngine
from sync.compute.kept_results import code_version, library_version
from sync.compute.vector_cache import fingerprint
from sync.intake.redaction.in_finished_work import PersonalData
from sync.quality.checks.check import BadAnswer, PersonalTask
from sync.quality.decoded.known_tasks import DECODED_TASKS, digest_of, read_known, write_known
from sync.quality.decoded.task import DecodedTask, Decoding
from sync.records import Labelled, LabelledRecord, Outcome
from sync.records.draft_use import DraftCounts
from sync.records.pulled_work import PulledWork, open_pulled_work
from sync.records.record_reader import labelled_of
from sync.records.states import WorkCounts, counts_of
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.table.snapshot import Snapshot
from sync.table.task_rows import TaskRow, to_arrow

# rows a batch
_BATCH = 512


@dataclass(frozen=True)
class DecodedWork:
    """A version of a project's table, read and decoded.

    Attributes:
        rows: of the project, by task id; `tasks`: what each says.
        digests: of each with all that decides what it says, settings and code included.
    """

    work: PulledWork
    rows: Sequence[TaskRow]
    tasks: Sequence[DecodedTask]
    digests: Sequence[bytes]

    @property
    def snapshot(self) -> Snapshot:
        """The version that was read."""
        return self.work.snapshot

    def outcomes(self) -> Iterator[Outcome]:
        """What became of each task, without the drafts."""
        return (outcome for task in self.tasks for outcome in task.outcomes)


@dataclass(frozen=True)
class WorkAtHand:
    """What the checks look at of it.

    Attributes:
        labelled: without the records that a reviewer rejected.
        missing: of each record what it lacks, as a sentence, or None.
        work: how many tasks are in each state.
        drafts: what became of the drafts of all finished tasks.
        personal: finished tasks that hold personal data, those that were rejected, too.
        rejected: what a reviewer rejected.
        bad_answers: that experts or reviewers rejected.
        digests: of each record, see `DecodedWork`.
    """

    labelled: Labelled
    missing: tuple[str | None, ...]
    work: WorkCounts
    drafts: DraftCounts
    personal: tuple[PersonalTask, ...] = ()
    rejected: tuple[LabelledRecord, ...] = ()
    bad_answers: tuple[BadAnswer, ...] = ()
    digests: tuple[bytes, ...] = ()


def read_work(
    config: Config, at: int | datetime | None = None, engine: Engine | None = None
) -> DecodedWork:
    """Read the pulled work, and decode what was not decoded before.

    Args:
        at: a version of the table, or a time; by default the newest. What a past one needs is not
            kept.
        engine: where rows are decoded; by default here.

    Raises:
        SyncError: nothing was pulled, only other projects were, or there is no such version.
        ConfigError: personal data can't be looked for as configured.
    """
    pulled = open_pulled_work(config, at)
    rows = list(pulled.snapshot.rows())
    keeps = config.export.personal_data == "keep"
    personal = PersonalData.of(config.cleaning.redaction, values=not keeps)
    decoding = Decoding(pulled.interface, dict(config.categories), pulled.choosing, personal)
    digests = _digests(rows, decoding)
    path = data_folder(config).on_this_machine(DECODED_TASKS)
    known = read_known(path)
    missing = {d: row for d, row in zip(digests, rows, strict=True) if d not in known}
    fresh = decode_rows(list(missing.values()), decoding, engine or LocalEngine())
    all_known = {**known, **dict(zip(missing, fresh, strict=True))}
    found = {digest: all_known[digest] for digest in digests}
    if path is not None and found.keys() != known.keys() and not pulled.snapshot.past:
        write_known(path, found)
    return DecodedWork(pulled, rows, list(found.values()), digests)


def work_at_hand(tasks: Sequence[DecodedTask], digests: Sequence[bytes] = ()) -> WorkAtHand:
    """What the checks look at, of all tasks of a project.

    Args:
        digests: of the tasks, where they are known.
    """
    found = labelled_of([outcome for task in tasks for outcome in task.outcomes])
    with_record = [(record, task) for task in tasks if (record := task.record) is not None]
    judged = [(record, task) for record, task in with_record if not record.rejected]
    return WorkAtHand(
        labelled=replace(found, records=tuple(record for record, _ in judged)),
        missing=tuple(task.missing for _, task in judged),
        work=counts_of(task.state for task in tasks),
        drafts=DraftCounts(found.records),
        personal=tuple(
            PersonalTask(record.task_id, record.annotation_id, record.key, task.personal)
            for record, task in with_record
            if task.personal is not None
        ),
        rejected=tuple(record for record, _ in with_record if record.rejected),
        bad_answers=tuple(
            BadAnswer(record.data, answer)
            for record, task in with_record
            for answer in task.bad_answers
        ),
        digests=tuple(
            digest
            for task, digest in zip(tasks, digests, strict=False)
            if (record := task.record) is not None and not record.rejected
        ),
    )


def decode_rows(rows: Sequence[TaskRow], decoding: Decoding, engine: Engine) -> list[DecodedTask]:
    """What each row says."""
    parts = (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))
    done = engine.map_batches(map(to_arrow, parts), decoding)
    # pickled a moment ago, by ourselves
    return [task for batch in done for task in pickle.loads(batch["decoded"][0].as_py())]


def _digests(rows: Sequence[TaskRow], decoding: Decoding) -> list[bytes]:
    """Of all that decides what a row says: itself, its review, settings and code."""
    interface, choosing, personal = decoding.interface, decoding.choosing, decoding.personal
    model = personal and personal.settings.spacy_model
    same = digest_of(
        type(interface).__qualname__,
        (interface.lists_categories, interface.categories, interface.dimensions),
        decoding.categories,
        (choosing.order, choosing.verdicts.one_project),
        personal,
        model and (fingerprint(model), library_version(model)),
        code_version(),
    )
    if not choosing.verdicts.newest:
        return [digest_of(same, *_plain(row)) for row in rows]
    verdicts = (choosing.verdicts.of(row.data_fields()) for row in rows)
    return [digest_of(same, *_plain(row), of) for row, of in zip(rows, verdicts, strict=True)]


def _plain(row: TaskRow) -> list[Any]:
    """All that stands in a row, without the names of its fields, which take long to write."""
    own = {**vars(row), "annotations": len(row.annotations), "predictions": len(row.predictions)}
    parts = (*row.annotations, *row.predictions)
    return [own, *(tuple(vars(part).values()) for part in parts)]
