"""How far annotators agree, as a report shows it.

What is measured and how says `sync.quality.agreement`; here are the few figures of it that a page
has room for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ControlAgreement:
    """How far people agree about one control.

    Attributes:
        control: as people read it.
        measure: its name, such as "Krippendorff's alpha, nominal".
        value: 1 = they always agree, 0 = no more than by chance; None: can't be said.
        low, high: its 95 % interval; None where there is none.
        tasks: that several people decided; `annotators`: how many people these were.
        judged: whether a low value keeps a set from being trained on.
    """

    control: str
    measure: str
    value: float | None
    low: float | None = None
    high: float | None = None
    tasks: int = 0
    annotators: int = 0
    judged: bool = True


@dataclass(frozen=True)
class LeastAgreement:
    """The control that people agree about least, of those that are judged."""

    control: str
    value: float


@dataclass(frozen=True)
class AgreementPoint:
    """Agreement of a stretch of time."""

    begins: date
    control: str
    value: float


@dataclass(frozen=True)
class AgreementShown:
    """What a report says of agreement.

    Attributes:
        over_time: oldest first.
        with_others: of each annotator, the share of decisions that others took alike, in [0, 1].
    """

    controls: Sequence[ControlAgreement]
    over_time: Sequence[AgreementPoint] = ()
    with_others: Sequence[tuple[int | None, float]] = ()

    @property
    def least(self) -> LeastAgreement | None:
        """The lowest value that is judged; None where there is none."""
        known = [
            LeastAgreement(each.control, each.value)
            for each in self.controls
            if each.judged and each.value is not None
        ]
        return min(known, key=lambda each: each.value, default=None)
