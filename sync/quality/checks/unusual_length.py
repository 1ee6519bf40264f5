"""Answers that are far shorter or longer than the set's answers to questions like theirs.

Questions are alike that are nearest in meaning, have the same label of `complexity` (where the
project has one) and about the same length. So a set of several sources, of which one has pages
where another has a line, still tells what is usual in each. Lengths are compared as logarithms, by
median and by quantiles that a tenth of odd answers on either side does not move.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sync.common.languages import letters
from sync.common.task_texts import user_text
from sync.quality.checks.check import CheckResult, Finding, WorkToCheck
from sync.records import LabelledRecord

COMPLEXITY = "complexity"
# questions whose pairs tell how answers grow with them
_SAMPLED = 300
# a set of answers that are all alike still differs by a tenth
_LEAST_SPREAD = 0.1
# quantiles that tell the spread, where a normal curve has this many deviations
_SIDES, _NORMAL = (0.12, 0.88), 1.175


@dataclass(frozen=True)
class LengthOptions:
    """How far from usual is unusual.

    Attributes:
        times: as long, or as short, as usual.
        deviations: from the median, as many standard deviations as on a normal curve.
        least: answers that must be alike to say what is usual.
    """

    times: float = 5.0
    deviations: float = 3.5
    least: int = 30

    def __post_init__(self) -> None:
        if self.times <= 1 or self.deviations <= 0 or self.least < 3:
            raise ValueError("times must be more than 1, deviations more than 0, least 3 or more")


def check(work: WorkToCheck) -> CheckResult:
    """A warning for each accepted answer."""
    options = work.options.of("unusual_length", LengthOptions)
    answered = [
        (row, answer)
        for row, record in enumerate(work.labelled.records)
        if (answer := _said(work, record))
    ]
    if len(answered) < options.least:
        few = f"length: {len(answered)} accepted answers, and it needs {options.least}"
        return CheckResult(skips=(few,) if answered else ())
    of = _groups([work.labelled.records[row] for row, _ in answered], options.least)
    findings: list[Finding] = []
    for label in sorted(set(of)):
        rows = [row for row, each in enumerate(of) if each == label]
        findings += _of_group(work, [answered[row] for row in rows], label, options)
    return CheckResult(tuple(findings))


def _said(work: WorkToCheck, record: LabelledRecord) -> str:
    answer = work.interface.accepted_answer(record.record, record.data)
    calls = any(turn.get("tool_calls") for turn in record.data.get("messages") or ())
    return "" if calls or record.rejected else answer or ""


def _groups(records: Sequence[LabelledRecord], least: int) -> list[str]:
    """Of each its complexity, "" for those of a label that has too few."""
    labels = [record.categories.get(COMPLEXITY, "") for record in records]
    counts = Counter(labels)
    return [label if counts[label] >= least else "" for label in labels]


def _of_group(
    work: WorkToCheck,
    answered: Sequence[tuple[int, str]],
    label: str,
    options: LengthOptions,
) -> Iterator[Finding]:
    """Findings about rows of the records with an answer of each, of one label."""
    if len(answered) < options.least:
        return
    rows = [row for row, _ in answered]
    asked = np.array([_size(user_text(work.labelled.records[row].data)) for row in rows])
    given = np.array([_size(answer) for _, answer in answered])
    near = work.nearest_prompts(rows).rows
    usual, apart = usual_lengths(asked, given, near)
    for place, (row, answer) in enumerate(answered):
        times = given[place] / usual[place]
        if apart[place] < options.deviations or max(times, 1 / times) < options.times:
            continue
        short = times < 1
        characters = max(1, round(len(answer) / times, -1))
        like = f"{label} questions like this" if label else "questions like this"
        message = (
            f"the answer has {len(answer)} characters, and answers to {like} about "
            f"{characters:.0f}; {'say what is missing' if short else 'shorten it'}, or accept it "
            "as it is"
        )
        score = float(1 / max(times, 1 / times))
        record = work.labelled.records[row]
        yield work.finding(record, "unusual_length", "warning", score, message)


def _size(text: str) -> float:
    """Bytes of its letters, at least 1: a Chinese character says more than a Latin one."""
    return float(max(1, len(letters(text).encode("utf-8", "replace"))))


def usual_lengths(
    asked: NDArray[np.float64], given: NDArray[np.float64], near: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How long an answer to each question usually is, and how far each is from that.

    Args:
        asked, given: (n,) lengths of questions and of their answers, at least 1.
        near: (n, k) the rows whose questions are like each one's.

    Returns:
        (n,) usual lengths, and (n,) distances from that in deviations of that side.
    """
    x, y = np.log(asked), np.log(given)
    slope = _slope(x, y)
    left = y - slope * x
    middle = np.median(left[near], axis=1)
    off = left - middle
    # lengths are skewed, and more so where a set mixes sources: each side has its own spread
    low, high = (max(_LEAST_SPREAD, abs(float(np.quantile(off, q))) / _NORMAL) for q in _SIDES)
    return np.exp(middle + slope * x), np.where(off < 0, -off / low, off / high)


def _slope(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Theil's and Sen's: the median slope of pairs, between 0 and 1."""
    step = max(1, len(x) // _SAMPLED)
    x, y = x[::step], y[::step]
    first, second = np.triu_indices(len(x), 1)
    run = x[second] - x[first]
    apart = np.abs(run) > 1e-9
    if not apart.any():
        return 0.0
    return float(np.clip(np.median((y[second] - y[first])[apart] / run[apart]), 0.0, 1.0))
