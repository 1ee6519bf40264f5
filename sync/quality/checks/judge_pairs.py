"""A model chooses between the two answers of `preference`, in both orders.

What it says in one order alone is its taste for a place, and counts as a tie.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from label_configs.preference_sides import PREFERRED, SIDES, SLIGHT, drafted_text
from sync.common.picture_names import pictures_in
from sync.quality.checks.check import CheckResult, Finding, FindingSeverity, WorkToCheck
from sync.quality.checks.shares import told
from sync.quality.checks.telling_words import shortened
from sync.quality.judge.agreement import LEAST, bootstrap, kappa
from sync.quality.judge.connect import NAME, JudgeOptions, ProjectJudge, sampled
from sync.quality.judge.prompts import BETTER_SCHEMA, JudgeChoice, compare_messages, read_choice
from sync.quality.judge.requests import JudgeReadings, JudgeRequest
from sync.records import LabelledRecord

# below it a judge has not shown that it agrees with experts, and gives notes alone
_TRUSTED_KAPPA = 0.2
_OUTCOMES = (*SIDES, "tie")


@dataclass(frozen=True)
class _Comparison:
    """What a judge says of a pair: the side that it prefers in both orders, else a tie."""

    outcome: str
    flipped: bool
    why: str


def compare(
    work: WorkToCheck, judge: ProjectJudge, options: JudgeOptions
) -> tuple[CheckResult, JudgeReadings]:
    """Have every pair judged of which the expert says which is better, or that none is."""
    records = work.labelled.records
    asked = [
        i
        for i, record in enumerate(records)
        if record.record.preference in PREFERRED or record.record.preference == "tie"
        if all(drafted_text(record.data, side) for side in SIDES)
        and not pictures_in(record.data.get("messages"))
    ]
    rows = sampled(asked, options.tasks)
    requests = []
    for i in rows:
        data = records[i].data
        case, texts = judge.shown(
            work.interface, data, *(drafted_text(data, side) for side in SIDES)
        )
        for one, other in (texts, texts[::-1]):
            messages = compare_messages(case, one, other, judge.rubric)
            requests.append(JudgeRequest(messages, BETTER_SCHEMA, read_choice))
    readings = judge.ask.ask(requests)
    pairs = {
        i: _reconciled(*readings.values[2 * j : 2 * j + 2])
        for j, i in enumerate(rows)
        if all(readings.values[2 * j : 2 * j + 2])
    }
    if not pairs:
        return CheckResult(figures={"judged": 0}), readings
    mine = np.array([_OUTCOMES.index(pair.outcome) for pair in pairs.values()])
    theirs = np.array([_OUTCOMES.index(_of_expert(records[i])) for i in pairs])
    agrees = bootstrap(
        lambda r: kappa(mine[r], theirs[r], len(_OUTCOMES)), np.zeros(len(mine), int)
    )
    trusted = len(mine) >= 2 * LEAST and agrees.low > _TRUSTED_KAPPA
    flips = sum(pair.flipped for pair in pairs.values())
    note = (
        f"The judge {judge.ask.model} beside experts, on {len(pairs)} pairs: the same choice in "
        f"{told(int((mine == theirs).sum()), len(pairs))}, kappa {agrees.told()}; with the order "
        f"swapped it changed its mind on {told(flips, len(pairs))}, which count as ties"
    )
    note += "" if trusted else "; that is too little to be trusted, so it gives notes alone"
    found = tuple(_differing(work, judge, pairs, trusted))
    figures = {"judged": len(pairs), "flips": flips, "kappa": agrees.__dict__}
    return CheckResult(found, notes=(note,), figures=figures), readings


def _reconciled(shown: JudgeChoice, swapped: JudgeChoice) -> _Comparison:
    """Both orders as one: left was shown first, then second."""
    first = {"first": "left", "second": "right", "tie": "tie"}[shown.better]
    second = {"first": "right", "second": "left", "tie": "tie"}[swapped.better]
    return _Comparison(first if first == second else "tie", first != second, shown.why)


def _of_expert(record: LabelledRecord) -> str:
    return PREFERRED.get(record.record.preference, "tie")


def _differing(
    work: WorkToCheck, judge: ProjectJudge, pairs: dict[int, _Comparison], trusted: bool
) -> Iterator[Finding]:
    severity: FindingSeverity = "warning" if trusted else "info"
    for i, pair in pairs.items():
        record = work.labelled.records[i]
        expert = _of_expert(record)
        clear = record.record.preference not in SLIGHT and expert != "tie"
        if not clear or pair.outcome in (expert, "tie"):
            continue
        message = (
            f"the expert finds the {expert} answer better, the judge {judge.ask.model} the "
            f"{pair.outcome} one, whichever comes first ({shortened(pair.why, 160)}); look again"
        )
        labels = {"given": record.record.preference, "suggested": f"{pair.outcome} better"}
        yield work.finding(record, NAME, severity, 0.3, message, control="preference", **labels)
