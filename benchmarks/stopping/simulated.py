"""How often the estimate of what is left holds the truth, in projects where the truth is known.

Tasks differ in how likely their draft is to be changed. A score knows of it more or less; audits
are chosen and placed as in any project; experts work through a part of the queue; then the estimate
is held against the drafts that are still open. It sees what `labeltune rank` sees.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sync.queue.audit import choose_audits, with_audits
from sync.queue.outlook import Outlook
from sync.queue.stopping import DraftedWork, outlook

Numbers = NDArray[np.float64]
# what a score makes of the probability of a change, of its log-odds, and of chance
SCORES: Mapping[str, Callable[[Numbers, Numbers, np.random.Generator], Numbers]] = {
    "calibrated": lambda p, _, __: 1 - p,
    "too sure": lambda p, _, __: 1 - 0.3 * p,
    "too doubtful": lambda p, _, __: (1 - p) ** 4,
    "noisy": lambda _, z, rng: 1 / (1 + np.exp(0.5 * z + 1.3 * rng.normal(size=len(z)))),
    "useless": lambda p, _, rng: rng.random(len(p)),
    "reversed": lambda p, _, __: p,
}
# the log-odds of a change spread that much: a calibrated score has an AUROC of about 0.8
_SPREAD = 1.5


@dataclass(frozen=True)
class Scenario:
    """What a simulated project is like.

    Attributes:
        tasks: all of them.
        changed: the share of the drafts that need a change.
        score: one of `SCORES`, by which the queue is ordered.
        before: the score of the first half of the work, where it was another one; the backend
            learned meanwhile.
        wanted: tasks of one kind in four are brought forward, as a kind that is missing, and need
            changes more often.
        audit: the share of audits.
        done: the share of the tasks that is finished.
    """

    tasks: int = 1_000
    changed: float = 0.2
    score: str = "calibrated"
    before: str | None = None
    wanted: bool = False
    audit: float = 0.05
    done: float = 0.5

    @property
    def name(self) -> str:
        """As a table shows it."""
        parts = [f"{self.tasks:,} tasks, {self.changed:.0%} to change, score {self.score}"]
        parts += [f"before {self.before}"] if self.before else []
        parts += ["a kind wanted first"] if self.wanted else []
        return ", ".join([*parts, f"{self.audit:.0%} audits, {self.done:.0%} done"])


@dataclass(frozen=True)
class Coverage:
    """How often intervals held the truth.

    Attributes:
        projects: that were simulated.
        said: in which enough audits were finished to say anything.
        held: of `said`, in which the 95 % interval of what is left holds the truth.
        width: mean width of the interval, as a share of the open drafts.
        error: root of the mean squared error of the value, as a share of the open drafts.
        next_said: projects in which the next hundred were told.
        next_held: of these, in which their interval holds the truth.
    """

    projects: int
    said: int
    held: int
    width: float
    error: float
    next_said: int
    next_held: int


def simulate_coverage(scenario: Scenario, projects: int = 100, seed: int = 0) -> Coverage:
    """Simulate projects, and hold what the report says of each against the truth.

    Args:
        seed: projects of different seeds are different ones.
    """
    left: list[tuple[bool, float, float]] = []
    following: list[bool] = []
    for number in range(projects):
        said, truth, ahead = _project(scenario, np.random.default_rng([seed, number]))
        if said.left is not None:
            low, high = np.floor(said.left.low), np.ceil(said.left.high)
            off = (said.left.value - truth) / said.open
            left.append((bool(low <= truth <= high), (high - low) / said.open, off))
        if said.next_changed is not None:
            following.append(said.next_changed.low <= ahead <= said.next_changed.high)
    return Coverage(
        projects=projects,
        said=len(left),
        held=sum(held for held, _, _ in left),
        width=float(np.mean([width for _, width, _ in left])) if left else float("nan"),
        error=float(np.sqrt(np.mean([off**2 for _, _, off in left]))) if left else float("nan"),
        next_said=len(following),
        next_held=sum(following),
    )


def scenarios() -> Iterator[Scenario]:
    """Small and large projects, rare and many changes, scores of every kind."""
    sizes = [
        Scenario(tasks=100, audit=0.3),
        Scenario(tasks=400, audit=0.1),
        Scenario(tasks=2_000),
        Scenario(tasks=10_000, audit=0.02),
    ]
    for size in sizes:
        for changed in (0.02, 0.2, 0.6):
            for score in SCORES:
                yield replace(size, changed=changed, score=score)
            yield replace(size, changed=changed, before="noisy")
            yield replace(size, changed=changed, wanted=True)


def _project(scenario: Scenario, rng: np.random.Generator) -> tuple[Outlook, int, int]:
    """What is said of one project, and what is true: of all that is open, of the next hundred."""
    latent = rng.normal(size=scenario.tasks)
    kind = rng.random(scenario.tasks) < 0.25
    log_odds = _SPREAD * latent + (1.0 * kind if scenario.wanted else 0.0)
    log_odds += _offset(log_odds, scenario.changed)
    likely = 1 / (1 + np.exp(-log_odds))
    changes = rng.random(scenario.tasks) < likely
    acceptance = SCORES[scenario.score](likely, log_odds, rng)
    earlier = acceptance
    if scenario.before is not None:
        earlier = SCORES[scenario.before](likely, log_odds, rng)
    need = np.where(kind & scenario.wanted, 0.5, 1.0)
    audits = choose_audits(int(rng.integers(1 << 30)), range(scenario.tasks), scenario.audit)
    finished = round(scenario.done * scenario.tasks)
    queue = _order(earlier * need, np.arange(scenario.tasks), audits)
    half = queue[: finished // 2]
    if scenario.before is not None:
        others = np.setdiff1d(np.arange(scenario.tasks), half)
        open_audits = [task for task in audits if task not in set(half.tolist())]
        done_audits = len(audits) - len(open_audits)
        rest = _order(acceptance * need, others, open_audits, len(half), done_audits)
        queue = np.concatenate([half, rest])
    done, open_ = queue[:finished], queue[finished:]
    work = DraftedWork(
        acceptance=acceptance[done],
        changed=changes[done],
        audited=np.isin(done, audits),
        open_acceptance=acceptance[open_],
        ordered_by=need[done, None],
        open_ordered_by=need[open_, None],
    )
    said, _ = outlook(work)
    return said, int(changes[open_].sum()), int(changes[open_[: said.next_tasks]].sum())


def _order(
    priority: Numbers,
    tasks: NDArray[np.int64],
    audits: list[int],
    done: int = 0,
    done_audits: int = 0,
) -> NDArray[np.int64]:
    ranked = tasks[~np.isin(tasks, audits)]
    ranked = ranked[np.argsort(priority[ranked], kind="stable")]
    return np.array(with_audits(ranked.tolist(), audits, done=done, done_audits=done_audits))


def _offset(log_odds: Numbers, changed: float) -> float:
    """What is added to the log-odds so that this share is changed."""
    low, high = -15.0, 15.0
    for _ in range(40):
        middle = (low + high) / 2
        enough = float((1 / (1 + np.exp(-(log_odds + middle)))).mean()) >= changed
        low, high = (low, middle) if enough else (middle, high)
    return low
