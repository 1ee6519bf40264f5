"""An expert works through a project's queue, and the order learns from what became of the drafts.

The expert is simulated: a draft that is right is accepted as it is, one that is wrong is changed.
Drafts and signals are real ones of the reported questions, several sets in one project, and each
question is in it once. Projects differ by which of the drafts they hold.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.ranked.drafts import AnsweredDraft, Drafts
from drafting.acceptance.acceptance import PRIOR
from drafting.acceptance.fit import fit_acceptance
from drafting.acceptance.judged_draft import JudgedDraft
from drafting.acceptance.reliability import Reliability, reliability

PROJECTS = 40
SHARE = 0.8  # of the drafts, in each project
EVERY = 20  # annotations between two orders
AFTER = 200  # annotations, after which the rest of the queue is looked at
LEARNED = 300  # annotations, after which the calibrator is looked at
SEED = 17
# sets of whose drafts the model knows too little: among those for development, no signal tells the
# wrong ones from the right ones, so that there is no order to look at
NOT_KNOWN = frozenset({"pubmedqa"})


@dataclass(frozen=True)
class Worked:
    """One project, worked through.

    Attributes:
        wrong_in_order: whether each draft had to be changed, in the order of the work.
        left_wrong: the same of the queue that is left after `AFTER` annotations.
        learned: whether the order of that queue came from a calibrator, not from the prior.
    """

    wrong_in_order: Sequence[bool]
    left_wrong: Sequence[bool]
    learned: bool


def worked_through(rows: Sequence[AnsweredDraft], after: int, every: int = EVERY) -> Worked:
    """Annotate the whole queue, the lowest probability of acceptance first."""
    left, judged = list(rows), list[JudgedDraft]()
    acceptance, done = PRIOR, list[bool]()
    left_wrong, learned = list[bool](), False
    while left:
        left.sort(key=lambda row: acceptance.probability(row.signals))
        if len(done) == after:
            left_wrong = [not row.right for row in left]
            learned = acceptance.calibrator is not None
        taken, left = left[:every], left[every:]
        done += [not row.right for row in taken]
        judged += [as_judged(row) for row in taken]
        # what follows can't move the figures
        acceptance = fit_acceptance(judged) if len(done) <= after else acceptance
    return Worked(done, left_wrong, learned)


def as_judged(row: AnsweredDraft) -> JudgedDraft:
    """What an expert made of a draft, as the calibrator learns from it."""
    asked = str(row.question.data["messages"][-1]["content"])
    return JudgedDraft(row.signals, row.right, None if not row.right else 0.0, asked)


def in_first_half(wrong: Sequence[bool]) -> float:
    """The share of those that need edits which stands in the first half of the queue.

    NaN where none needs any.
    """
    return sum(wrong[: len(wrong) // 2]) / sum(wrong) if any(wrong) else math.nan


def best_first_half(wrong: Sequence[bool]) -> float:
    """The same of a perfect order: below 1 where more than half of the queue needs edits."""
    return min(len(wrong) // 2, sum(wrong)) / sum(wrong) if any(wrong) else math.nan


def measured(drafts: Drafts, projects: int = PROJECTS) -> dict[str, Any]:
    """Every figure of projects of the sets that the model knows, and those of all sets."""
    known = Drafts([row for row in drafts.rows if row.question.kind not in NOT_KNOWN])
    return {**simulated(known, projects), "all_sets": simulated(drafts, projects)}


def simulated(drafts: Drafts, projects: int = PROJECTS) -> dict[str, Any]:
    """Every figure of the simulated projects: means, and the range that holds 95 % of them."""
    draws = np.random.default_rng(SEED)
    size = round(SHARE * len(drafts))
    after = min(AFTER, size * 2 // 3 // EVERY * EVERY)
    learned = min(LEARNED, round(0.75 * len(drafts)))
    worked, foretold = list[Worked](), list[_Foretold]()
    for _ in range(projects):
        rows = [drafts.rows[i] for i in draws.permutation(len(drafts))]
        worked.append(worked_through(rows[:size], after))
        foretold.append(_foretold(rows, learned))
    halves = [in_first_half(one.left_wrong) for one in worked]
    return {
        "projects": projects,
        "tasks": size,
        "after": after,
        "needs_edits": round(float(drafts.wrong.mean()), 3),
        "edits_in_first_half": _spread(halves),
        "best_possible": _spread([best_first_half(one.left_wrong) for one in worked]),
        "of_whole_project": _spread([in_first_half(one.wrong_in_order) for one in worked]),
        "best_of_whole_project": _spread([best_first_half(one.wrong_in_order) for one in worked]),
        "found_by_done": _found_by_done([one.wrong_in_order for one in worked]),
        "by_calibrator": round(float(np.mean([one.learned for one in worked])), 3),
        "learned_from": learned,
        "calibration_error": _spread([one.told.calibration_error for one in foretold]),
        "calibration_error_by_chance": _spread(
            [one.told.calibration_error_by_chance for one in foretold]
        ),
        "calibration_error_of_prior": _spread([one.prior.calibration_error for one in foretold]),
        "calibration_error_of_all": round(_of_all(foretold).calibration_error, 3),
    }


def _found_by_done(projects: Sequence[Sequence[bool]]) -> list[tuple[float, float]]:
    """(share of the tasks done, share of the edits found), the mean over the projects."""
    found = np.mean([np.cumsum(wrong) / max(1, sum(wrong)) for wrong in projects], axis=0)
    done = np.arange(1, len(found) + 1) / len(found)
    return [
        (0.0, 0.0),
        *((round(float(x), 4), round(float(y), 4)) for x, y in zip(done, found, strict=True)),
    ]


@dataclass(frozen=True)
class _Foretold:
    """What was foretold of the drafts of one project that were not learned from.

    Attributes:
        probabilities: (n,), by what was learned; `right`: (n,), whether each was accepted.
        told: how far they can be relied on; `prior`: likewise of the prior's.
    """

    probabilities: NDArray[np.float64]
    right: NDArray[np.bool_]
    told: Reliability
    prior: Reliability


def _foretold(rows: Sequence[AnsweredDraft], learned: int) -> _Foretold:
    acceptance = fit_acceptance([as_judged(row) for row in rows[:learned]])
    held_back = rows[learned:]
    right = np.array([row.right for row in held_back], dtype=bool)
    told, prior = (
        np.array([by.probability(row.signals) for row in held_back]) for by in (acceptance, PRIOR)
    )
    return _Foretold(told, right, reliability(told, right), reliability(prior, right))


def _of_all(projects: Sequence[_Foretold]) -> Reliability:
    """Of all projects' drafts together, where chance hardly counts any more."""
    told = np.concatenate([one.probabilities for one in projects])
    return reliability(told, np.concatenate([one.right for one in projects]))


def _spread(values: Sequence[float]) -> dict[str, float]:
    known = [value for value in values if not math.isnan(value)] or [0.0]
    low, high = np.percentile(known, [2.5, 97.5])
    return {
        "value": round(float(np.mean(known)), 3),
        "low": round(float(low), 3),
        "high": round(float(high), 3),
    }
