"""How well each signal and the score find the drafts that are wrong."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.ranked.drafts import Drafts
from benchmarks.ranked.figures import (
    RESAMPLES,
    Estimate,
    Numbers,
    auroc,
    difference,
    figures_of,
    risk_coverage,
)
from benchmarks.ranked.project import as_judged
from benchmarks.ranked.questions import SETS
from drafting.acceptance.fit import fit_acceptance

SCORE = "score"
# the same once experts have judged the other drafts of the set
TAUGHT = "taught_score"
FOLDS, SEED = 5, 17


def measured(drafts: Drafts, part: str, resamples: int = RESAMPLES) -> dict[str, Any]:
    """Every figure by set of questions; sets without right and wrong drafts have counts only."""
    found: dict[str, Any] = {}
    for kind in SETS:
        some = drafts.of(kind, part)
        if len(some):
            found[kind] = {**_counted(some), **_ordered(some, resamples)}
    return found


def _counted(drafts: Drafts) -> dict[str, Any]:
    said = Counter(row.question.answer for row in drafts.rows)
    return {
        "questions": len(drafts),
        "right": round(float(1 - drafts.wrong.mean()), 3),
        "commonest_answer": round(said.most_common(1)[0][1] / len(drafts), 3),
        "unreadable": sum(not row.readable for row in drafts.rows),
        "cut": sum(row.cut for row in drafts.rows),
    }


def _ordered(drafts: Drafts, resamples: int) -> dict[str, Any]:
    if not drafts.can_be_ordered:
        return {}
    signals = {name: drafts.signal(name) for name in drafts.names}
    by_name = {SCORE: drafts.scores, TAUGHT: taught_scores(drafts), **signals}
    figures = {
        name: {**figures_of(values, drafts.wrong, resamples), "known": _known(drafts, name)}
        for name, values in by_name.items()
    }
    best = max(signals, key=lambda name: auroc(signals[name], drafts.wrong))
    ahead = {
        name: difference(
            lambda one, other, wrong: auroc(one, wrong) - auroc(other, wrong),
            by_name[name],
            signals[best],
            drafts.wrong,
            resamples,
        ).as_json()
        for name in (SCORE, TAUGHT)
    }
    return {
        "by_score": figures,
        "best_signal": best,
        "score_minus_best_signal": ahead[SCORE],
        "taught_score_minus_best_signal": ahead[TAUGHT],
        "risk_coverage": {name: _curve(values, drafts) for name, values in by_name.items()},
    }


def taught_scores(drafts: Drafts) -> Numbers:
    """(n,): probabilities of each fifth, as the product learns them from the other four."""
    found = np.empty(len(drafts))
    fold_of = np.random.default_rng(SEED).permutation(len(drafts)) % FOLDS
    for fold in range(FOLDS):
        taught = fit_acceptance(
            [as_judged(drafts.rows[i]) for i in np.flatnonzero(fold_of != fold)]
        )
        for i in np.flatnonzero(fold_of == fold):
            found[i] = taught.probability(drafts.rows[i].signals)
    return found


def _known(drafts: Drafts, name: str) -> float:
    if name in (SCORE, TAUGHT):
        return 1.0
    return round(sum(name in row.signals for row in drafts.rows) / len(drafts), 3)


def _curve(values: Any, drafts: Drafts) -> list[tuple[float, float]]:
    coverage, risk = risk_coverage(values, drafts.wrong)
    return [(round(float(c), 4), round(float(r), 4)) for c, r in zip(coverage, risk, strict=True)]


def written(figure: Mapping[str, float]) -> str:
    """A figure with its interval, for a table."""
    return str(Estimate(**figure))
