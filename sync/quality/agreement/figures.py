"""What is said of agreement: frozen figures, a control each, one of answers in words.

A figure that can't be told is None, and `reason` says why in a sentence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

# how two values of a control differ: not at all or wholly; by rank; by number; by what two sets
# share; by the characters that two sets of marks share
MeasurementLevel = Literal["nominal", "ordinal", "interval", "set", "spans"]

# what Krippendorff (2004, p. 241) asks for before conclusions are drawn, and tentative ones
RELIABLE, TENTATIVE = 0.8, 0.667


@dataclass(frozen=True, slots=True)
class BootstrapEstimate:
    """A figure and the 95 % interval of its bootstrap over tasks; None where that can't be told."""

    value: float
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.value:.2f}"
        return f"{self.value:.2f} (95 %: {self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two annotators on what both of them judged.

    Attributes:
        annotators: their ids in Label Studio; None is somebody whom it no longer knows.
        items: that both judged.
        agreed: share in [0, 1] on which they say the same.
        kappa: Cohen's, with quadratic weights where the values have an order; None where chance
            can't be told, since both always said the same one thing, or for sets and spans.
    """

    annotators: tuple[int | None, int | None]
    items: int
    agreed: float
    kappa: float | None


@dataclass(frozen=True, slots=True)
class CategoryAgreement:
    """One category against all others.

    Attributes:
        values: how often it was given, on items that several judged.
        alpha: of "this one or another"; None where it was given always or never.
        agreed: of two who judged an item, and one gave it, how often the other gave it, too.
    """

    category: str
    values: int
    alpha: float | None
    agreed: float


@dataclass(frozen=True, slots=True)
class PeriodAgreement:
    """Items that were finished in one period.

    Attributes:
        period: `2026-11` for a month, `2026-W47` for a week.
        alpha: None where the period alone can't tell chance.
    """

    period: str
    items: int
    agreed: float
    alpha: float | None


@dataclass(frozen=True, slots=True)
class ControlAgreement:
    """How far annotators agree in one control.

    Attributes:
        items: that two or more annotators judged; a row of a page is an item of its own.
        values: that they gave on these.
        annotators: who gave them.
        agreed: share in [0, 1] of pairs of values of one item that are the same; of sets and
            spans, how far they are.
        alpha: Krippendorff's, by `level`; of spans None.
        f1: of marked characters, over all pairs of annotators; of spans only.
        ac1: Gwet's AC1; of nominal and ordinal controls.
        lopsided: one category holds so much that alpha is low whatever annotators do, so that AC1
            is the figure to read.
        pairs, categories, periods: the same in parts; the most items first, of periods the oldest.
        untouched: share of values that are the draft's own, as the page marks them: who leaves
            what a draft filled in agrees with others who do.
        reason: why there is no figure; None where there is one.
    """

    control: str
    level: MeasurementLevel
    items: int
    values: int = 0
    annotators: int = 0
    agreed: float | None = None
    alpha: BootstrapEstimate | None = None
    f1: BootstrapEstimate | None = None
    ac1: float | None = None
    lopsided: bool = False
    untouched: float = 0.0
    pairs: tuple[PairAgreement, ...] = ()
    categories: tuple[CategoryAgreement, ...] = ()
    periods: tuple[PeriodAgreement, ...] = ()
    reason: str | None = None

    def sentence(self) -> str:
        """One line for people, without its full stop."""
        over = f"{self.annotators} annotators on {self.items:,} items"
        if self.f1 is not None:
            return f"{self.control}: F1 of marks {self.f1}; {over}"
        if self.alpha is None:
            return f"{self.control}: {self.reason or 'no figure'}"
        said = f"{self.control}: alpha {self.alpha} ({self.level}), {_word(self.alpha.value)}"
        if self.lopsided and self.ac1 is not None:
            said += f"; one category holds most, so read AC1 {self.ac1:.2f}"
        return f"{said}; {self.agreed:.0%} of pairs agree; {over}"


@dataclass(frozen=True, slots=True)
class TextAgreement:
    """How far annotators wrote the same answers.

    Attributes:
        items: tasks that two or more annotators answered.
        pairs: of answers to the same task.
        meaning: mean cosine similarity of the pairs, by the embedding model, clipped to [0, 1].
        baseline: the same of answers to different tasks: what one subject alone gives.
        same: share of pairs with the same words.
        untouched: share of pairs in which both left their draft as it was: then the draft agrees
            with itself.
        unread: pairs of which the embedding model can't read an answer.
        decisions: on the draft, by what became of it: accepted < edited < rewritten < rejected.
    """

    items: int
    pairs: int
    annotators: int
    meaning: BootstrapEstimate
    baseline: float | None
    same: float
    untouched: float
    unread: int
    decisions: ControlAgreement | None = None

    def sentence(self) -> str:
        """One line for people, without its full stop."""
        beside = "" if self.baseline is None else f" ({self.baseline:.2f} between different tasks)"
        return (
            f"answers: similarity {self.meaning}{beside}; {self.same:.0%} of pairs word for word "
            f"the same; {self.annotators} annotators on {self.items:,} items"
        )


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Agreement in a project.

    Attributes:
        finished_tasks: with at least one annotation that nobody skipped.
        shared_tasks: of these, with annotations of two annotators or more.
        controls: those that at least one shared task has values in, in the order of the page.
        text: None where no task has two answers in words.
        unread: annotations that their interface can't decode; left out.
    """

    finished_tasks: int = 0
    shared_tasks: int = 0
    controls: tuple[ControlAgreement, ...] = ()
    text: TextAgreement | None = None
    unread: int = 0

    def sentences(self) -> Iterator[str]:
        """A line a control, then one of the answers; without full stops."""
        if not self.shared_tasks:
            return
        for control in self.controls:
            yield control.sentence()
        if self.text is not None:
            yield self.text.sentence()
            # the verdict on the draft is the same said in a control
            asked = any(control.control == "verdict" for control in self.controls)
            if self.text.decisions is not None and not asked:
                yield self.text.decisions.sentence()


def _word(alpha: float) -> str:
    if alpha >= RELIABLE:
        return "reliable"
    if alpha >= TENTATIVE:
        return "enough for tentative conclusions"
    if alpha > 0:
        return "too low to rely on"
    return "no better than chance"
