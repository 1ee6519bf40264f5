"""A model grades the accepted answers by a rubric, and is itself held against the experts.

Of `preference` it chooses between the two answers instead, see `judge_pairs`.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from label_configs.preference_sides import PreferenceRecord
from sync.common.picture_names import pictures_in
from sync.quality.checks.check import CheckResult, Finding, FindingSeverity, WorkToCheck
from sync.quality.checks.judge_pairs import compare
from sync.quality.checks.telling_words import shortened
from sync.quality.judge.agreement import LEAST, agreement_of, calibrated
from sync.quality.judge.connect import NAME, JudgeOptions, ProjectJudge, sampled
from sync.quality.judge.prompts import (
    GRADE_SCHEMA,
    JudgeGrade,
    grade_messages,
    read_grade,
)
from sync.quality.judge.requests import JudgeReadings, JudgeRequest
from sync.records import LabelledRecord

KIND = NAME
# below it a judge has not shown that it agrees with experts, and gives notes alone
_TRUSTED_AUROC = 0.6


def check(work: WorkToCheck) -> CheckResult:
    """Ask the judge, where there is one."""
    if work.judge is None:
        return CheckResult()
    options = work.options.of(KIND, JudgeOptions)
    records = work.labelled.records
    if any(isinstance(record.record, PreferenceRecord) for record in records):
        result, readings = compare(work, work.judge, options)
    else:
        result, readings = _grade(work, work.judge, options)
    return replace(
        result,
        notes=(*result.notes, *_notes(work.judge, readings)),
        skips=(*_unseen(work), *_skips(readings)),
        figures={
            "model": work.judge.ask.model,
            "cost": round(readings.cost, 6),
            "unjudged": sum(value is None for value in readings.values),
            **result.figures,
        },
    )


def _grade(
    work: WorkToCheck, judge: ProjectJudge, options: JudgeOptions
) -> tuple[CheckResult, JudgeReadings]:
    records = work.labelled.records
    accepted = {
        i: answer
        for i, record in enumerate(records)
        if (answer := work.interface.accepted_answer(record.record, record.data))
        and not pictures_in(record.data.get("messages"))
    }
    rows = sampled(list(accepted), options.tasks)
    bad = sampled(range(len(work.bad_answers)), options.calibrate) if options.calibrate else []
    cases = [(records[i].data, accepted[i]) for i in rows]
    cases += [(work.bad_answers[j].data, work.bad_answers[j].answer) for j in bad]
    requests = []
    for data, answer in cases:
        case, (shown,) = judge.shown(work.interface, data, answer)
        messages = grade_messages(case, shown, judge.rubric)
        requests.append(JudgeRequest(messages, GRADE_SCHEMA, read_grade))
    readings = judge.ask.ask(requests)
    grades: list[JudgeGrade | None] = readings.values
    known = [_is_vouched_for(records[i]) for i in rows] + [False] * len(bad)
    experts = [j for j, grade in enumerate(grades) if grade and (known[j] or j >= len(rows))]
    scores = np.array([g.score for j in experts if (g := grades[j])], float)
    verdicts = np.array([known[j] for j in experts], bool)
    agreement = agreement_of(scores, verdicts)
    curve = calibrated(scores, verdicts)
    trusted = agreement is not None and agreement.auroc.low > _TRUSTED_AUROC
    figures: dict[str, Any] = {"judged": sum(g is not None for g in grades[: len(rows)])}
    if not figures["judged"]:
        return CheckResult(figures=figures), readings
    if agreement is None:
        note = (
            f"The judge {judge.ask.model} was held against {int(verdicts.sum())} answers that "
            f"experts accepted as they were and {int((~verdicts).sum())} that they rejected; it "
            f"needs {LEAST} of each to say how far it agrees, and until then it gives notes alone"
        )
    else:
        note = (
            f"The judge {judge.ask.model} beside experts, on {agreement.accepted} answers that "
            f"they accepted as they were and {agreement.rejected} that they rejected: AUROC "
            f"{agreement.auroc.told()}, kappa {agreement.kappa.told()}; calibration: {curve.name}"
        )
        note += "" if trusted else "; that is too little to be trusted, so it gives notes alone"
        figures |= {
            "auroc": agreement.auroc.__dict__,
            "kappa": agreement.kappa.__dict__,
            "accepted": agreement.accepted,
            "rejected": agreement.rejected,
            "calibration": curve.name,
        }
    findings = []
    for i, grade in zip(rows, grades, strict=False):
        if grade is None:
            continue
        value = float(curve.predict(np.array([grade.score]))[0])
        if value < options.least:
            worth = None if curve.name == "none" else value
            findings.append(_finding(work, judge, records[i], grade, value, worth, trusted))
    return CheckResult(tuple(findings), notes=(note,), figures=figures), readings


def _is_vouched_for(record: LabelledRecord) -> bool:
    """Whether an expert judged just this answer, and found it good: a reviewer, or who had it as a
    draft and left every word.
    """
    if record.review is not None:
        return record.review.decision in ("approve", "ground truth")
    return record.provenance.change == "unchanged" and record.verdict in ("accept", None)


def _finding(
    work: WorkToCheck,
    judge: ProjectJudge,
    record: LabelledRecord,
    grade: JudgeGrade,
    value: float,
    worth: float | None,
    trusted: bool,
) -> Finding:
    faults = "; ".join(
        f"{f.criterion}: “{shortened(f.quote, 60)}” {shortened(f.why, 160)}".replace("“” ", "")
        for f in grade.faults[:3]
    )
    message = f"the judge {judge.ask.model} grades it {grade.grade} of 5 ({faults or 'no reason'})"
    if worth is not None:
        message += f"; of answers that it grades so experts accepted {worth:.0%}"
    severity: FindingSeverity = "warning" if trusted else "info"
    score = round(min(max(value, 0.0), 1.0), 4)
    return work.finding(record, KIND, severity, score, message)


def _notes(judge: ProjectJudge, readings: JudgeReadings) -> Iterator[str]:
    yield from judge.notes
    if judge.also_drafts:
        yield (
            f"The judge {judge.ask.model} also wrote drafts, and models favour their own words; "
            "another one as checks.judge.model tells more"
        )
    total = len(readings.values)
    new = sum(v is not None for v in readings.values) + sum(readings.why_not.values())
    new -= readings.known
    if not new and not readings.known:
        return
    cost = f"cost {readings.cost:.2g}" if judge.ask.budget.is_priced else "without a known price"
    paid = f"{new} new ones {cost}{judge.ask.budget.told()}" if new else "nothing was paid"
    yield f"The judge was asked {total} times: {readings.known} known from before, {paid}"


def _unseen(work: WorkToCheck) -> Iterator[str]:
    """Tasks that nobody could judge without their pictures."""
    seen = sum(bool(pictures_in(r.data.get("messages"))) for r in work.labelled.records)
    if seen:
        yield f"judge: {seen} tasks with pictures were not judged: it reads words alone"


def _skips(readings: JudgeReadings) -> Iterator[str]:
    for why, number in sorted(readings.why_not.items()):
        yield f"judge: {number} of {len(readings.values)} were not judged: {why}"
    if readings.stopped:
        left = sum(value is None for value in readings.values) - sum(readings.why_not.values())
        yield f"judge: {readings.stopped}; {left} of {len(readings.values)} were not asked"
