"""Which texts to label first, while nothing is labelled: typical ones of every kind.

While there are few labels, a classifier does not know what it does not know, and typical texts
teach it more than doubtful ones: Hacohen, Dekel and Weinshall (2022), "Active Learning on a Budget:
Opposite Strategies Suit High and Low Budgets". As there, texts are clustered, and each cluster
sends its most typical one; what is labelled already speaks for its cluster. Arithmetic on arrays.
"""

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings, Flags

# tasks of one kind on average, where nobody says how many kinds there are
_SAME_KIND = 50
_MOST_CLUSTERS = 1000
SEED = 0

Order = NDArray[np.int64]


def clusters_for(tasks: int) -> int:
    """How many kinds of text are looked for among so many, where nobody says how many there are."""
    return max(1, min(_MOST_CLUSTERS, tasks // _SAME_KIND))


def cold_start(vectors: Embeddings, labelled: Flags, clusters: int, seed: int = SEED) -> Order:
    """The unlabelled rows, those first that stand for a cluster of which nothing is labelled.

    Clusters take turns, large ones first; each sends its rows from the centre outwards. A labelled
    row counts as one that its cluster has sent. The same rows are clustered alike each time, so
    that an order which is made again goes on where the last one was.

    Args:
        vectors: (n, dim) float32, rows of unit length; labelled and unlabelled ones.
        labelled: (n,) bool.
        clusters: that are looked for; at least 1.

    Returns:
        The places of the unlabelled rows, each once.
    """
    unlabelled = np.flatnonzero(~labelled)
    if len(unlabelled) == 0:
        return unlabelled
    cluster, distance = _clustered(vectors, min(clusters, len(vectors)), seed)
    size = np.bincount(cluster, minlength=clusters)
    sent = np.bincount(cluster[labelled], minlength=clusters)
    outwards = np.lexsort((distance[unlabelled], cluster[unlabelled]))
    turn = np.empty(len(unlabelled), dtype=np.int64)
    of_cluster = cluster[unlabelled][outwards]
    first = np.searchsorted(of_cluster, of_cluster)
    turn[outwards] = np.arange(len(unlabelled)) - first + sent[of_cluster]
    found: Order = unlabelled[np.lexsort((distance[unlabelled], -size[cluster[unlabelled]], turn))]
    return found


def _clustered(
    vectors: Embeddings, clusters: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The cluster of each row, and how far the row is from its centre."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    # the same clusters on a machine with more cores, which would sum in another order
    with threadpool_limits(limits=1):
        found = KMeans(clusters, n_init=1, random_state=seed).fit(vectors)
    cluster = found.labels_.astype(np.int64)
    distance = np.linalg.norm(vectors - found.cluster_centers_[cluster], axis=1)
    return cluster, distance.astype(np.float64)
