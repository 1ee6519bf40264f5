"""Records into the files of a release: one pass, a record at a time, so that memory stays flat."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from label_configs import Interface
from sync.balance.mixing import GeneralExamples
from sync.examples.example import Completion, Conversation, Example, Kind
from sync.examples.making import examples
from sync.examples.messages import without_weights
from sync.examples.presentation import Presentation
from sync.records import LabelledRecord, Outcome, Unfinished, Unreadable
from sync.records.draft_use import DraftCounts
from sync.releases.data_files import DataFiles, Lines
from sync.releases.lineage import LineageWriter
from sync.splits.items import DROPPED
from sync.splits.stored import StoredSplit


@dataclass
class Tally:
    """What became of the project's tasks.

    Attributes:
        tasks: by fate, see `sync.export.Counts`.
        categories: labels of the exported tasks, by kind.
    """

    tasks: Counter[str] = field(default_factory=Counter)
    categories: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    drafts: DraftCounts = field(default_factory=DraftCounts)

    def labels(self) -> dict[str, dict[str, int]]:
        """How many exported tasks have each label, by kind of category, in one order."""
        return {
            name: dict(sorted(found.items())) for name, found in sorted(self.categories.items())
        }


@dataclass(frozen=True)
class Building:
    """How a record becomes lines.

    Attributes:
        split: None where the project was never split; its files then have no split either.
        copies: how many lines a record becomes, by key; one where it is not named.
    """

    interface: Interface[Any]
    presentation: Presentation
    split: StoredSplit | None = None
    copies: Mapping[str, int] = field(default_factory=dict)

    def write(
        self,
        outcomes: Iterable[Outcome],
        files: DataFiles,
        lineage: LineageWriter,
        progress: Callable[[int], None] = lambda done: None,
    ) -> Tally:
        """Write the examples of every record, and where they come from.

        Args:
            outcomes: of the project's tasks, by task id.
            progress: told how many tasks are done.

        Raises:
            SyncError: a file can't be written.
        """
        tally = Tally()
        done = 0
        for outcome in outcomes:
            if isinstance(outcome, LabelledRecord):
                done += 1
                tally.drafts.add(outcome.provenance)
                tally.tasks[self._add(outcome, files, lineage, tally)] += 1
            elif isinstance(outcome, Unreadable):
                # another annotation of the task may have been read in its place
                tally.tasks["unreadable"] += outcome.instead is None
            elif isinstance(outcome, Unfinished):
                tally.tasks[outcome.why] += 1
            if not done % 1000:
                progress(done)
        return tally

    def _add(
        self, record: LabelledRecord, files: DataFiles, lineage: LineageWriter, tally: Tally
    ) -> str:
        """Write a record's examples; what became of it."""
        split = None
        if self.split is not None:
            split = self.split.split_of(record.key)
            if split is None:
                return "unsplit"
            if split == DROPPED:
                return "dropped"
        copies = self.copies.get(record.key, 1) if self.copies else 1
        if not copies:
            return "surplus"
        lines: Lines = {}
        for kind in files.kinds:
            for example in examples(kind, record, self.interface, self.presentation, split):
                files.add(kind, example, split, lines, copies)
        if not lines:
            return "untaught" if record.accepted(self.interface) else "rejected"
        lineage.record(record, lines, split, copies)
        for name, label in record.categories.items():
            tally.categories[name][label] += 1
        return "exported"


def write_general(
    general: GeneralExamples, files: DataFiles, lineage: LineageWriter, split: str | None
) -> None:
    """Write general examples after the records of a training file.

    Raises:
        SyncError: a file can't be written.
    """
    for taken in general.examples:
        lines: Lines = {}
        for kind, example in _as_kinds(taken.conversation).items():
            if kind in files.kinds:
                files.add(kind, example, split, lines)
        lineage.mixed(taken.file, taken.line, lines)


def _as_kinds(conversation: Conversation) -> dict[Kind, Example]:
    """A conversation, and its last turn as what completes it, where that is to be learnt."""
    *prompt, last = conversation.messages
    kinds: dict[Kind, Example] = {Conversation: conversation}
    if last.get("weight") != 0:
        learnt, *_ = without_weights([last])
        kinds[Completion] = Completion(without_weights(prompt), learnt, conversation.tools)
    return kinds
