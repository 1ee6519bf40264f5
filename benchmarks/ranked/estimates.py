"""Whether the estimate of what is left holds the truth: many projects, stopped halfway.

Tasks are the reported drafts, drawn with replacement to make projects larger than they are: a
project of 1,000 holds each of them several times. They are worked through by their scores, with the
audit share between them, and the estimate is asked for at a random moment.
"""

from typing import Any

import numpy as np

from benchmarks.ranked.drafts import Drafts
from sync.queue.audit import choose_audits, with_audits
from sync.queue.outlook import Outlook
from sync.queue.stopping import DraftedWork, outlook

PROJECTS = 100
TASKS = 1000
AUDIT_SHARE = 0.05  # the default of `queue.audit`
EARLIEST, LATEST = 0.3, 0.8  # of the project that is done when the estimate is asked for
SEED = 17


def measured(drafts: Drafts, projects: int = PROJECTS, tasks: int = TASKS) -> dict[str, Any]:
    """How often the interval of what is left holds the truth, and how wide it is."""
    draws = np.random.default_rng(SEED)
    held, widths, too_early = [], [], 0
    for project in range(projects):
        drawn = draws.integers(0, len(drafts), tasks)
        done = round(tasks * draws.uniform(EARLIEST, LATEST))
        said, truth = _estimated(drafts.scores[drawn], drafts.wrong[drawn], done, project)
        if said.left is None:
            too_early += 1
            continue
        held.append(said.left.low <= truth <= said.left.high)
        widths.append((said.left.high - said.left.low) / (tasks - done))
    return {
        "projects": projects,
        "tasks": tasks,
        "audit_share": AUDIT_SHARE,
        "too_early_to_say": too_early,
        "held": int(sum(held)),
        "said": len(held),
        "coverage": round(float(np.mean(held)), 3) if held else None,
        "width_of_open": round(float(np.mean(widths)), 3) if held else None,
    }


def _estimated(scores: Any, wrong: Any, done: int, project: int) -> tuple[Outlook, int]:
    """The estimate after so many tasks, and how many of the open ones really need a change."""
    audits = choose_audits(project + 1, range(len(scores)), AUDIT_SHARE)
    is_audit = np.zeros(len(scores), dtype=bool)
    is_audit[audits] = True
    ranked = [int(place) for place in np.argsort(scores, kind="stable") if not is_audit[place]]
    queue = np.array(with_audits(ranked, audits))
    finished, left = queue[:done], queue[done:]
    work = DraftedWork(
        acceptance=scores[finished],
        changed=wrong[finished],
        audited=is_audit[finished],
        open_acceptance=scores[left],
    )
    said, _ = outlook(work)
    return said, int(wrong[left].sum())
