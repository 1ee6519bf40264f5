"""What must be known of all records before the first is written: split, balance, documents."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from connectors.task_pages import task_url
from sync.coverage.targets import read_targets
from sync.coverage.task_facts import measured
from sync.dataset.examples.distractors import DocumentPool
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.dataset.release.balancing import BalancePlan, ExportRecord, Mode, plan_balance
from sync.dataset.release.personal_data_gate import PersonalDataGate
from sync.dataset.release.write_examples import ExampleWriter
from sync.dataset.splits.stored_splits import StoredSplit, read_split
from sync.records import LabelledRecord, Outcome
from sync.records.pulled_work import PulledWork
from sync.records.unlisted import UnlistedLabels
from sync.table.data_folder import DataFolder


@dataclass(frozen=True)
class Prepared:
    """What an export goes by from its first record on.

    Attributes:
        outcomes: a fresh pass over what became of the project's tasks, by task id.
        personal: what becomes of personal data.
        plan: of balancing, or None.
        unlisted: looks at the rows of each pass.
    """

    writer: ExampleWriter
    outcomes: Callable[[], Iterator[Outcome]]
    personal: PersonalDataGate
    plan: BalancePlan | None
    unlisted: UnlistedLabels

    @property
    def split(self) -> StoredSplit | None:
        """The split that the files follow, or None."""
        return self.writer.split


def prepare(finished: PulledWork, folder: DataFolder, balance: Mode | None) -> Prepared:
    """Read the split, and where it is needed all records once, in little memory.

    Raises:
        ExportError: there is nothing to balance by.
        SyncError: the table or the split can't be read.
    """
    config, snapshot, interface = finished.config, finished.snapshot, finished.interface
    split = read_split(folder, snapshot.table_version)
    unlisted = UnlistedLabels(interface, config.categories)

    def outcomes() -> Iterator[Outcome]:
        return finished.outcomes(unlisted.watch(snapshot.rows()))

    documents = DocumentPool()
    items: list[ExportRecord] = []
    for record in outcomes() if balance or config.export.distractors else ():
        if not isinstance(record, LabelledRecord):
            continue
        home = split.split_of(record.key) if split is not None else None
        if config.export.distractors:
            documents.add(record.data.get("documents") or (), home)
        if balance and record.accepted(interface):
            length = measured(record, interface, config.targets.length)
            items.append(ExportRecord(record.key, record.task_id, home, record.categories, length))
    balanced = None
    if balance:
        balanced = plan_balance(items, read_targets(finished), balance)
    personal = PersonalDataGate(
        config.export.personal_data,
        config.cleaning.redaction,
        config.folder,
        interface,
        partial(task_url, config.label_studio.url, snapshot.project_id),
    )
    writer = ExampleWriter(
        interface,
        PromptLayout.of(config, interface, documents),
        split,
        {i.key: balanced.copies(i.key) for i in items} if balanced else {},
        personal,
    )
    return Prepared(writer, outcomes, personal, balanced, unlisted)
