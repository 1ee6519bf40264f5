"""The labels of finished work that can be judged: a question for each control, or label of one.

category: which of its labels           ordered: stars, of which a neighbour is no error
flags, "escalate": is it chosen, or not
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from label_configs import Interface
from label_configs.config_xml import ControlTag
from label_configs.control_values import control_values, value_kind
from sync.records import LabelledRecord

# fewer labels than this in all say nothing about any one of them (ours)
MIN_LABELS = 30
# one in each of the five folds
MIN_PER_CLASS = 5
# of a question about one label of several
ABSENT, PRESENT = "not chosen", "chosen"


@dataclass(frozen=True)
class LabelQuestion:
    """A control's labels, or whether one of several was chosen.

    Attributes:
        label: of a control that may hold several; None: the control holds one.
        counts: of every label.
        classes: those that are frequent enough; stars in their order.
        rows: of the records that have one of these; `given`: which one, as an index.
        ordered: the classes are levels.
    """

    control: str
    counts: Mapping[str, int]
    classes: Sequence[str]
    rows: Sequence[int]
    given: Sequence[int]
    label: str | None = None
    ordered: bool = False

    @property
    def name(self) -> str:
        """As it is called in a sentence."""
        return self.control if self.label is None else f"{self.control} {self.label!r}"

    def has_enough(self) -> bool:
        return len(self.classes) >= 2 and len(self.rows) >= MIN_LABELS

    def batch(self) -> pa.Table:
        return pa.table({"row": list(self.rows), "given": list(self.given)})

    def too_few(self) -> str:
        have = ", ".join(f"{label!r} ({n})" for label, n in sorted(self.counts.items()))
        return (
            f"{self.name}: too few labels to judge, left out; it needs {MIN_LABELS} in at "
            f"least 2 labels with {MIN_PER_CLASS} examples each, and has {have}"
        )

    def left_out(self) -> list[str]:
        rare = [f"{label!r} ({n})" for label, n in sorted(self.counts.items()) if n < MIN_PER_CLASS]
        if not rare:
            return []
        return [f"{self.name}: {', '.join(rare)} left out; each needs {MIN_PER_CLASS} examples"]


def label_questions(
    records: Sequence[LabelledRecord], interface: Interface[Any]
) -> list[LabelQuestion]:
    """Every question, by control; of a control that nobody used there is none."""
    single: dict[str, dict[int, str]] = {}
    stars: dict[str, dict[int, str]] = {}
    several: dict[str, dict[int, frozenset[str]]] = {}
    asked = _rated_or_several(interface)
    # of the other controls nothing need be read
    config = replace(interface.config, controls=asked)
    for i, record in enumerate(records):
        for control, label in {**record.categories, **interface.labels(record.record)}.items():
            single.setdefault(control, {})[i] = label
        for control, told in interface.task_labels(record.record).items():
            if not isinstance(told, str):
                several.setdefault(control, {})[i] = frozenset(told)
        if not asked:
            continue
        values = control_values(config, interface.encode(record.record), {})
        for control, given in values.items():
            value = given.value
            if isinstance(value, frozenset):
                several.setdefault(control, {})[i] = frozenset(map(str, value))
            else:
                stars.setdefault(control, {})[i] = str(value)
    found = [_question(control, labels) for control, labels in single.items()]
    found += [_question(control, labels, ordered=True) for control, labels in stars.items()]
    found += [one for control, sets in several.items() for one in _each_label(control, sets)]
    return sorted(found, key=lambda question: (question.control, question.label or ""))


def _rated_or_several(interface: Interface[Any]) -> tuple[ControlTag, ...]:
    """Controls with stars or several choices that are the same for all tasks.

    A row of a page has no texts of its own here.
    """
    return tuple(
        control
        for control in interface.config.controls
        if control.repeat is None
        and (
            value_kind(control) == "stars" or (value_kind(control) == "labels" and control.choices)
        )
    )


def _question(
    control: str, labels: Mapping[int, str], label: str | None = None, *, ordered: bool = False
) -> LabelQuestion:
    counts = Counter(labels.values())
    classes = [name for name, n in counts.items() if n >= MIN_PER_CLASS]
    classes.sort(key=(lambda level: (int(level), level)) if ordered else None)
    place = {name: at for at, name in enumerate(classes)}
    rows = [i for i, name in labels.items() if name in place]
    given = [place[labels[i]] for i in rows]
    return LabelQuestion(control, counts, classes, rows, given, label, ordered)


def _each_label(control: str, sets: Mapping[int, frozenset[str]]) -> Iterator[LabelQuestion]:
    """Whether each label was chosen; one that hardly anybody chose, or nearly all, asks nothing."""
    counts = Counter(label for chosen in sets.values() for label in chosen)
    for label, n in sorted(counts.items()):
        if min(n, len(sets) - n) >= MIN_PER_CLASS:
            chosen = {i: PRESENT if label in some else ABSENT for i, some in sets.items()}
            yield _question(control, chosen, label)
