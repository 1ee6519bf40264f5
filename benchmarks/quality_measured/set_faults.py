"""Planted faults that only a whole `check` can find: each kind is a project of its own."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.quality_measured.cases import Case, Half, Planted, planted
from benchmarks.quality_measured.faults.pairs import Pair, contradictions, unequal
from benchmarks.quality_measured.kinds import KINDS, all_cases
from benchmarks.quality_measured.pulled import Finished, found, store
from benchmarks.ranked.made_up import CharacterEncoder
from connectors.embedding import Encoder
from sync.quality.checks import CHECKS
from sync.quality.text_checks.checked_text import CheckedText

PLANTED = 200
ODD_ONES, AMONG = 20, 240
# checks that need a model of meaning; the others get vectors of characters, which cost nothing
BY_MEANING = ("contradiction", "unequal_answer", "outlier", "unusual_length", "unsupported_claim")
EXAMPLES = 3


@dataclass(frozen=True)
class Project:
    """Finished tasks, some of them faulty.

    Attributes:
        check: that should find the faults.
        faults: the tasks of each, any of which a finding may be about, and how it was planted.
    """

    check: str
    finished: Sequence[Finished]
    faults: Sequence[tuple[frozenset[int], str]]


def of_pairs(check: str, pairs: Sequence[Pair], are_faulty: Sequence[bool]) -> Project:
    """Two tasks a pair."""
    numbers = count(1)
    finished, faults = [], []
    for pair, is_faulty in zip(pairs, are_faulty, strict=True):
        one, other = next(numbers), next(numbers)
        finished += [
            Finished(one, pair.one, minutes=one),
            Finished(other, pair.other, minutes=other),
        ]
        if is_faulty:
            faults.append((frozenset({one, other}), pair.way))
    return Project(check, finished, faults)


def of_texts(
    check: str, faulty: Sequence[tuple[str, CheckedText]], clean: Sequence[CheckedText]
) -> Project:
    """A task an answer."""
    texts = [text for _, text in faulty] + [*clean]
    finished = [Finished(i, text, minutes=i) for i, text in enumerate(texts, 1)]
    faults = [(frozenset({i}), way) for i, (way, _) in enumerate(faulty, 1)]
    return Project(check, finished, faults)


def projects(data: Path, half: Half, number: int) -> dict[str, list[Project]]:
    """Every kind's projects, by what is wrong in them."""
    cases = all_cases(data, half, 2 * number)
    made, clean = contradictions(cases["pubmedqa"], half, number)
    unfair, fair = unequal(half, number)
    found = {
        "contradiction": [
            of_pairs("contradiction", made + clean, [True] * len(made) + [False] * len(clean))
        ],
        "unequal answers": [
            of_pairs("unequal_answer", unfair, [True] * len(unfair)),
            of_pairs("unequal_answer", fair, [False] * len(fair)),
        ],
        "outlier": [_odd_ones(cases, half, i) for i in range(max(1, number // ODD_ONES))],
    }
    for name, kind in KINDS.items():
        if kind.check in CHECKS:
            faults = planted(name, kind, half, cases, number)
            usual = [case for scene in kind.scenes for case in cases[scene]]
            found[name] = [
                _among(kind.check, faults[start : start + ODD_ONES], usual)
                for start in range(0, len(faults), ODD_ONES)
            ]
    return found


def _among(check: str, faults: Sequence[Planted], usual: Sequence[Case]) -> Project:
    """A few faults among the clean answers that they were made of, and others."""
    draws = Random(f"{check} {faults[0].way}")
    clean = [one.clean.text for one in faults]
    rest = [case.text for case in usual if case.text not in clean]
    clean += draws.sample(rest, min(AMONG, len(rest)))
    return of_texts(check, [(one.way, one.faulty) for one in faults], clean)


def _odd_ones(cases: Mapping[str, Sequence[Case]], half: Half, turn: int) -> Project:
    """Answers of other subjects among those of medicine."""
    draws = Random(f"odd {half} {turn}")
    others = (
        ("gsm8k", "bank", "support")
        if half == "dev"
        else ("gsm8k", "bank", "support", "quotes", "units")
    )
    odd = [(scene, draws.choice(cases[scene]).text) for scene in draws.choices(others, k=ODD_ONES)]
    usual = draws.sample(cases["pubmedqa"], min(AMONG, len(cases["pubmedqa"])))
    # the question stays one of medicine: what is odd is the answer
    strangers = [
        (scene, replace(draws.choice(usual).text, answer=text.answer, context={}))
        for scene, text in odd
    ]
    return of_texts("outlier", strangers, [one.text for one in usual])


def measured(
    data: Path,
    half: Half,
    load: Callable[[str], Encoder],
    number: int = PLANTED,
    settings: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Recall and precision of each kind whose check there is.

    A finding about no task of a fault is wrong; so is one about a pair that is no fault.
    """
    figures: dict[str, Any] = {}
    examples: dict[str, Any] = {}
    for name, some in projects(data, half, number).items():
        if some[0].check not in CHECKS:
            continue
        right, wrong, planted_ones, by_way = 0, 0, 0, defaultdict(lambda: [0, 0])
        missed: list[str] = []
        wrongly: list[str] = []
        for project in some:
            findings = [
                one
                for one in _findings(project, load, settings or {})
                if one["kind"] == project.check
            ]
            texts = {one.task_id: one.text for one in project.finished}
            about = [{one["task_id"], one["related_task_id"]} - {None} for one in findings]
            for tasks, way in project.faults:
                is_found = any(some & tasks for some in about)
                by_way[way][0] += is_found
                by_way[way][1] += 1
                if not is_found:
                    missed.append(
                        " // ".join(
                            f"{texts[i].question} => {texts[i].answer[-300:]}"
                            for i in sorted(tasks)
                        )
                    )
            faulty = frozenset[int]().union(*(tasks for tasks, _ in project.faults))
            planted_ones += len(project.faults)
            for one, tasks in zip(findings, about, strict=True):
                if not tasks & faulty:
                    wrong += 1
                    wrongly.append(f"{one['message']} // {texts[one['task_id']].answer[:300]}")
        right = sum(a for a, _ in by_way.values())
        figures[name] = {
            "check": some[0].check,
            "planted": planted_ones,
            "recall": round(right / planted_ones, 3),
            "precision": round(right / (right + wrong), 3) if right + wrong else None,
            "wrong": wrong,
            "by_way": {way: f"{a}/{b}" for way, (a, b) in by_way.items()},
        }
        examples[name] = {"missed": missed[:EXAMPLES], "wrong": wrongly[:EXAMPLES]}
    told: dict[str, Any] = {"kinds": figures}
    if half == "dev":
        told["examples"] = examples
    return told


def _findings(
    project: Project, load: Callable[[str], Encoder], settings: Mapping[str, Any]
) -> Sequence[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        config = store(Path(folder), project.finished, **settings)
        by_meaning = project.check in BY_MEANING
        encoder = load if by_meaning else lambda name: CharacterEncoder()
        return found(config, encoder, [project.check])[1]
