"""Records into the files of a release: one pass, a record at a time, so that memory stays flat."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drafting.clean_turns import without_weights
from label_configs import Interface
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.dataset.examples.reasoning import untold_turns
from sync.dataset.release.data_files import DataFiles, LineNumbers
from sync.dataset.release.export_counts import ExportCounter
from sync.dataset.release.personal_data_gate import PersonalDataGate
from sync.dataset.splits.split_items import DROPPED
from sync.dataset.splits.stored_splits import StoredSplit
from sync.records import LabelledRecord, Outcome
from sync.records.states import state_of
from sync.training_files.example import Completion, Conversation, Example, ExampleKind
from sync.training_files.general_examples import GeneralExamples
from sync.training_files.manifest.lineage import LineageWriter


@dataclass(frozen=True)
class ExampleWriter:
    """Writes the examples of records, and where each line comes from.

    Attributes:
        split: None where the project was never split; its files then have no split either.
        copies: how many lines a record becomes, by key; one where it is not named.
        personal: what becomes of personal data; None: it is not looked for.
    """

    interface: Interface[Any]
    layout: PromptLayout
    split: StoredSplit | None = None
    copies: Mapping[str, int] = field(default_factory=dict)
    personal: PersonalDataGate | None = None

    def write(
        self,
        outcomes: Iterable[Outcome],
        files: DataFiles,
        lineage: LineageWriter,
        progress: Callable[[int], None] = lambda done: None,
    ) -> ExportCounter:
        """Write the examples of every record, and where they come from.

        Args:
            outcomes: of the project's tasks, by task id.
            progress: told how many tasks are done.

        Raises:
            SyncError: a file can't be written.
        """
        tally = ExportCounter()
        done = 0
        for outcome in outcomes:
            if isinstance(outcome, LabelledRecord):
                done += 1
                tally.tasks[self._add(outcome, files, lineage, tally)] += 1
            elif (state := state_of(outcome, self.interface)) is not None:
                tally.tasks[state] += 1
            if not done % 1000:
                progress(done)
        return tally

    def _add(
        self, record: LabelledRecord, files: DataFiles, lineage: LineageWriter, tally: ExportCounter
    ) -> str:
        """Write a record's examples; what became of it."""
        split = None if self.split is None else self.split.split_of(record.key)
        copies = self.copies.get(record.key, 1) if self.copies else 1
        kept_out = self._kept_out(split, copies)
        if kept_out is not None:
            return kept_out if self._teaches(record, files) else self._teaches_nothing(record)
        lines: LineNumbers = {}
        change = self.personal.change(record) if self.personal else None
        for kind in files.kinds:
            for example in examples(kind, record, self.interface, self.layout, split):
                files.add(kind, change(example) if change else example, split, lines, copies)
        if not lines:
            return self._teaches_nothing(record)
        if self.personal is not None:
            self.personal.exported(record)
        lineage.record(record, lines, split, copies)
        tally.exported(record, split)
        tally.untold_reasoning += untold_turns(record, self.interface, self.layout.prompt.reasoning)
        return "exported"

    def _kept_out(self, split: str | None, copies: int) -> str | None:
        """Why a record is left out, whatever examples it has; None to write them."""
        if self.split is not None and split is None:
            return "unsplit"
        if split == DROPPED:
            return "dropped"
        return None if copies else "surplus"

    def _teaches(self, record: LabelledRecord, files: DataFiles) -> bool:
        """Whether any format could be made of a record, so that its split is what keeps it out."""
        found = (examples(kind, record, self.interface, self.layout) for kind in files.kinds)
        return any(next(some, None) is not None for some in found)

    def _teaches_nothing(self, record: LabelledRecord) -> str:
        """The reason in the words of every report; an accepted one is of use in other formats."""
        state = state_of(record, self.interface)
        return "untaught" if state is None or state == "accepted" else state


def write_general(
    general: GeneralExamples, files: DataFiles, lineage: LineageWriter, split: str | None
) -> None:
    """Write general examples after the records of a training file.

    Raises:
        SyncError: a file can't be written.
    """
    for taken in general.examples:
        lines: LineNumbers = {}
        for kind, example in _as_kinds(taken.conversation).items():
            if kind in files.kinds:
                files.add(kind, example, split, lines)
        lineage.mixed(taken.file, taken.line, lines)


def _as_kinds(conversation: Conversation) -> dict[ExampleKind, Example]:
    """A conversation, and its last turn as what completes it, where that is to be learnt."""
    *prompt, last = conversation.messages
    kinds: dict[ExampleKind, Example] = {Conversation: conversation}
    if last.get("weight") != 0:
        learnt, *_ = without_weights([last])
        kinds[Completion] = Completion(without_weights(prompt), learnt, conversation.tools)
    return kinds
