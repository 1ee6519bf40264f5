"""What balancing knows of each task: its labels, how far it is, what became of its draft."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from label_configs import Interface, LabelConfigError
from sync.common.task_texts import user_text
from sync.records import LabelledRecord
from sync.records.draft_use import outcome_of
from sync.records.pulled_work import PulledWork
from sync.records.states import State, state_of
from sync.settings import Config
from sync.settings.categories import by_rules
from sync.settings.targets import LENGTH, LengthKindSection, kinds_of
from sync.table.task_rows import Prediction, TaskRow

# accepted: there is something to train on. waiting: nobody has finished or skipped it.
# spent: rejected, skipped, unreadable, or finished in ways that differ.
Stage = Literal["accepted", "waiting", "spent"]


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One task.

    Attributes:
        labels: by kind; what is not known is absent.
        changed: whether an expert edited, rewrote or rejected the draft; None without a draft, or
            while nobody has looked at it.
        state: the word for it in every report.
    """

    task_id: int
    labels: Mapping[str, str]
    stage: Stage
    changed: bool | None = None
    state: State = "unlabeled"


class Labeller:
    """Says which label of each kind a task has."""

    def __init__(self, config: Config) -> None:
        self.kinds = kinds_of(config.categories, config.targets.length)
        self._length = config.targets.length
        self._measured = LENGTH not in config.categories

    def labels(self, categories: Mapping[str, str], length: int | None) -> dict[str, str]:
        """The labels that there are, by kind.

        Args:
            length: in the unit of `[targets.length]`; None where it is not known.
        """
        found = {name: label for name, label in categories.items() if self._has(name, label)}
        if self._measured and length is not None:
            found[LENGTH] = bucket(length, self._length)
        return found

    def _has(self, name: str, label: str) -> bool:
        return label in self.kinds.get(name, ())


def read_facts(finished: PulledWork, rows: Iterable[TaskRow] | None = None) -> Iterator[TaskFacts]:
    """What is known of every task, one at a time, so that memory stays flat.

    Args:
        rows: the project's; by default they are read from the table.

    Raises:
        UnknownInterfaceError: there is no interface of the name that is configured.
    """
    config, interface = finished.config, finished.interface
    labeller = Labeller(config)
    for row in finished.snapshot.rows() if rows is None else rows:
        outcome = next(finished.outcomes([row]))
        state = state_of(outcome, interface)
        assert state is not None  # of a task's outcomes, the first tells it
        if isinstance(outcome, LabelledRecord):
            facts = _finished(outcome, interface, labeller, config.targets.length)
        else:
            facts = _unfinished(row, interface, labeller, config)
        yield replace(facts, state=state)


def measured(record: LabelledRecord, interface: Interface[Any], section: LengthKindSection) -> int:
    """The length of a finished task as `[targets.length]` measures it."""
    return _length(record.data, interface.answer(record.record), section)


def bucket(length: int, section: LengthKindSection) -> str:
    """The label of a length."""
    fitting = (label for label, most in section.up_to.items() if length <= most)
    return next(fitting, section.beyond)


def _length(data: Mapping[str, Any], answer: str, section: LengthKindSection) -> int:
    text = answer if section.of == "answer" else user_text(data)
    return len(text.split()) if section.unit == "words" else len(text)


def _finished(
    record: LabelledRecord,
    interface: Interface[Any],
    labeller: Labeller,
    section: LengthKindSection,
) -> TaskFacts:
    accepted = record.accepted(interface)
    outcome = outcome_of(record)
    return TaskFacts(
        task_id=record.task_id,
        labels=labeller.labels(record.categories, measured(record, interface, section)),
        stage="accepted" if accepted else "spent",
        changed=None if outcome == "no draft" else outcome != "accepted" or not accepted,
    )


def _unfinished(
    row: TaskRow, interface: Interface[Any], labeller: Labeller, config: Config
) -> TaskFacts:
    """By the task itself, and by what its draft says of it."""
    data = row.data_fields()
    stage: Stage = "spent" if row.annotations else "waiting"
    try:
        interface.check_task(data)
    except LabelConfigError:
        return TaskFacts(row.task_id, {}, "spent")
    categories = by_rules(data, config.categories) | interface.task_categories(data)
    answer = None
    newest = max(row.predictions, key=lambda p: p.id, default=None)
    if newest is not None:
        drafted, answer = _drafted(newest, interface)
        categories |= drafted
    section = config.targets.length
    known = section.of == "prompt" or answer is not None
    length = _length(data, answer or "", section) if known else None
    return TaskFacts(row.task_id, labeller.labels(categories, length), stage)


def _drafted(draft: Prediction, interface: Interface[Any]) -> tuple[dict[str, str], str | None]:
    """A draft's categories and answer; nothing of one that the interface can't read."""
    try:
        items = draft.items()
        return interface.decode_categories(items), interface.answer(interface.decode(items))
    except (LabelConfigError, AttributeError, TypeError):
        return {}, None
