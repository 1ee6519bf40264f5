"""Answers of two arms in front of a model that judges: both orders, ties allowed.

The judge, its rubric and its budget are those of `[checks.judge]`; nothing is paid for twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from label_configs import Interface
from sync.common.picture_names import pictures_in
from sync.quality.judge.connect import ProjectJudge
from sync.quality.judge.prompts import BETTER_SCHEMA, compare_messages, read_choice
from sync.quality.judge.requests import JudgeRequest
from sync.tuning.evaluation.held_out import HeldOutItem
from sync.tuning.evaluation.measures.measure import AnsweredItems, Answers, MeasuredSeries
from sync.tuning.evaluation.statistics.intervals import (
    GroupNumbers,
    ItemValues,
    MeanEstimate,
    mean_estimate,
)

NAME = "judge"
# held-out items on which a judge is itself held against the experts
_AGAINST_EXPERTS = 50


@dataclass(frozen=True)
class JudgedPairs:
    """What a judge said of pairs.

    Attributes:
        outcomes: (n,) 1 where it prefers the first in both orders, -1 the second, 0 a tie; NaN
            where it was not asked, or did not say.
        changed: how often it changed its mind with the order; these are ties.
        why_not: what was not judged and why, a sentence each without its full stop.
    """

    outcomes: ItemValues
    changed: int
    why_not: tuple[str, ...]

    @property
    def judged(self) -> int:
        """How many pairs have an outcome."""
        return int((~np.isnan(self.outcomes)).sum())


def judged_pairs(
    judge: ProjectJudge,
    interface: Interface[Any],
    items: Sequence[HeldOutItem],
    first: Answers,
    second: Answers,
) -> JudgedPairs:
    """Have a judge compare two answers to each item; equal ones are a tie, and cost nothing.

    An arm without an answer loses, unless the other has none either.

    Raises:
        SyncError: the replies can't be kept, or another check asks a judge.
    """
    outcomes = np.full(len(items), np.nan)
    rows, requests = [], []
    for row, (item, one, other) in enumerate(zip(items, first, second, strict=True)):
        if one is None or other is None or one == other:
            outcomes[row] = float(one is not None) - float(other is not None)
            continue
        data = item.record.data
        if pictures_in(data.get("messages")):
            continue
        case, texts = judge.shown(interface, data, one, other)
        rows.append(row)
        for shown_first, shown_second in (texts, texts[::-1]):
            messages = compare_messages(case, shown_first, shown_second, judge.rubric)
            requests.append(JudgeRequest(messages, BETTER_SCHEMA, read_choice))
    readings = judge.ask.ask(requests)
    changed = 0
    for place, row in enumerate(rows):
        shown, swapped = readings.values[2 * place : 2 * place + 2]
        if shown is None or swapped is None:
            continue
        one_first = {"first": 1.0, "second": -1.0, "tie": 0.0}[shown.better]
        other_first = {"first": -1.0, "second": 1.0, "tie": 0.0}[swapped.better]
        outcomes[row] = one_first if one_first == other_first else 0.0
        changed += one_first != other_first
    why_not = [f"{n} requests of the judge: {why}" for why, n in sorted(readings.why_not.items())]
    stopped = [f"the judge: {readings.stopped}"] if readings.stopped else []
    return JudgedPairs(outcomes, changed, (*why_not, *stopped))


@dataclass(frozen=True)
class JudgedArms:
    """What a judge says of the main pair of an evaluation.

    Attributes:
        series: None where nothing was judged.
        notes: a sentence each without its full stop.
    """

    series: MeasuredSeries | None
    notes: tuple[str, ...]


def judged_arms(
    judge: ProjectJudge, answered: AnsweredItems, groups: GroupNumbers, arm: str, against: str
) -> JudgedArms:
    """Have a judge compare two arms, and say how far it sees what experts do.

    Raises:
        SyncError: the replies can't be kept, or another check asks a judge.
    """
    first, second = answered.answers[arm], answered.answers[against]
    pairs = judged_pairs(judge, answered.interface, answered.items, first, second)
    notes = [*judge.notes, *pairs.why_not]
    if not pairs.judged:
        return JudgedArms(None, tuple(notes))
    notes.append(
        f"The judge {judge.ask.model} changed its mind with the order of the answers in "
        f"{pairs.changed} of {pairs.judged} pairs, which count as ties"
    )
    if judge.also_drafts:
        notes.append(
            f"The judge {judge.ask.model} also writes drafts, and models favour their own words; "
            "another one as checks.judge.model tells more"
        )
    seen = _experts_preferred(judge, answered, second, groups)
    if seen is not None:
        interval = "" if seen.low is None else f" ({seen.low:.0%} to {seen.high:.0%})"
        notes.append(
            f"On {seen.items} of the items it prefers the expert's own answer to that of {against} "
            f"in {seen.value:.0%}{interval}, ties counted half; near 50 % it does not see what "
            "experts do"
        )
    return JudgedArms(_series(pairs, arm, against), tuple(notes))


def _series(pairs: JudgedPairs, arm: str, against: str) -> MeasuredSeries:
    """Preferred or not, of each arm; the rest are ties."""
    known = ~np.isnan(pairs.outcomes)
    return MeasuredSeries(
        NAME,
        "preferred by the judge",
        "share",
        passes=True,
        higher_is_better=True,
        values={
            arm: np.where(known, pairs.outcomes == 1, np.nan),
            against: np.where(known, pairs.outcomes == -1, np.nan),
        },
    )


def _experts_preferred(
    judge: ProjectJudge, answered: AnsweredItems, answers: Answers, groups: GroupNumbers
) -> MeanEstimate | None:
    """In what share of pairs a judge prefers the expert's own answer; None: none was judged."""
    items = answered.items[:_AGAINST_EXPERTS]
    own = [item.reference for item in items]
    pairs = judged_pairs(judge, answered.interface, items, own, answers[: len(items)])
    known = ~np.isnan(pairs.outcomes)
    if not known.any():
        return None
    return mean_estimate((pairs.outcomes[known] + 1) / 2, groups[: len(items)][known])
