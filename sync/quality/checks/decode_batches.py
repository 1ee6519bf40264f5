"""Pulled rows as finished work, a batch at a time."""

import functools
import operator
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from label_configs import Interface
from label_configs.answer_turns import answer_text
from sync.compute import Engine
from sync.intake.redaction.in_finished_work import PersonalData
from sync.quality.checks.check import BadAnswer, PersonalTask
from sync.records import Choosing, Labelled, LabelledRecord, iter_records
from sync.records.draft_use import DraftCounts
from sync.records.record_reader import labelled_of
from sync.records.states import WorkCounts, count_work
from sync.settings.categories import CategorySection
from sync.table.task_rows import TaskRow, from_arrow, to_arrow

# rows a batch
_BATCH = 512


@dataclass(frozen=True)
class Decoded:
    """Finished work.

    Attributes:
        labelled: without the records that a reviewer rejected.
        missing: of each record what it lacks, as a sentence, or None.
        work: how many tasks are in each state.
        drafts: what became of the drafts of all finished tasks.
        personal: finished tasks that hold personal data, those that were rejected, too.
        rejected: what a reviewer rejected.
        bad_answers: that experts or reviewers rejected.
    """

    labelled: Labelled
    missing: tuple[str | None, ...]
    work: WorkCounts
    drafts: DraftCounts
    personal: tuple[PersonalTask, ...] = ()
    rejected: tuple[LabelledRecord, ...] = ()
    bad_answers: tuple[BadAnswer, ...] = ()


@dataclass(frozen=True)
class _Decoding:
    """Batch of rows -> one row, the `Decoded` of the whole batch, pickled."""

    interface: Interface[Any]
    categories: Mapping[str, CategorySection]
    choosing: Choosing
    personal: PersonalData | None

    def __call__(self, batch: pa.Table) -> pa.Table:
        rows = from_arrow(batch)
        outcomes = list(iter_records(rows, self.interface, self.categories, self.choosing))
        found = labelled_of(outcomes)
        # a reviewer has said already what is wrong with the others; drafts are not looked at
        judged = (replace(r, draft=None) for r in found.records if not r.rejected)
        labelled = replace(found, records=tuple(judged))
        decoded = Decoded(
            labelled=labelled,
            missing=tuple(self.interface.missing(r.record, r.data) for r in labelled.records),
            work=count_work(outcomes, self.interface),
            drafts=DraftCounts(found.records),
            personal=tuple(self._personal_tasks(found.records)),
            rejected=tuple(replace(r, draft=None) for r in found.records if r.rejected),
            bad_answers=tuple(self._bad_answers(found.records)),
        )
        return pa.table({"decoded": pa.array([pickle.dumps(decoded)])})

    def _bad_answers(self, records: Iterable[LabelledRecord]) -> Iterator[BadAnswer]:
        """What a reviewer rejected, and drafts that the annotator rejected or wrote anew."""
        for record in records:
            if record.rejected:
                bad = [self.interface.answer(record.record)]
            else:
                judged = self.interface.judged_answers(record.record, record.data, record.draft)
                bad = [answer_text(j.answer) for j in judged if not j.good and j.prompt is None]
            yield from (BadAnswer(record.data, answer) for answer in bad if answer.strip())

    def _personal_tasks(self, records: Iterable[LabelledRecord]) -> Iterator[PersonalTask]:
        if self.personal is None:
            return
        for record in records:
            found = self.personal.in_record(record, self.interface)
            if found is not None:
                yield PersonalTask(record.task_id, record.annotation_id, record.key, found)


def decode(
    rows: Sequence[TaskRow],
    interface: Interface[Any],
    categories: Mapping[str, CategorySection],
    choosing: Choosing,
    engine: Engine,
    personal: PersonalData | None = None,
) -> Decoded:
    """Decode every finished task, see `sync.records.iter_records`, and see what each lacks.

    Args:
        personal: how to look for personal data; None: not at all.
    """
    decoding = _Decoding(interface, dict(categories), choosing, personal)
    results = engine.map_batches(_batches(rows), decoding)
    parts: list[Decoded] = [pickle.loads(result["decoded"][0].as_py()) for result in results]
    return Decoded(
        labelled=Labelled(
            records=tuple(r for part in parts for r in part.labelled.records),
            unreadable=tuple(u for part in parts for u in part.labelled.unreadable),
            skipped=sum(part.labelled.skipped for part in parts),
            unlabeled=sum(part.labelled.unlabeled for part in parts),
            unsettled=sum(part.labelled.unsettled for part in parts),
        ),
        missing=tuple(sentence for part in parts for sentence in part.missing),
        work=functools.reduce(operator.add, (part.work for part in parts), WorkCounts()),
        drafts=functools.reduce(operator.add, (part.drafts for part in parts), DraftCounts()),
        personal=tuple(task for part in parts for task in part.personal),
        rejected=tuple(record for part in parts for record in part.rejected),
        bad_answers=tuple(answer for part in parts for answer in part.bad_answers),
    )


def _batches(rows: Sequence[TaskRow]) -> Iterator[pa.Table]:
    for start in range(0, len(rows), _BATCH):
        yield to_arrow(rows[start : start + _BATCH])
