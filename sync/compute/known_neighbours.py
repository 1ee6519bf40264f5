"""The nearest of each vector among a sample, where few vectors have changed since the last time.

`nearest-prompts.arrow` in the data folder has a digest of each vector, and its nearest. It can be
deleted at any time; one that is missing or broken costs time and nothing else. What is taken from
it is what would be found anew: the sample is chosen by digests, so that a vector that comes or
goes moves few others, and products are exact, whatever is multiplied beside them.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.compute.kept_results import MADE_BY, code_version, read_known, replace_kept
from sync.compute.known_pairs import digests_of

NEAREST_PROMPTS = "nearest-prompts.arrow"
# vectors that others are compared with; more of them make a neighbour nearer, and hardly a finding
SAMPLE = 4_096
# nearest of each that are kept, so that enough are left where some go
_KEPT = 16
# vectors that are new in the sample, up to which the others are only compared with these
_FEW = 256
# rows at a time: 32 MB of keys
_TILE = 1_024
# products of vectors on this grid are multiples of its square, and exact in single precision
_GRID = 2.0**12
# a whole sample of places is less than the least difference of two products
_PLACE = 2.0**-40
# farther than anything
_GONE = 4.0

# a neighbour's place in the sample and its product with a row as one number, the nearest lowest
Keys = NDArray[np.float64]


@dataclass(frozen=True)
class Neighbours:
    """The nearest of each row, the nearest first.

    Attributes:
        rows: (n, k).
        similarity: (n, k), cosine to three digits, the same bits on every machine.
    """

    rows: NDArray[np.int64]
    similarity: NDArray[np.float64]


@dataclass(frozen=True)
class _Known:
    """Vectors in order of their digests, of which the first ones are the sample.

    Attributes:
        digests: (n,) of 16 bytes.
        keys: (n, 16) of the nearest of each.
    """

    digests: NDArray[np.bytes_] = field(default_factory=lambda: np.empty(0, "S16"))
    keys: Keys = field(default_factory=lambda: np.empty((0, _KEPT)))


def nearest_others(
    vectors: Embeddings, k: int, path: Path | None = None, *, keep: bool = True
) -> Neighbours:
    """The k rows of a set that are most similar to each of its rows, itself apart.

    Args:
        vectors: (n, dim), of length 1, or zeros; n is 2 at least.
        k: fewer where the set has no more; at most 16.
        path: of `NEAREST_PROMPTS`; None to compare all, and keep nothing.
        keep: false to leave the file as it is.

    Returns:
        NDArray[np.int64] of the set; of a sample of it where there are many.
    """
    digests = np.frombuffer(b"".join(digests_of(vectors)), "S16")
    order = np.argsort(digests, kind="stable")
    digests = digests[order]
    ordered, scale = _on_grid(vectors[order])
    wanted = min(k, SAMPLE - 1, len(ordered) - 1)
    known = read_known(path, code_version().encode(), _known_of, _Known())
    keys = _still_right(known, digests, ordered, wanted)
    for start in range(0, len(ordered), _TILE):
        rows = start + np.flatnonzero(keys[start : start + _TILE, wanted - 1] == _GONE)
        if len(rows):
            keys[rows] = _searched(ordered, rows)
    if keep and path is not None and not np.array_equal(digests, known.digests):
        _write(path, _Known(digests, keys))
    place, product = _parted(keys[:, :wanted])
    found, similarity = np.empty_like(place), np.empty_like(product)
    found[order] = order[place]
    similarity[order] = np.minimum(product / scale**2, 1.0)
    return Neighbours(found, similarity)


def _on_grid(vectors: Embeddings) -> tuple[Embeddings, float]:
    """Vectors whose products are exact in any order, and by what these are shortened.

    Their numbers are multiples of 2^-12, and they are shorter than 1, so no sum of products is 1 or
    more: 24 bits hold it.
    """
    scale = 1.0 - np.sqrt(vectors.shape[1]) / (2 * _GRID) - 1e-5
    return np.rint(vectors * np.float32(scale * _GRID)) / np.float32(_GRID), float(scale)


def _keyed(place: NDArray[np.int64], product: Keys) -> Keys:
    return place * _PLACE - product


def _parted(keys: Keys) -> tuple[NDArray[np.int64], Keys]:
    """Places and products of keys."""
    product = np.rint(-keys * _GRID**2) / _GRID**2
    return np.rint((keys + product) / _PLACE).astype(np.int64), product


def _searched(ordered: Embeddings, rows: NDArray[np.int64]) -> Keys:
    """(len(rows), 16): the nearest of rows among the whole sample."""
    sample = ordered[:SAMPLE]
    keys = _keyed(np.arange(len(sample)), (ordered[rows] @ sample.T).astype(np.float64))
    inside = np.flatnonzero(rows < len(sample))
    keys[inside, rows[inside]] = _GONE
    most = min(_KEPT, len(sample))
    found = np.full((len(rows), _KEPT), _GONE)
    found[:, :most] = np.sort(np.partition(keys, most - 1, axis=1)[:, :most], axis=1)
    return found


def _still_right(
    known: _Known, digests: NDArray[np.bytes_], ordered: Embeddings, wanted: int
) -> Keys:
    """(n, 16): the nearest of each row as far as that is known, nothing where too little is.

    What the last search left out is farther than the last that it kept; so whatever is new in the
    sample and nearer than that comes before all that was left out.
    """
    found = np.full((len(ordered), _KEPT), _GONE)
    before = np.searchsorted(known.digests, digests)
    there = np.append(known.digests, b"")[before] == digests
    sampled = len(ordered[:SAMPLE])
    stays = np.flatnonzero(there[:sampled] & (before[:sampled] < SAMPLE))
    added = np.setdiff1d(np.arange(sampled), stays)
    rows = np.flatnonzero(there)
    if len(added) > _FEW or not len(rows):
        return found
    moved = np.full(SAMPLE, -1)
    moved[before[stays]] = stays
    old = known.keys[before[rows]]
    place, product = _parted(old)
    now = np.where(old < _GONE, moved[np.where(old < _GONE, place, 0)], -1)
    keys = np.where(now >= 0, _keyed(now, product), _GONE)
    last = np.where(keys < _GONE, keys, -_GONE).max(axis=1, keepdims=True)
    more = _keyed(added, (ordered[rows] @ ordered[added].T).astype(np.float64))
    more[(rows[:, None] == added) | (more > last)] = _GONE
    enough = (keys < _GONE).sum(axis=1) >= wanted
    merged = np.sort(np.hstack([keys, more]), axis=1)[:, :_KEPT]
    found[rows[enough]] = merged[enough]
    return found


def _known_of(table: pa.Table) -> _Known:
    digests = np.frombuffer(b"".join(table["digest"].to_pylist()), "S16")
    keys = table["keys"].combine_chunks().flatten().to_numpy().reshape(-1, _KEPT)
    place, _ = _parted(np.where(keys < _GONE, keys, 0.0))
    is_there = (place >= 0) & (place < min(len(digests), SAMPLE))
    if len(digests) != len(keys) or not is_there.all():
        raise ValueError("neighbours of no vectors")
    return _Known(digests, keys)


def _write(path: Path, known: _Known) -> None:
    """Keep these and nothing else, so that what was deleted is kept nowhere."""
    content = known.digests.tobytes()
    digests = [content[start : start + 16] for start in range(0, len(content), 16)]
    columns = {
        "digest": pa.array(digests, pa.binary(16)),
        "keys": pa.FixedSizeListArray.from_arrays(pa.array(known.keys.ravel()), _KEPT),
    }
    made_by = {MADE_BY: code_version().encode()}
    replace_kept(path, pa.table(columns).replace_schema_metadata(made_by))
