"""How many labels a classifier of intents needs: in our order, by plain margin, at random.

BANKING77's questions of bank customers, as vectors of the embedding model, classified by logistic
regression. A strategy chooses which questions of the train file get their label, `ROUND` at a time,
until the classifier is right about `TARGET` of those asked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.queue.category_order import category_order, margins, probabilities

TARGET = 0.85
ROUND = 20  # labels between two orders, of every strategy
MOST = 2500  # labels after which a strategy has failed
EARLY = 300  # labels up to which only every fifth round is judged, of every strategy
SEEDS = 5

Labels = NDArray[np.str_]


@dataclass(frozen=True)
class Asked:
    """Questions that may be labelled, and those on which the classifier is judged."""

    pool: Embeddings
    labels: Labels
    judged: Embeddings
    judged_labels: Labels

    @cached_property
    def kinds(self) -> Labels:
        """The labels that there are, which a project's settings say."""
        return np.unique(self.labels)


# (the pool, its labels as far as they are known, a seed) -> places to label next
Strategy = Callable[[Asked, Sequence[str | None], int], Sequence[int]]


def ours(asked: Asked, labels: Sequence[str | None], seed: int) -> Sequence[int]:
    """The order of `labeltune rank`."""
    order = category_order(asked.pool, labels, batch=ROUND, kinds=len(asked.kinds), seed=seed)
    return [int(place) for place in order[:ROUND]]


def plain_margin(asked: Asked, labels: Sequence[str | None], seed: int) -> Sequence[int]:
    """By chance until there are as many labels as kinds; then the lowest margins."""
    labelled, known = _split(labels)
    if len(known) < len(asked.kinds) or len(set(known)) < 2:
        return random_order(asked, labels, seed)
    unlabelled = np.flatnonzero(~labelled)
    margin = margins(probabilities(asked.pool[labelled], known, asked.pool[unlabelled]))
    return [int(place) for place in unlabelled[np.argsort(margin, kind="stable")[:ROUND]]]


def random_order(asked: Asked, labels: Sequence[str | None], seed: int) -> Sequence[int]:
    """By chance."""
    labelled, known = _split(labels)
    unlabelled = np.flatnonzero(~labelled)
    draws = np.random.default_rng((seed, len(known)))
    chosen = draws.choice(unlabelled, min(ROUND, len(unlabelled)), replace=False)
    return [int(place) for place in chosen]


STRATEGIES: Mapping[str, Strategy] = {
    "ours": ours,
    "margin": plain_margin,
    "random": random_order,
}


def _split(labels: Sequence[str | None]) -> tuple[NDArray[np.bool_], list[str]]:
    labelled = np.array([label is not None for label in labels], dtype=bool)
    return labelled, [label for label in labels if label is not None]


def curve(asked: Asked, strategy: Strategy, seed: int) -> Iterator[tuple[int, float]]:
    """(labels, accuracy) after each round, until the target is reached."""
    labels: list[str | None] = [None] * len(asked.pool)
    done: list[int] = []
    while len(done) < min(MOST, len(labels)):
        chosen = strategy(asked, labels, seed)
        done += chosen
        for place in chosen:
            labels[place] = str(asked.labels[place])
        if len(done) < min(EARLY, len(labels) // 2) and len(done) % (5 * ROUND):
            continue
        accuracy = accuracy_of(asked, done)
        yield len(done), accuracy
        if accuracy >= TARGET:
            return


def accuracy_of(asked: Asked, done: Sequence[int]) -> float:
    """Of the classifier that has learned these labels: the mean over the kinds that are judged.

    The test file has 40 questions of each kind, so that it is the share of right answers there.
    """
    known = [str(label) for label in asked.labels[list(done)]]
    if len(set(known)) < 2:
        return 0.0
    chances = probabilities(asked.pool[list(done)], known, asked.judged)
    said = np.unique(known)[chances.argmax(axis=1)]
    right = said == asked.judged_labels
    return float(np.mean([right[asked.judged_labels == kind].mean() for kind in asked.kinds]))


def measured(
    asked: Asked,
    seeds: int = SEEDS,
    told: Callable[[str], None] = lambda said: None,
    peers: Mapping[str, Strategy] | None = None,
) -> dict[str, Any]:
    """Labels that each strategy needs, by seed, and what ours saves.

    Args:
        told: how far it is.
        peers: strategies of others, by name.
    """
    figures: dict[str, Any] = {"target": TARGET, "round": ROUND, "pool": len(asked.pool)}
    strategies = {**STRATEGIES, **(peers or {})}
    figures["strategies"] = list(strategies)
    for name, strategy in strategies.items():
        curves = []
        for seed in range(seeds):
            curves.append([*curve(asked, strategy, seed)])
            told(f"{name}, seed {seed}: {curves[-1][-1][0]} labels, {curves[-1][-1][1]:.3f} right")
        needed = [points[-1][0] for points in curves]
        figures[name] = {
            "labels": needed,
            "mean": round(float(np.mean(needed)), 1),
            "spread": round(float(np.std(needed, ddof=1)), 1) if seeds > 1 else None,
            "reached": all(points[-1][1] >= TARGET for points in curves),
            "curves": [[(n, round(right, 4)) for n, right in points] for points in curves],
        }
    mine = np.array(figures["ours"]["labels"]) / np.array(figures["random"]["labels"])
    figures["label_saving"] = round(1 - figures["ours"]["mean"] / figures["random"]["mean"], 3)
    figures["label_saving_by_seed"] = [round(float(1 - share), 3) for share in mine]
    return figures
