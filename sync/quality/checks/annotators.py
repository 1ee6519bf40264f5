"""Annotators whose work is faulty more often than the others' at tasks of the same category.

Where several label the same tasks, also those who choose otherwise than most of the others do.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.quality.agreement.votes import vote_tables
from sync.quality.checks.check import CheckResult, Finding, WorkToCheck
from sync.quality.checks.judged_annotations import JudgedAnnotation, judged_annotations
from sync.quality.checks.majority_of_others import differing
from sync.quality.checks.shares import holm, interval, more_often, told

KIND = "annotator"
# of controls whose values differ or don't
_CLASSES = ("nominal", "ordinal", "set")


@dataclass(frozen=True)
class AnnotatorOptions:
    """When somebody differs from the others.

    Attributes:
        p_value: the chance of seeing it where all are alike, at most, over all annotators.
        times: as often faulty as the others, at least.
        tasks: of a person, at least, to be judged.
    """

    p_value: float = 0.05
    times: float = 1.5
    tasks: int = 20


def check(work: WorkToCheck, results: Mapping[str, CheckResult]) -> CheckResult:
    """Hold each annotator against all others."""
    options = work.options.of(KIND, AnnotatorOptions)
    others, votes = _beside_others(work, options)
    judged = judged_annotations(work, results)
    by: dict[int, list[JudgedAnnotation]] = defaultdict(list)
    for one in judged:
        by[one.annotator].append(one)
    if len(by) < 2 or not any(one.faulty for one in judged):
        return CheckResult(tuple(others), figures={"votes": votes} if votes else {})
    enough = sorted(name for name, own in by.items() if len(own) >= options.tasks)
    skips: tuple[str, ...] = ()
    if few := sorted(by.keys() - set(enough)):
        named = ", ".join(f"annotator {name} ({len(by[name])})" for name in few)
        skips = (f"annotators: {named} finished too few tasks; it needs {options.tasks} each",)
    p_values = _p_values(enough, by)
    all_hits = sum(one.faulty for one in judged)
    findings = []
    for name in enough:
        own, hits = by[name], sum(one.faulty for one in by[name])
        rest, rest_hits = len(judged) - len(own), all_hits - hits
        ratio = hits / len(own) / (rest_hits / rest) if rest_hits else float("inf")
        if not hits or p_values[name] > options.p_value or ratio < options.times:
            continue
        message = (
            f"annotator {name}: {told(hits, len(own))} of the finished tasks have a finding "
            f"({_kinds(own)}), of the others' {told(rest_hits, rest)} (p = {p_values[name]:.2g}); "
            "look at some together before you say whose they are"
        )
        score = round(1 - hits / len(own), 4)
        findings.append(work.set_finding(KIND, "warning", score, message, annotator=name))
    figures = {"annotators": _table(by, p_values)} | ({"votes": votes} if votes else {})
    return CheckResult((*findings, *others), skips, figures=figures)


def _beside_others(
    work: WorkToCheck, options: AnnotatorOptions
) -> tuple[list[Finding], list[dict[str, int]]]:
    """Who chooses otherwise than most of the others on the same tasks, and the votes of each."""
    strata: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for table in vote_tables(work.shared.tasks, work.interface):
        if table.level not in _CLASSES:
            continue
        differs, of = differing(table.given)
        for name, hits, own in zip(table.annotators, differs.tolist(), of.tolist(), strict=True):
            if name is not None and own:
                strata[name].append((hits, own, int(differs.sum()), int(of.sum())))
    enough = [name for name in sorted(strata) if sum(s[1] for s in strata[name]) >= options.tasks]
    p_values = holm([more_often(strata[name]) for name in enough])
    votes, findings = [], []
    for name, p_value in zip(enough, p_values, strict=True):
        hits, own, all_hits, of_all = (sum(column) for column in zip(*strata[name], strict=True))
        votes.append({"annotator": name, "votes": own, "differ": hits})
        rest_hits, rest = all_hits - hits, of_all - own
        often = rest_hits == 0 or hits / own >= options.times * rest_hits / rest
        if not hits or not rest or p_value > options.p_value or not often:
            continue
        message = (
            f"annotator {name}: {told(hits, own)} of the choices differ from what most of the "
            f"others chose for the same task, of the others' {told(rest_hits, rest)} "
            f"(p = {p_value:.2g}); talk about these tasks together: one may be right against all"
        )
        score = round(1 - hits / own, 4)
        more = {"annotator": name, "control": "consensus"}
        findings.append(work.set_finding(KIND, "warning", score, message, **more))
    return findings, votes


def _p_values(
    names: Sequence[int], by: Mapping[int, Sequence[JudgedAnnotation]]
) -> dict[int, float]:
    """Of each annotator, over all of them together."""
    done = {name: Counter(one.stratum for one in own) for name, own in by.items()}
    faulty = {name: Counter(one.stratum for one in own if one.faulty) for name, own in by.items()}
    all_done, all_faulty = sum(done.values(), Counter()), sum(faulty.values(), Counter())
    single = [
        more_often(
            [
                (faulty[name][x], n, all_faulty[x], all_done[x])
                for x, n in sorted(done[name].items())
            ]
        )
        for name in names
    ]
    return dict(zip(names, holm(single), strict=True))


def _kinds(own: Sequence[JudgedAnnotation]) -> str:
    counts = Counter(fault for one in own for fault in one.faults)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{kind.replace('_', ' ')} {n}" for kind, n in ordered[:3])


def _table(
    by: Mapping[int, Sequence[JudgedAnnotation]], p_values: Mapping[int, float]
) -> list[dict[str, float | None]]:
    """Of each annotator the tasks, those with a finding, and the interval of their share."""
    rows = []
    for name in sorted(by):
        hits = sum(one.faulty for one in by[name])
        low, high = interval(hits, len(by[name]))
        rows.append(
            {
                "annotator": name,
                "tasks": len(by[name]),
                "faulty": hits,
                "low": round(low, 4),
                "high": round(high, 4),
                "p_value": p_values.get(name),
            }
        )
    return rows
