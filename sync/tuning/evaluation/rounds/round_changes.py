"""A round beside the one before it: is the model better, and is each failing cluster smaller?

A cluster is what asks alike, passing items included. So an item that passed and now fails counts as
much as one that failed and now passes, and chance alone makes no cluster smaller on average, but
for this: clusters are told because much failed in them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sync.common.json_text import Json
from sync.common.wording import counted
from sync.quality.checks.shares import holm
from sync.tuning.evaluation.comparison import rounded
from sync.tuning.evaluation.question_clusters import ItemCluster
from sync.tuning.evaluation.rounds.evaluation_round import EvaluationRound
from sync.tuning.evaluation.statistics.intervals import group_numbers
from sync.tuning.evaluation.statistics.paired import (
    PairedDifference,
    ShownAs,
    paired_difference,
    shown_as,
)

ClusterVerdict = Literal["smaller", "larger", "not shown", "no smaller", "not asked"]


@dataclass(frozen=True)
class ClusterChange:
    """A cluster that failed in the round before, now.

    Attributes:
        asked: items of it that both rounds asked; `before` and `now`: how many of them fail.
        p: put right for all clusters; None: too few groups to tell.
        verdict: `not shown`: fewer fail, or more, which may be chance; `no smaller`: as many fail;
            `not asked`: none of its items is asked any more.
    """

    cluster: ItemCluster
    asked: int
    before: int
    now: int
    p: float | None
    verdict: ClusterVerdict

    def sentence(self) -> str:
        """For people, without its full stop."""
        name = f"“{self.cluster.name}”"
        if self.verdict == "not asked":
            return f"{name}: none of its items is asked any more, so nobody can say"
        counts = f"{self.before} of {self.asked} failed, {self.now} of {self.asked} do now"
        p = "" if self.p is None else f", p = {self.p:.2g}"
        if self.verdict in ("smaller", "larger"):
            return f"{name} is {self.verdict}: {counts}{p}"
        if self.verdict == "no smaller":
            return f"{name} is no smaller: {counts}"
        fewer = "smaller" if self.now < self.before else "larger"
        why = "too few groups to tell" if self.p is None else f"it may be chance{p}"
        return f"{name} is not shown to be {fewer}: {counts} ({why})"

    def to_json(self) -> Json:
        """Plain values."""
        return {
            "cluster": self.cluster.name,
            "asked": self.asked,
            "failed_before": self.before,
            "failed_now": self.now,
            "p_holm": self.p,
            "verdict": self.verdict,
        }


@dataclass(frozen=True)
class RoundsCompared:
    """All rounds, the last of which is beside the one before it.

    Attributes:
        rounds: in the order in which their models were made, up to the one that is told of.
        difference: of the main measure, on items that both asked; None where there is nothing to
            compare.
        clusters: of the round before, those with most failures first.
        why_not: why the rounds can't be held beside each other; None where they can.
    """

    rounds: tuple[EvaluationRound, ...]
    difference: PairedDifference | None = None
    verdict: ShownAs = "not shown"
    clusters: tuple[ClusterChange, ...] = ()
    why_not: str | None = None

    @property
    def now(self) -> EvaluationRound:
        """The round that is told of."""
        return self.rounds[-1]

    @property
    def before(self) -> EvaluationRound | None:
        """The round before it."""
        return self.rounds[-2] if len(self.rounds) > 1 else None

    def change(self) -> str:
        """The two rounds in a sentence without its full stop; empty where there is one alone."""
        if self.before is None:
            return ""
        beside = f"Beside {self.before.model}, the round before"
        if self.why_not is not None or self.difference is None:
            return f"{beside}: {self.why_not or 'no item was asked in both'}"
        whole = self.difference.difference
        value = f"{100 * whole.value:+.0f} points"
        if whole.low is None or whole.high is None:
            groups = counted(whole.groups, "group")
            return f"{beside}: {value}, not shown: {groups} are too few to tell"
        interval = f"({100 * whole.low:+.0f} to {100 * whole.high:+.0f})"
        return f"{beside}: {value} {interval}, {self.verdict}, on {counted(whole.items, 'item')}"

    def sentences(self) -> Iterator[str]:
        """For people, without their full stops: the change, then each cluster."""
        if said := self.change():
            yield said
        yield from (each.sentence() for each in self.clusters)

    def to_json(self) -> Json:
        """Plain values."""
        whole = None if self.difference is None else self.difference.difference
        return {
            "rounds": [_told(each) for each in self.rounds],
            "before": None if self.before is None else self.before.model,
            "difference": None if whole is None else rounded(whole.value),
            "low": None if whole is None else rounded(whole.low),
            "high": None if whole is None else rounded(whole.high),
            "items": None if whole is None else whole.items,
            "p": None if self.difference is None else self.difference.p,
            "verdict": self.verdict,
            "why_not": self.why_not,
            "clusters_before": [each.to_json() for each in self.clusters],
            "clusters": [
                {"cluster": c.name, "items": len(c.keys), "failed": len(self.now.failing(c))}
                for c in self.now.clusters
            ],
        }


def rounds_compared(known: Sequence[EvaluationRound], now: EvaluationRound) -> RoundsCompared:
    """A round beside the last one of an earlier model.

    Args:
        known: earlier rounds; one of the same model is passed over.
    """
    earlier = [
        each for each in known if each.same_model != now.same_model and each.place < now.place
    ]
    rounds = (*sorted(earlier, key=lambda each: each.place), now)
    if not earlier:
        return RoundsCompared(rounds)
    before = rounds[-2]
    if before.checks != now.checks:
        return RoundsCompared(
            rounds,
            why_not="the checks or their settings have changed since, so that nothing can be said "
            f"of it; evaluate {before.model} again, then this one",
        )
    difference = _pass_difference(before, now)
    verdict: ShownAs = "not shown"
    if difference is not None:
        verdict = shown_as(difference, difference.p, higher_is_better=True)
    return RoundsCompared(rounds, difference, verdict, _changes(before, now))


def _pass_difference(before: EvaluationRound, now: EvaluationRound) -> PairedDifference | None:
    keys = [
        key
        for key, item in now.items.items()
        if item.value is not None
        if (was := before.items.get(key)) is not None and was.value is not None
    ]
    if not keys:
        return None
    mine = np.array([now.items[key].value for key in keys], dtype=np.float64)
    theirs = np.array([before.items[key].value for key in keys], dtype=np.float64)
    groups = group_numbers([now.items[key].group for key in keys])
    return paired_difference(mine, theirs, groups, passes=True)


def _changes(before: EvaluationRound, now: EvaluationRound) -> tuple[ClusterChange, ...]:
    same_pair = before.against == now.against
    judges = [j for j in before.judges if j in now.judges] if same_pair else []
    told = [(cluster, _failures(before, now, cluster, judges)) for cluster in before.clusters]
    found = [None if counts is None else counts[2] for _, counts in told]
    adjusted = holm([None if pair is None else pair.p for pair in found])
    return tuple(
        _change(cluster, counts, p) for (cluster, counts), p in zip(told, adjusted, strict=True)
    )


_Failures = tuple[int, int, PairedDifference, int]


def _failures(
    before: EvaluationRound, now: EvaluationRound, cluster: ItemCluster, judges: Sequence[str]
) -> _Failures | None:
    """Failures before and now, their difference, and items; None where none is asked any more."""
    keys = [key for key in cluster.keys if key in before.items and key in now.items]
    if not keys:
        return None
    was = np.array([before.items[key].fails(judges) for key in keys], dtype=np.float64)
    fails = np.array([now.items[key].fails(judges) for key in keys], dtype=np.float64)
    groups = group_numbers([now.items[key].group for key in keys])
    pair = paired_difference(fails, was, groups, passes=True)
    return int(was.sum()), int(fails.sum()), pair, len(keys)


def _change(cluster: ItemCluster, counts: _Failures | None, p: float | None) -> ClusterChange:
    if counts is None:
        return ClusterChange(cluster, 0, 0, 0, None, "not asked")
    before, now, pair, asked = counts
    verdict: ClusterVerdict = "no smaller" if now == before else "not shown"
    shown = shown_as(pair, p, higher_is_better=False)
    if shown != "not shown":
        verdict = "smaller" if shown == "better" else "larger"
    return ClusterChange(cluster, asked, before, now, p, verdict)


def _told(each: EvaluationRound) -> Json:
    """What a curve needs of a round."""
    return {
        "model": each.model,
        "release": each.release,
        "examples": each.examples,
        "hours": rounded(each.hours),
        "cost": each.cost,
        "value": rounded(each.value),
        "low": rounded(each.low),
        "high": rounded(each.high),
        "against": each.against,
        "against_value": rounded(each.against_value),
        "loss_rise": rounded(each.loss_rise),
        "items": len(each.items),
        "failed": each.failed,
    }
