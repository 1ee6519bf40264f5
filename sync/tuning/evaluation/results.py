"""What an evaluation found, for machines and for people."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from sync.common.json_text import Json
from sync.common.wording import counted
from sync.tuning.evaluation.comparison import ArmsCompared, ComparedSeries
from sync.tuning.evaluation.parts import PartOfItems
from sync.tuning.evaluation.rounds.round_changes import RoundsCompared
from sync.tuning.evaluation.rounds.shown_rounds import told_progress
from sync.tuning.evaluation.statistics.intervals import MeanEstimate

# a change that older readers misread gets the next number
FORMAT = 1


@dataclass(frozen=True)
class ArmSummary:
    """An arm, and what came of asking it.

    Attributes:
        asked: `plain` or `full`, see `EvaluatedArm`.
        unfit: items without an answer that fits; `cut_off`: replies that ended at the limit.
        tokens: of prompts and replies, those of earlier runs included.
        cost: in the prices' currency; None without a price.
    """

    name: str
    model: str
    asked: str
    unfit: int
    cut_off: int
    tokens: int
    cost: float | None


@dataclass(frozen=True)
class MeasuredRow:
    """One measure of all arms.

    Attributes:
        unit: `share` is shown in percent.
        expert: of the experts' own answers; None where that would mean nothing.
    """

    name: str
    told: str
    unit: str
    higher_is_better: bool
    means: Mapping[str, MeanEstimate]
    expert: float | None = None

    def shown(self, value: float | None) -> str:
        """A value as people read it."""
        if value is None:
            return "not measured"
        return f"{100 * value:.0f} %" if self.unit == "share" else f"{value:.3f}"


@dataclass(frozen=True)
class FailedItem:
    """A held-out item whose answer by the main arm fails a check, or loses.

    Attributes:
        checks: that it fails.
        lost_by: who preferred the answer of the arm that it is held against: `judge`, `experts`.
    """

    key: str
    task_id: int
    url: str
    checks: tuple[str, ...]
    lost_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation found.

    Attributes:
        release: its name; `where`: as people read it.
        proof: how the split was proven, without its full stop.
        rows: what is measured of the held-out items; `general`: of the general questions.
        compared: pairs of arms, the main one first; `general_compared`: likewise.
        loss_rises: by arm, the share by which the general loss is above the base's.
        main: the arm that is evaluated; `against`: what it is held against.
        notes: what else is to be said, a sentence each without its full stop.
        progress: beside earlier models; None where the main arm is neither tuned nor the base.
    """

    project: str
    project_id: int
    release: str
    release_id: str
    where: str
    proof: str
    items: int
    groups: int
    arms: tuple[ArmSummary, ...]
    rows: tuple[MeasuredRow, ...]
    compared: tuple[ArmsCompared, ...]
    main: str | None
    against: str
    general: tuple[MeasuredRow, ...] = ()
    general_compared: tuple[ArmsCompared, ...] = ()
    loss_rises: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[PartOfItems, ...] = ()
    failed: tuple[FailedItem, ...] = ()
    notes: tuple[str, ...] = ()
    progress: RoundsCompared | None = None

    @property
    def main_pair(self) -> ArmsCompared | None:
        """The main arm beside what it is held against."""
        pairs = (p for p in self.compared if (p.arm, p.against) == (self.main, self.against))
        return next(pairs, None)

    @property
    def decided_by(self) -> ComparedSeries | None:
        """The main measure of the main pair."""
        pair = self.main_pair
        return pair.series[0] if pair is not None and pair.series else None

    def fails(self, on: str) -> bool:
        """Whether a CI is to fail.

        Args:
            on: `worse`: the main arm is shown to be worse in something; `not-better`: it is not
                shown to be better in the main measure, or is worse in something.
        """
        pair, decided = self.main_pair, self.decided_by
        mine = [each for each in self.general_compared if each.arm == self.main]
        worse = any(each.worse_in for each in (*([pair] if pair else []), *mine))
        return worse or (on == "not-better" and (decided is None or decided.verdict != "better"))

    def to_json(self) -> Json:
        """Everything, as `evaluation.json` has it."""
        return {
            "format": FORMAT,
            "project": self.project,
            "project_id": self.project_id,
            "release": self.release,
            "release_id": self.release_id,
            "proof": self.proof,
            "items": self.items,
            "groups": self.groups,
            "main": self.main,
            "against": self.against,
            "arms": [asdict(arm) for arm in self.arms],
            "measures": [_row(row) for row in self.rows],
            "compared": [pair.to_json() for pair in self.compared],
            "general": [_row(row) for row in self.general],
            "general_compared": [pair.to_json() for pair in self.general_compared],
            "general_loss_rises": {a: round(rise, 4) for a, rise in self.loss_rises.items()},
            "parts": [part.to_json() for part in self.parts],
            "failed": [asdict(item) for item in self.failed],
            "progress": None if self.progress is None else self.progress.to_json(),
            "notes": list(self.notes),
        }

    def sentences(self) -> Iterator[str]:
        """For people: the items, a table, what is shown and what is not."""
        groups = counted(self.groups, "group")
        yield (
            f"{counted(self.items, 'held-out item')} of {self.release} in {groups} ({self.proof})."
        )
        yield from table(self)
        for pair in (*self.compared[:1], *self.general_compared[:1]):
            yield f"{pair.arm} beside {pair.against}:"
            for each in pair.series:
                yield f"  {each.told}: {told_difference(each, self.row(each.name))}"
        for arm, rise in self.loss_rises.items():
            yield f"General loss of {arm}: {100 * rise:+.1f} % beside its base."
        if self.progress is not None:
            yield from told_progress(self.progress)
        yield from (f"{note}." for note in self.notes)

    def row(self, name: str) -> MeasuredRow:
        """The row of a measure."""
        return next(row for row in (*self.rows, *self.general) if row.name == name)


