"""Labels that are far rarer than others, or than what is wanted: what the average hides.

By each control of one choice and each kind of category. A share counts only where its 95 %
interval says so, so that a few labels raise no alarm.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sync.quality.checks.check import CheckResult, Finding, WorkToCheck
from sync.quality.checks.shares import interval, told
from sync.quality.checks.telling_words import listed

KIND = "imbalance"
# what experts say of drafts tells of the drafts, not of the set
_OF_DRAFTS = "verdict"
# which side is better: sides are random
_SIDES = "preference"


@dataclass(frozen=True)
class ImbalanceOptions:
    """When a label is too rare or too frequent.

    Attributes:
        rare: below this part of an even share a label is rare; with targets, of what is wanted.
        dominant: above this share of all a label drowns the others.
        least: labels in all; fewer are not judged.
    """

    rare: float = 0.1
    dominant: float = 0.8
    least: int = 50

    def __post_init__(self) -> None:
        if not (0 <= self.rare <= 1 and 0 < self.dominant <= 1):
            raise ValueError("rare and dominant are shares, from 0 to 1; correct them")


def check(work: WorkToCheck) -> CheckResult:
    """Judge each control and each kind of category by itself."""
    options = work.options.of(KIND, ImbalanceOptions)
    counts = _counts(work)
    judged = {name: of for name, of in counts.items() if sum(of.values()) >= options.least}
    findings: list[Finding] = []
    for control, of in sorted(judged.items()):
        if control == _SIDES:
            findings += _sides(work, of)
        else:
            findings += _of_control(work, control, of, options)
    return CheckResult(tuple(findings), needs=options.least if counts and not judged else None)


def _counts(work: WorkToCheck) -> dict[str, Counter[str]]:
    """Labels by control; those that are listed and never given count 0."""
    found: dict[str, Counter[str]] = {
        name: Counter(dict.fromkeys(labels, 0))
        for name, labels in work.interface.dimensions.items()
    }
    for record in work.labelled.records:
        labels = {**record.categories, **work.interface.labels(record.record)}
        for control, label in labels.items():
            if control != _OF_DRAFTS:
                found.setdefault(control, Counter())[label] += 1
    return {control: counts for control, counts in found.items() if sum(counts.values())}


def _of_control(
    work: WorkToCheck, control: str, counts: Mapping[str, int], options: ImbalanceOptions
) -> Iterator[Finding]:
    total = sum(counts.values())
    wanted = work.wanted.get(control)
    if wanted:
        yield from _below_target(work, control, counts, wanted, options)
        return
    even = 1 / len(counts)
    rarest_first = sorted(counts, key=lambda label: (counts[label], label))
    rare = [x for x in rarest_first if interval(counts[x], total)[1] < options.rare * even]
    if len(counts) > 1 and rare:
        named = listed([f"{label!r} ({counts[label]})" for label in rare])
        message = (
            f"{control}: {named} of {total} are less than {options.rare:.0%} of an even share: a "
            "model hardly learns them, and an average over a test set hides it; label more of "
            "them, or balance the export"
        )
        share = counts[rare[0]] / total / even
        yield work.set_finding(KIND, "warning", round(min(1.0, share), 4), message, control=control)
    first = max(counts, key=lambda label: (counts[label], label))
    if len(counts) > 1 and interval(counts[first], total)[0] > options.dominant:
        message = (
            f"{control}: {told(counts[first], total)} are {first!r}: who always says so is right "
            "that often, so accuracy tells little here; measure each label by itself"
        )
        score = round(1 - counts[first] / total, 4)
        yield work.set_finding(KIND, "info", score, message, control=control, given=first)


def _below_target(
    work: WorkToCheck,
    control: str,
    counts: Mapping[str, int],
    wanted: Mapping[str, int],
    options: ImbalanceOptions,
) -> Iterator[Finding]:
    """Labels with less than a part of what `[targets]` wants of them.

    The part is half of it, or `rare` where that is more.
    """
    part = max(0.5, options.rare)
    have = {label: counts.get(label, 0) / number for label, number in wanted.items() if number}
    lacking = sorted((x for x in have if have[x] < part), key=lambda x: (have[x], x))
    if not lacking:
        return
    named = listed([f"{x!r} ({counts.get(x, 0)} of {wanted[x]})" for x in lacking])
    message = (
        f"{control}: {named} have less than {part:.0%} of what [targets] wants: what is rare here "
        "is what a model will do worst; `labeltune gaps` says what to label next"
    )
    score = round(have[lacking[0]], 4)
    yield work.set_finding(KIND, "warning", score, message, control=control)


def _sides(work: WorkToCheck, counts: Mapping[str, int]) -> Iterator[Finding]:
    """Whether one side wins more often than sides at random would."""
    from scipy.stats import binomtest

    left = sum(n for label, n in counts.items() if label.startswith("left"))
    right = sum(n for label, n in counts.items() if label.startswith("right"))
    if not left + right:
        return
    p_value = float(binomtest(left, left + right, 0.5).pvalue)
    more, side = max((left, "left"), (right, "right"))
    if p_value < 0.01 and more / (left + right) > 0.6:
        message = (
            f"preference: the {side} answer won {told(more, left + right)}, though sides are "
            f"random (p = {p_value:.1g}): people may choose a place, not an answer; have some "
            "judged again with sides swapped"
        )
        yield work.set_finding(KIND, "warning", round(p_value, 4), message, control="preference")
