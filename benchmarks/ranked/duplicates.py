"""Near-copies among the first tasks that experts are shown, with and without our order.

The queue is BANKING77's test file: each question a task. A classifier that has learned from
finished tasks, of the train file, says how sure it is of each; near-copies get nearly the same
number, so that an order by it alone shows them in a row.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.ranked.labels import Asked
from connectors.reading import Embeddings
from sync.compute import LocalEngine
from sync.queue.category_order import probabilities
from sync.queue.diversity import Question, near_repeats
from sync.queue.priority import NONE, Waiting, before_repeats, ranked

SHOWN = 50
NEAR = 0.9  # cosine
FINISHED = 500
SEED = 17

Order = NDArray[np.int64]


def measured(asked: Asked) -> dict[str, Any]:
    """Near-copies among the first tasks, in each order."""
    finished, acceptance = _sureness(asked)
    at_random = np.random.default_rng(SEED).permutation(len(acceptance))
    orders: Mapping[str, Order] = {
        "ours": in_our_order(asked.judged, finished, acceptance),
        "score": np.lexsort((np.arange(len(acceptance)), acceptance)),
        "random": at_random,
    }
    found = {name: near_copies(asked.judged[order[:SHOWN]]) for name, order in orders.items()}
    return {
        "tasks": len(acceptance),
        "shown": SHOWN,
        "near": NEAR,
        "with_a_near_copy_in_queue": near_copies(asked.judged)["repeats"],
        "by_order": found,
        "near_duplicates_top50": found["ours"]["share"],
    }


def in_our_order(waiting: Embeddings, finished: Embeddings, acceptance: NDArray[Any]) -> Order:
    """The places of waiting tasks as `labeltune rank` would put them, near-copies at the end."""
    n = len(waiting)
    plain = Waiting(
        task_ids=np.arange(n),
        acceptance=acceptance,
        doubt=np.zeros(n),
        kinds=np.full(n, -1),
        repeats=np.full(n, NONE),
        audits=np.zeros(0, dtype=np.int64),
    )
    first_to_last = np.lexsort((plain.task_ids, before_repeats(plain)))
    question = Question("", b"")
    repeats = near_repeats(
        [question] * n,
        [question] * len(finished),
        np.concatenate([waiting, finished]),
        first_to_last,
        NEAR,
        LocalEngine(),
    )
    return ranked(replace(plain, repeats=repeats)).order


def near_copies(shown: Embeddings) -> dict[str, Any]:
    """Tasks that nearly repeat one that was shown before them, and pairs of near-copies."""
    near = np.triu(shown @ shown.T > NEAR, k=1)
    repeats = int(near.any(axis=0).sum())
    share = round(repeats / len(shown), 3)
    return {"repeats": repeats, "share": share, "pairs": int(near.sum())}


def _sureness(asked: Asked) -> tuple[Embeddings, NDArray[np.float64]]:
    """The finished tasks, and how sure a classifier of theirs is of each waiting one."""
    draws = np.random.default_rng(SEED)
    chosen = draws.choice(len(asked.pool), min(FINISHED, len(asked.pool) // 2), replace=False)
    finished = asked.pool[chosen]
    chances = probabilities(finished, asked.labels[chosen].tolist(), asked.judged)
    return finished, chances.max(axis=1)
