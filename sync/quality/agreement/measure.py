"""The agreement of a project's annotators: each control, then the answers in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from label_configs import Interface
from sync.quality.agreement.answers import text_agreement
from sync.quality.agreement.coefficients import (
    agreed_share,
    cohen_kappa,
    counted,
    gwet_ac1,
    one_against_rest,
    specific_agreement,
)
from sync.quality.agreement.figures import (
    AgreementReport,
    CategoryAgreement,
    ControlAgreement,
    PairAgreement,
    PeriodAgreement,
)
from sync.quality.agreement.krippendorff import Counts, alpha, alpha_estimate, set_distances
from sync.quality.agreement.marked_spans import overlap_f1, spans_estimate
from sync.quality.agreement.votes import VoteTable, decision_table, vote_tables
from sync.records.shared_tasks import SharedWork

# share of one category from which on chance takes nearly all agreement for itself (ours)
LOPSIDED = 0.8
# weeks up to which periods are weeks; then they are months
_WEEKS = 12


def agreement(
    shared: SharedWork, interface: Interface[Any], answers: Embeddings, unread: frozenset[int]
) -> AgreementReport:
    """Every figure of a project.

    Args:
        answers: (n, dim), rows of length 1: of `shared.answers`.
        unread: rows of these that the embedding model can't read.
    """
    tables = vote_tables(shared.tasks, interface)
    decided = decision_table(shared.tasks)
    decisions = None if decided is None else control_agreement(decided)
    return AgreementReport(
        finished_tasks=shared.finished,
        shared_tasks=len(shared.tasks),
        controls=tuple(control_agreement(table) for table in tables),
        text=text_agreement(shared.tasks, answers, unread, decisions),
        unread=shared.unread,
    )


def control_agreement(table: VoteTable) -> ControlAgreement:
    """One control's figures."""
    if table.level == "spans":
        return _spans(table)
    counts = counted(table.given, len(table.domain))
    found = alpha_estimate(counts, table.level, table.domain)
    one = None if found else _said(table, counts)
    plain = table.level in ("nominal", "ordinal")
    return ControlAgreement(
        control=table.control,
        level=table.level,
        items=len(table.given),
        values=int(counts.sum()),
        annotators=len(table.annotators),
        agreed=_agreed(table, counts),
        alpha=found,
        ac1=gwet_ac1(counts, table.choices) if plain else None,
        lopsided=plain and bool(counts.sum(axis=0).max(initial=0) >= LOPSIDED * counts.sum()),
        untouched=table.untouched,
        pairs=tuple(_pairs(table)),
        categories=tuple(_categories(table, counts)),
        periods=tuple(_periods(table, counts)),
        reason=one,
    )


def _said(table: VoteTable, counts: Counts) -> str:
    """Why alpha can't be told."""
    if not len(counts):
        return "no item has two values"
    value = table.domain[int(counts.sum(axis=0).argmax())]
    named = ", ".join(sorted(value)) or "nothing" if isinstance(value, frozenset) else value
    return f"all {int(counts.sum())} values are {named!r}, so chance can't be told from agreement"


def _agreed(table: VoteTable, counts: Counts) -> float | None:
    return agreed_share(counts, set_distances(table.domain) if table.level == "set" else None)


def _pairs(table: VoteTable) -> Iterator[PairAgreement]:
    found: list[PairAgreement] = []
    for one, other in combinations(range(len(table.annotators)), 2):
        both = (table.given[:, one] >= 0) & (table.given[:, other] >= 0)
        if not both.any():
            continue
        mine, theirs = table.given[both, one], table.given[both, other]
        ordered = table.level in ("ordinal", "interval")
        found.append(
            PairAgreement(
                annotators=(table.annotators[one], table.annotators[other]),
                items=int(both.sum()),
                agreed=_same(table, mine, theirs),
                kappa=None
                if table.level in ("set", "spans")
                else cohen_kappa(mine, theirs, len(table.domain), ordered=ordered),
            )
        )
    yield from sorted(found, key=lambda pair: -pair.items)


def _same(table: VoteTable, mine: NDArray[np.int64], theirs: NDArray[np.int64]) -> float:
    """How far two annotators say the same, in [0, 1]."""
    if table.level == "set":
        near = 1.0 - set_distances(table.domain)
        return float(near[mine, theirs].mean())
    if table.level == "spans":
        pairs = zip(mine.tolist(), theirs.tolist(), strict=True)
        each = (overlap_f1(table.domain[one], table.domain[other]) for one, other in pairs)
        told = [1.0 if f1 is None else f1 for f1 in each]
        return float(np.mean(told))
    return float((mine == theirs).mean())


def _categories(table: VoteTable, counts: Counts) -> Iterator[CategoryAgreement]:
    """Each category against all others; of sets each label against the sets without it."""
    if table.level == "interval":
        return
    labels: Sequence[Any] = table.domain
    if table.level == "set":
        labels = sorted({label for value in table.domain for label in value})
    found: list[CategoryAgreement] = []
    for at, label in enumerate(labels):
        if table.level == "set":
            holds = np.array([label in value for value in table.domain])
            two = np.column_stack([counts[:, ~holds].sum(axis=1), counts[:, holds].sum(axis=1)])
        else:
            two = one_against_rest(counts, at)
        agreed = specific_agreement(two, 1)
        if agreed is not None:
            number = int(two[:, 1].sum())
            found.append(
                CategoryAgreement(str(label), number, alpha(two, "nominal", (0, 1)), agreed)
            )
    yield from sorted(found, key=lambda each: -each.values)


def _periods(table: VoteTable, counts: Counts) -> Iterator[PeriodAgreement]:
    """By week, or by month where there are many weeks; nothing where all is of one period."""
    weeks = {_week(each) for each in table.finished}
    name = _week if len(weeks) <= _WEEKS else _month
    places: dict[str, list[int]] = {}
    for at, each in enumerate(table.finished):
        places.setdefault(name(each), []).append(at)
    if len(places) < 2:
        return
    for period, rows in sorted(places.items()):
        some = counts[rows]
        share = _agreed(table, some)
        if share is not None:
            told = alpha(some, table.level, table.domain)
            yield PeriodAgreement(period, len(rows), share, told)


def _week(at: datetime) -> str:
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"


def _month(at: datetime) -> str:
    return f"{at:%Y-%m}"


def _spans(table: VoteTable) -> ControlAgreement:
    marks = [[table.domain[at] for at in row if at >= 0] for row in table.given.tolist()]
    found = spans_estimate(marks)
    return ControlAgreement(
        control=table.control,
        level="spans",
        items=len(table.given),
        values=int((table.given >= 0).sum()),
        annotators=len(table.annotators),
        agreed=None if found is None else found.value,
        f1=found,
        untouched=table.untouched,
        pairs=tuple(_pairs(table)),
        reason=None if found else "nobody marked anything",
    )
