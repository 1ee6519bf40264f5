"""What a measure of an evaluation takes and gives."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from label_configs import Interface
from sync.settings import Config
from sync.tuning.evaluation.arms.prompts import VectorsOf
from sync.tuning.evaluation.held_out import HeldOutItem
from sync.tuning.evaluation.statistics.intervals import ItemValues

# an answer, or None where the arm gave none that fits
Answers = Sequence[str | None]


@dataclass(frozen=True)
class AnsweredItems:
    """Held-out items with what each arm answered.

    Attributes:
        answers: by arm, one an item.
        losses: by arm, of the expert's answer to each item, in nats a byte; None: not measured.
    """

    config: Config
    interface: Interface[Any]
    items: Sequence[HeldOutItem]
    answers: Mapping[str, Answers]
    vectors_of: VectorsOf
    losses: Mapping[str, Sequence[float | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class MeasuredSeries:
    """One figure of every arm and item.

    Attributes:
        name: for machines; `told`: for people.
        unit: how it is shown.
        passes: it is 1 for items that pass, and 0 for others.
        values: by arm, (n,); NaN where it was not measured.
        expert: (n,) of the experts' own answers; None where that would mean nothing.
        is_main: by which the evaluation is decided.
    """

    name: str
    told: str
    unit: Literal["share", "number"]
    passes: bool
    higher_is_better: bool
    values: Mapping[str, ItemValues]
    expert: ItemValues | None = None
    is_main: bool = False


AnswerMeasure = Callable[[AnsweredItems], Iterator[MeasuredSeries]]


def as_values(found: Sequence[float | bool | None]) -> ItemValues:
    """(n,) of values, NaN for None."""
    return np.array([np.nan if value is None else float(value) for value in found])
