"""The proof that nothing leaks, for anybody to compute again: the closest pairs, the ties."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.common.json_text import Json
from sync.compute.similarity import ROUNDING, TILE, Sketched, similarities
from sync.dataset.splits.prompt_vectors import PromptVectors
from sync.dataset.splits.split_items import SPLITS, SplitItem, digest_of_texts

# a similarity is told to 4 digits, since the last bits of a vector depend on the texts that it was
# made beside; cut rather than rounded, so that what is below a threshold does not seem to reach it
STEP = 1e-4


@dataclass(frozen=True)
class Closest:
    """Of all pairs across two splits the most similar one.

    Attributes:
        similarity: cosine, cut to 4 digits; -1 where there is no pair.
        keys: of the pair, in the order of the splits.
        comparisons: pairs, every one of which was compared.
    """

    between: tuple[str, str]
    similarity: float
    keys: tuple[str, ...]
    comparisons: int

    def as_json(self) -> Json:
        """As the manifest has it."""
        return {
            "between": list(self.between),
            "similarity": self.similarity,
            "keys": list(self.keys),
            "comparisons": self.comparisons,
        }


def proof(
    items: Sequence[SplitItem], splits: Sequence[str | None], texts: PromptVectors | None
) -> Json:
    """What the manifest says; what is dropped is in no split and leaks nowhere.

    Args:
        texts: None where near-duplicates are not looked for.
    """
    across = ties_across(items, splits)
    return {
        "texts_sha256": digest_of_texts(items),
        "ties_across": len(across),
        "closest": [] if texts is None else [c.as_json() for c in closest(items, splits, texts)],
    }


def ties_across(items: Sequence[SplitItem], splits: Sequence[str | None]) -> list[tuple[str, str]]:
    """Two keys of each thing that items of different splits share."""
    first: dict[tuple[str, str], int] = {}
    found = []
    for at, item in enumerate(items):
        if splits[at] not in SPLITS:
            continue
        for tie in (("key", item.key), *item.ties):
            other = first.setdefault(tie, at)
            if splits[other] != splits[at]:
                found.append((items[other].key, item.key))
    return found


def closest(
    items: Sequence[SplitItem], splits: Sequence[str | None], texts: PromptVectors
) -> Iterator[Closest]:
    """The closest pair of each two splits, out of all pairs."""
    of_split: Mapping[str, dict[str, str]] = {name: {} for name in SPLITS}
    sizes = dict.fromkeys(SPLITS, 0)
    for item, split in zip(items, splits, strict=True):
        if split in SPLITS:
            sizes[split] += 1
            # of equal texts the first key: items are in order
            of_split[split].setdefault(item.text, item.key)
    for one, other in combinations(SPLITS, 2):
        rows = [
            np.array([texts.places[t] for t in of_split[name] if t in texts.places], dtype=np.int64)
            for name in (one, other)
        ]
        comparisons = sizes[one] * sizes[other]
        best, pairs = _closest(texts.vectors, *rows)
        text_of = {place: text for text, place in texts.places.items()} if pairs else {}
        keys = [(of_split[one][text_of[i]], of_split[other][text_of[j]]) for i, j in pairs]
        yield Closest((one, other), best, min(keys, default=()), comparisons)


def _closest(
    vectors: Embeddings, rows: NDArray[np.int64], others: NDArray[np.int64]
) -> tuple[float, list[tuple[int, int]]]:
    """The highest similarity, cut, and the pairs that have it.

    Products of float32 find the pairs that may be the closest; those are computed in float64.
    """
    if not len(rows) or not len(others):
        return -1.0, []
    slack = vectors.shape[1] * float(np.finfo(np.float32).eps)
    sets = [Sketched(vectors, vectors)]
    best, pairs = -1.0, set[tuple[int, int]]()
    for start in range(0, len(rows), TILE[0]):
        some = rows[start : start + TILE[0]]
        for from_ in range(0, len(others), TILE[1]):
            part = others[from_ : from_ + TILE[1]]
            product = vectors[some] @ vectors[part].T
            if product.max() < best - STEP - slack:
                continue
            i, j = np.nonzero(product >= product.max() - 2 * slack - STEP)
            exact = _cut(similarities(sets, some[i], part[j]))
            if exact.max() > best:
                best, pairs = float(exact.max()), set()
            hit = exact == best
            pairs |= set(zip(some[i[hit]].tolist(), part[j[hit]].tolist(), strict=True))
    return best, sorted(pairs)


def _cut(similarity: NDArray[np.float64]) -> NDArray[np.float64]:
    cut: NDArray[np.float64] = np.round(np.floor((similarity + ROUNDING) / STEP) * STEP, 4)
    return cut
