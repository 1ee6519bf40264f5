"""Which texts to label next, so that a classifier of categories learns most by each label.

First texts that stand for their kind (`sync.queue.cold_start`); then those between whose two best
categories a classifier of the finished work wavers (the margin of Scheffer, Decomain and Wrobel
2001, "Active Hidden Markov Models for Information Extraction"), no two of them alike: the doubtful
ones are clustered, and each cluster sends one, as in Zhdanov (2019), "Diverse mini-batch Active
Learning". What looks like a category of few labels counts as more doubtful. Arithmetic on arrays;
`benchmarks/ranking.py` measures it, and what was chosen by trying was chosen there, on a part of
BANKING77's train file.
"""

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.queue.cold_start import SEED, Order, clusters_for, cold_start

# labels of each kind, on average, until the classifier is asked
COLD_START_EACH = 2
# doubtful texts among which those of one batch are chosen, as a multiple of it
POOL = 10
# how much more a text counts that looks like a category of few labels: 0 not at all; 1 twice as
# much where there are half as many
BALANCE = 0.5
# inverse strength of regularisation
C = 20.0
# tasks that come first for their category, until the order is made again
LEADING = 50


def category_order(
    vectors: Embeddings,
    labels: Sequence[str | None],
    *,
    batch: int = 50,
    kinds: int | None = None,
    seed: int = SEED,
) -> Order:
    """The unlabelled rows in the order in which they should be labelled.

    Args:
        vectors: (n, dim) float32, rows of unit length.
        labels: of each row; None: not labelled yet.
        batch: rows that will be labelled before the order is made again; after so many, diversity
            is no longer looked after.
        kinds: how many labels there are; None: as many as `clusters_for` says.

    Returns:
        The places of the unlabelled rows, each once.
    """
    labelled = np.array([label is not None for label in labels], dtype=bool)
    kinds = kinds or clusters_for(len(vectors))
    known = [label for label in labels if label is not None]
    if len(known) < COLD_START_EACH * kinds or len(set(known)) < 2:
        return cold_start(vectors, labelled, COLD_START_EACH * kinds, seed)
    unlabelled = np.flatnonzero(~labelled)
    if len(unlabelled) == 0:
        return unlabelled
    chances = probabilities(vectors[labelled], known, vectors[unlabelled])
    doubt = (1 - margins(chances)) * scarcity(chances, known)
    return unlabelled[diverse_first(vectors[unlabelled], doubt, batch, seed)]


def category_leads(
    waiting: Embeddings, answered: Embeddings, labels: Sequence[str | None], kinds: int
) -> list[int]:
    """The places of the `LEADING` waiting tasks that should be labelled next, the first first.

    Args:
        waiting: (n, dim) float32, rows of unit length: of what each task asks.
        answered: (m, dim) likewise, of finished tasks.
        labels: m, of the finished tasks; None: without one, which teaches nothing.
        kinds: how many labels there are.
    """
    known = [place for place, label in enumerate(labels) if label is not None]
    vectors = np.concatenate([waiting, answered[known]]).astype(np.float32)
    given = [*([None] * len(waiting)), *(labels[place] for place in known)]
    order = category_order(vectors, given, batch=LEADING, kinds=kinds)
    return [int(place) for place in order[:LEADING]]


def probabilities(
    labelled: Embeddings, labels: Sequence[str], asked: Embeddings
) -> NDArray[np.float64]:
    """(n, classes): how likely each label is for each asked row, by logistic regression.

    Args:
        labels: of the labelled rows; two different ones at least.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    # matrices this small are multiplied 25 times as fast by one thread, where others compute, too
    with warnings.catch_warnings(), threadpool_limits(limits=1):
        # that so many labels of so few texts might be numbers
        warnings.simplefilter("ignore", UserWarning)
        model = LogisticRegression(C=C, max_iter=300).fit(labelled, list(labels))
        return np.asarray(model.predict_proba(asked), dtype=np.float64)


def margins(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """By how much the likeliest label leads the second, in [0, 1]; low = label it sooner.

    Args:
        chances: (n, classes), two classes at least; each row sums to 1.
    """
    best = np.partition(chances, -2, axis=1)[:, -2:]
    return best[:, 1] - best[:, 0]


def scarcity(chances: NDArray[np.float64], labels: Sequence[str]) -> NDArray[np.float64]:
    """(n,): above 1 for rows whose likeliest label has fewer labels than others, below for more.

    Args:
        chances: (n, classes), of the labels in their order.
        labels: that the classifier has learned from.
    """
    _, counts = np.unique(list(labels), return_counts=True)
    found: NDArray[np.float64] = (counts.mean() / counts[chances.argmax(axis=1)]) ** BALANCE
    return found


def diverse_first(
    vectors: Embeddings, doubt: NDArray[np.float64], batch: int, seed: int = SEED
) -> Order:
    """Rows by doubt, the most doubtful first, with no two alike among the first `batch`.

    Of the `POOL` times as many doubtful ones, clustered with doubt as their weight, each cluster
    sends the row at its centre.

    Returns:
        The places of all rows, each once.
    """
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    order = np.argsort(-doubt, kind="stable")
    pool = order[: POOL * batch]
    if len(pool) <= batch:
        return order
    with threadpool_limits(limits=1):
        found = KMeans(batch, n_init=1, random_state=seed).fit(
            vectors[pool], sample_weight=doubt[pool] + 1e-6
        )
    distance = np.linalg.norm(vectors[pool] - found.cluster_centers_[found.labels_], axis=1)
    outwards = np.lexsort((distance, found.labels_))
    _, first = np.unique(found.labels_[outwards], return_index=True)
    chosen = np.sort(outwards[first])  # places in the pool, which is in order of doubt
    return np.concatenate([pool[chosen], np.setdiff1d(order, pool[chosen], assume_unique=True)])
