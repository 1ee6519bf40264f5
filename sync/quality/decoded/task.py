"""What one pulled row says, as the checks and the report need it."""

import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from label_configs import Interface
from label_configs.answer_turns import answer_text
from sync.intake.redaction.in_finished_work import FoundData, PersonalData
from sync.records import Choosing, LabelledRecord, Outcome, iter_records
from sync.records.states import State, state_of
from sync.settings.categories import CategorySection
from sync.table.arrow_columns import array
from sync.table.task_rows import TaskRow, from_arrow


@dataclass(frozen=True, slots=True)
class DecodedTask:
    """A row, decoded.

    Attributes:
        outcomes: what became of the task, see `sync.records.iter_records`; records without their
            drafts and what a reviewer amended, which nobody looks at any more.
        state: of the task.
        missing: what its record lacks, as a sentence, or None.
        personal: personal data in its record, or None.
        bad_answers: that an expert or a reviewer rejected.
    """

    outcomes: tuple[Outcome, ...]
    state: State
    missing: str | None = None
    personal: FoundData | None = None
    bad_answers: tuple[str, ...] = ()

    @property
    def record(self) -> LabelledRecord | None:
        """What the task teaches; None where nothing counts, or it can't be read."""
        first = self.outcomes[0]
        return first if isinstance(first, LabelledRecord) else None


@dataclass(frozen=True)
class Decoding:
    """Batch of rows -> one row, a `DecodedTask` for each, pickled.

    Attributes:
        personal: how to look for personal data; None: not at all.
    """

    interface: Interface[Any]
    categories: Mapping[str, CategorySection]
    choosing: Choosing
    personal: PersonalData | None

    def __call__(self, batch: pa.Table) -> pa.Table:
        decoded = [self._decoded(row) for row in from_arrow(batch)]
        return pa.table([array([pickle.dumps(decoded)], pa.large_binary())], names=["decoded"])

    def _decoded(self, row: TaskRow) -> DecodedTask:
        outcomes = list(iter_records([row], self.interface, self.categories, self.choosing))
        state = next(s for one in outcomes if (s := state_of(one, self.interface)) is not None)
        record, *others = outcomes
        if not isinstance(record, LabelledRecord):
            return DecodedTask(tuple(outcomes), state)
        # a reviewer has said already what is wrong with a rejected one
        judged = not record.rejected
        return DecodedTask(
            outcomes=(replace(record, draft=None, before_review=None), *others),
            state=state,
            missing=self.interface.missing(record.record, record.data) if judged else None,
            personal=self._personal_data(record),
            bad_answers=tuple(self._bad_answers(record)),
        )

    def _personal_data(self, record: LabelledRecord) -> FoundData | None:
        look = self.personal
        return None if look is None else look.in_record(record, self.interface)

    def _bad_answers(self, record: LabelledRecord) -> Iterator[str]:
        """What a reviewer rejected, and drafts that the annotator rejected or wrote anew."""
        bad: Iterable[str]
        if record.rejected:
            bad = [self.interface.answer(record.record)]
        else:
            judged = self.interface.judged_answers(record.record, record.data, record.draft)
            bad = [answer_text(j.answer) for j in judged if not j.good and j.prompt is None]
        yield from (answer for answer in bad if answer.strip())
