"""How many more answers are accepted at first where tasks go to who knows their matter.

Simulated: 20 annotators, of whom two know each pair of five skills, and 2,000 tasks of one skill
each, not equally many. Whoever knows a task's skill has an answer accepted at first with
probability 0.9, any other with 0.6. They are matched by the code of `labeltune review`; for
comparison the same tasks are dealt out at random, to everybody equally many.

What is expected follows from these numbers alone: of matched tasks 0.9; of random ones 0.6, and 0.3
more for the share of annotators who know the skill, averaged over the tasks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sync.queue.review.experts.fit import Expert, TaskKind, cost, fits
from sync.queue.review.experts.matching import apart, deal, match

SKILLS, TASKS, OF_EACH_PAIR = 5, 2000, 2
PAIRS = tuple(combinations(range(SKILLS), 2)) * OF_EACH_PAIR
ANNOTATORS = len(PAIRS)
KNOWS, KNOWS_NOT = 0.9, 0.6
# how much the numbers of tasks of the skills differ: the parameter of a symmetric Dirichlet
EVEN = 20.0
ROUNDS, QUICK_ROUNDS = 200, 20


@dataclass(frozen=True)
class Round:
    """One simulated project.

    Attributes:
        matched: share of answers that are accepted at first; `random` likewise.
        expected: how much greater the first should be.
        apart: how far the load that is furthest from its share is from it, in parts of the share.
        unfit: share of matched tasks that went to somebody without the skill, or to nobody.
    """

    matched: float
    random: float
    expected: float
    apart: float
    unfit: float


def measured(quick: bool) -> dict[str, Any]:
    """The figures, with the 95 % interval of the mean over all simulated projects."""
    found = list(simulated(QUICK_ROUNDS if quick else ROUNDS))
    gains = np.array([each.matched - each.random for each in found])
    half = 1.96 * gains.std(ddof=1) / np.sqrt(len(gains))
    return {
        "matched_gain": round(float(gains.mean()), 4),
        "matched_gain_interval": [
            round(float(gains.mean() - half), 4),
            round(float(gains.mean() + half), 4),
        ],
        "matched_gain_expected": round(float(np.mean([each.expected for each in found])), 4),
        "matched_accepted": round(float(np.mean([each.matched for each in found])), 4),
        "random_accepted": round(float(np.mean([each.random for each in found])), 4),
        "matched_load_apart": round(max(each.apart for each in found), 4),
        "matched_unfit": round(max(each.unfit for each in found), 4),
    }


def simulated(rounds: int) -> Iterator[Round]:
    """Projects of their own seeds."""
    for seed in range(rounds):
        yield _round(np.random.default_rng(seed))


def _round(chance: np.random.Generator) -> Round:
    experts = [_expert(number, pair) for number, pair in enumerate(PAIRS)]
    often = chance.dirichlet([EVEN] * SKILLS)
    tasks = chance.choice(SKILLS, size=TASKS, p=often)
    knows = np.array([[skill in pair for pair in PAIRS] for skill in range(SKILLS)])
    to = _matched(tasks, experts)
    dealt = chance.permutation(np.arange(TASKS) % ANNOTATORS)
    luck = chance.random(TASKS)  # the same for both, which only makes their difference less noisy
    fit = np.array([who >= 0 and knows[skill, who] for skill, who in zip(tasks, to, strict=True)])
    loads = np.bincount(to[to >= 0], minlength=ANNOTATORS).tolist()
    return Round(
        matched=float((luck < np.where(fit, KNOWS, KNOWS_NOT)).mean()),
        random=float((luck < np.where(knows[tasks, dealt], KNOWS, KNOWS_NOT)).mean()),
        expected=(KNOWS - KNOWS_NOT) * (1 - float(knows.mean(axis=1)[tasks].mean())),
        apart=apart(loads, [1.0] * ANNOTATORS),
        unfit=float(1 - fit.mean()),
    )


def _expert(number: int, pair: Sequence[int]) -> Expert:
    skills = frozenset(_label(skill) for skill in pair)
    return Expert(f"expert{number}@example.org", number, {"topic": skills})


def _label(skill: int) -> str:
    return f"skill {skill}"


def _kind(skill: int) -> TaskKind:
    return TaskKind.of({"topic": _label(skill)}, ())


def _matched(tasks: NDArray[np.int64], experts: Sequence[Expert]) -> NDArray[np.int64]:
    """(tasks,) who gets each; -1: nobody."""
    kinds = [_kind(skill) for skill in range(SKILLS)]
    costs = np.array(
        [
            [cost(each, kind, 0) if fits(each, kind) else np.inf for each in experts]
            for kind in kinds
        ]
    )
    numbers = np.bincount(tasks, minlength=SKILLS).tolist()
    nobody, room = [0] * len(experts), [len(tasks)] * len(experts)
    found = match(numbers, costs, [each.hours for each in experts], nobody, room)
    to = np.full(len(tasks), -1)
    for skill, dealt in enumerate(found.tolist()):
        own = np.flatnonzero(tasks == skill)
        to[own] = [-1 if who is None else who for who in deal(len(own), dealt)]
    return to
