"""Query strategies of scikit-activeml on the same questions, where it is installed.

    pip install scikit-activeml
    python benchmarks/ranking.py --only labels --peers

Those that need no classifier choose until each kind could have two labels; then those that do.
`Badge` is left out: it took 2.7 GB, and gave no result in six minutes on a busy machine.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from benchmarks.ranked.labels import ROUND, Asked, Strategy, ours
from sync.queue.category_order import COLD_START_EACH, C

_MISSING = -1


def strategies() -> Mapping[str, Strategy]:
    """By name: how it begins, and how it goes on.

    Raises:
        ImportError: scikit-activeml is not installed.
    """
    from skactiveml.pool import Clue, DropQuery, Falcun, TypiClust

    return {
        "TypiClust, Clue": partial(_chosen, TypiClust, Clue),
        "typical texts as ours, Falcun": partial(_chosen, None, Falcun),
        "typical texts as ours, DropQuery": partial(_chosen, None, DropQuery),
    }


def _chosen(
    begins: Callable[..., Any] | None,
    goes_on: Callable[..., Any],
    asked: Asked,
    labels: Sequence[str | None],
    seed: int,
) -> Sequence[int]:
    from skactiveml.classifier import SklearnClassifier
    from sklearn.linear_model import LogisticRegression

    names = {name: place for place, name in enumerate(asked.kinds.tolist())}
    known = np.array([_MISSING if label is None else names[label] for label in labels])
    options = {"missing_label": _MISSING, "random_state": seed}
    if (known != _MISSING).sum() < COLD_START_EACH * len(asked.kinds):
        if begins is None:
            return ours(asked, labels, seed)
        chosen = begins(**options).query(asked.pool, known, batch_size=ROUND)
    else:
        model = SklearnClassifier(
            LogisticRegression(C=C, max_iter=300),
            classes=list(names.values()),
            missing_label=_MISSING,
        )
        chosen = goes_on(**options).query(asked.pool, known, model, batch_size=ROUND)
    return [int(place) for place in chosen]