def table(found: Evaluation) -> Iterator[str]:
    """The means of every arm, a line a measure."""
    names = [arm.name for arm in found.arms]
    has_experts = any(row.expert is not None for row in found.rows)
    heads = [*names, *(["experts"] if has_experts else [])]
    rows = [["", *heads]]
    for row in (*found.rows, *found.general):
        means = [row.means.get(name) for name in names]
        cells = ["" if mean is None else row.shown(mean.value) for mean in means]
        expert = ["" if row.expert is None else row.shown(row.expert)] if has_experts else []
        rows.append([row.told, *cells, *expert])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for first, *rest in rows:
        cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield f"  {first.ljust(widths[0])}  {'  '.join(cells)}".rstrip()


def told_difference(each: ComparedSeries, row: MeasuredRow) -> str:
    """`+23 points (+14 to +32), better (p = 0.0001, McNemar)`."""
    whole = each.found.difference
    by = 100 if row.unit == "share" else 1
    form = "+.0f" if row.unit == "share" else "+.3f"
    points = " points" if row.unit == "share" else ""
    value = f"{by * whole.value:{form}}{points}"
    if whole.low is None or whole.high is None:
        return f"{value}, not shown: {counted(whole.groups, 'group')} are too few to tell"
    interval = f"({by * whole.low:{form}} to {by * whole.high:{form}})"
    p = "" if each.p is None else f" (p = {each.p:.2g}, {each.found.test})"
    least = ""
    if each.verdict == "not shown" and each.least is not None:
        bound = f"{by * each.least:{form[1:]}}{points}"
        least = f"; with so many items, {bound} and more would mostly be shown"
    return f"{value} {interval}, {each.verdict}{p}{least}"


def _row(row: MeasuredRow) -> Json:
    return {
        "measure": row.name,
        "told": row.told,
        "unit": row.unit,
        "higher_is_better": row.higher_is_better,
        "expert": row.expert,
        "means": {arm: asdict(mean) for arm, mean in row.means.items()},
    }
