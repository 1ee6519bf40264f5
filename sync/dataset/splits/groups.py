"""Which items stay together: tied ones, near-duplicates, and what those are tied to in turn."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from connectors.reading import Embeddings
from sync.compute.similarity import Rows, near_pairs, sketched
from sync.dataset.splits.prompt_vectors import PromptVectors
from sync.dataset.splits.split_items import SplitItem

Edges = tuple[Rows, Rows]

# edges that are held before they are merged
_WAITING = 1 << 20


def groups_of(
    items: Sequence[SplitItem], texts: PromptVectors | None = None, threshold: float | None = None
) -> Rows:
    """(n,): the group of each item, numbered in the order of the items.

    Args:
        texts: None for ties alone.
        threshold: least cosine similarity of near-duplicates.
    """
    labels = merged(np.arange(len(items), dtype=np.int64), _all(tie_edges(items)))
    if texts is not None and threshold is not None and len(texts.vectors):
        # of each text the first item that has it
        owners = np.full(len(texts.vectors), -1, dtype=np.int64)
        same = []
        for at, item in enumerate(items):
            place = texts.places.get(item.text)
            if place is None:
                continue
            if owners[place] < 0:
                owners[place] = at
            same.append((int(owners[place]), at))
        labels = merged(labels, _all(same))
        for first, second in _near(texts.vectors, threshold):
            labels = merged(labels, (owners[first], owners[second]))
    return _in_order(labels)


def tie_edges(items: Iterable[SplitItem]) -> Iterator[tuple[int, int]]:
    """Each item with the first one that it shares something with; equal keys are one item."""
    seen: dict[tuple[str, str], int] = {}
    for at, item in enumerate(items):
        for tie in (("key", item.key), *item.ties):
            first = seen.setdefault(tie, at)
            if first != at:
                yield first, at


def merged(labels: Rows, edges: Edges) -> Rows:
    """The labels of groups after these edges were added between members."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    first, second = labels[edges[0]], labels[edges[1]]
    apart = first != second
    if not apart.any():
        return labels
    size = int(labels.max()) + 1
    graph = coo_matrix((np.ones(apart.sum(), np.int8), (first[apart], second[apart])), (size, size))
    _, found = connected_components(graph, directed=False)
    joined: Rows = found.astype(np.int64)[labels]
    return joined


def _in_order(labels: Rows) -> Rows:
    """The same groups, numbered as they come."""
    _, place, numbers = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(place), dtype=np.int64)
    rank[np.argsort(place)] = np.arange(len(place))
    ordered: Rows = rank[numbers]
    return ordered


def _near(rows: Embeddings, threshold: float) -> Iterator[Edges]:
    """Near pairs among rows, many at a time."""
    everything = np.arange(len(rows))
    waiting: list[Edges] = []
    held = 0
    for pairs in near_pairs([sketched(rows)], everything, everything, threshold):
        waiting.append((pairs.first, pairs.second))
        held += len(pairs.first)
        if held >= _WAITING:
            yield _joined(waiting)
            waiting, held = [], 0
    if waiting:
        yield _joined(waiting)


def _joined(edges: Sequence[Edges]) -> Edges:
    return np.concatenate([e[0] for e in edges]), np.concatenate([e[1] for e in edges])


def _all(edges: Iterable[tuple[int, int]]) -> Edges:
    found = np.array(list(edges), dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]
