"""Near-duplicates among vectors of which few have changed: the others are not compared again.

`near-prompts.arrow` in the data folder has a digest of each vector, and its pairs. It can be
deleted at any time; one that is missing or broken costs time and nothing else. A pair's similarity
is the same whatever it is computed beside (`sync.compute.similarity.similarities`), so what is
taken from the file is what would be found anew.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.compute.kept_results import MADE_BY, code_version, read_known, replace_kept
from sync.compute.similarity import Pairs, Sketched, near_pairs, sketched

NEAR_PROMPTS = "near-prompts.arrow"
# pairs that are held in memory: 72 MB; of a set with more, whoever needs them searches as they go
MOST_PAIRS = 3_000_000
# new vectors from which on sketches of all are worth finding
_SKETCHED = 1_000

_NONE = Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


@dataclass(frozen=True)
class _Known:
    """Digests of vectors, and the pairs among them by their places."""

    digests: Sequence[bytes] = ()
    pairs: Pairs = _NONE


def all_near_pairs(
    vectors: Embeddings, threshold: float, path: Path | None = None, *, keep: bool = True
) -> Pairs | None:
    """Every pair of near rows, by first and second; None where there are too many to hold.

    Args:
        vectors: (n, dim), rows of length 1, or zeros.
        threshold: least cosine similarity, in (-1, 1].
        path: of `NEAR_PROMPTS`; None to compare all, and keep nothing.
        keep: false to leave the file as it is.
    """
    digests = [*digests_of(vectors)]
    known = read_known(path, _made_by(threshold), _known_of, _Known())
    rows = {digest: row for row, digest in enumerate(digests)}
    place = np.array([rows.get(digest, -1) for digest in known.digests], np.int64)
    new = np.ones(len(vectors), dtype=np.bool_)
    new[place[place >= 0]] = False
    found = _of_new(vectors, new, threshold)
    if found is None:
        return None
    pairs = _joined(_still_there(known.pairs, place), found)
    if keep and path is not None and (new.any() or (place < 0).any()):
        _write(path, threshold, _Known(digests, pairs))
    return pairs


def digests_of(vectors: Embeddings) -> Iterator[bytes]:
    """Of each row, other ones where a vector comes again."""
    seen: Counter[bytes] = Counter()
    for vector in vectors:
        content = vector.tobytes()
        digest = blake2b(content, digest_size=16).digest()
        seen[digest] += 1
        again = seen[digest].to_bytes(8, "big")
        yield digest if seen[digest] == 1 else blake2b(digest + again, digest_size=16).digest()


def _of_new(vectors: Embeddings, new: NDArray[np.bool_], threshold: float) -> Pairs | None:
    """Pairs of which one row at least is new."""
    number = int(new.sum())
    if not number:
        return _NONE
    order = np.concatenate([np.flatnonzero(new), np.flatnonzero(~new)])
    ordered = vectors[order]
    sets = [sketched(ordered) if number >= _SKETCHED else Sketched(ordered, ordered)]
    found, many = [], 0
    for pairs in near_pairs(sets, np.arange(number), np.arange(len(order)), threshold):
        many += len(pairs.first)
        if many > MOST_PAIRS:
            return None
        found.append(Pairs(order[pairs.first], order[pairs.second], pairs.similarity))
    return _joined(*found)


def _still_there(pairs: Pairs, place: NDArray[np.int64]) -> Pairs:
    """Known pairs by the rows that their vectors are now; -1: gone."""
    first, second = place[pairs.first], place[pairs.second]
    there = (first >= 0) & (second >= 0)
    return Pairs(first[there], second[there], pairs.similarity[there])


def _joined(*several: Pairs) -> Pairs:
    """As one, in order, each with its lower row first."""
    several = several or (_NONE,)
    first = np.concatenate([pairs.first for pairs in several])
    second = np.concatenate([pairs.second for pairs in several])
    similarity = np.concatenate([pairs.similarity for pairs in several])
    low, high = np.minimum(first, second), np.maximum(first, second)
    order = np.lexsort((high, low))
    return Pairs(low[order], high[order], similarity[order])


def _known_of(table: pa.Table) -> _Known:
    digests = table["digest"].to_pylist()
    near, similarity = table["near"].combine_chunks(), table["similarity"].combine_chunks()
    first = np.repeat(np.arange(len(digests)), np.diff(near.offsets.to_numpy()))
    second = near.flatten().to_numpy()
    is_right = (first < second) & (second < len(digests))
    if len(set(digests)) != len(digests) or not is_right.all():
        raise ValueError("pairs of no vectors")
    return _Known(digests, Pairs(first, second, similarity.flatten().to_numpy()))


def _write(path: Path, threshold: float, known: _Known) -> None:
    """Keep these and nothing else, so that what was deleted is kept nowhere."""
    pairs = known.pairs
    offsets = pa.array(np.searchsorted(pairs.first, np.arange(len(known.digests) + 1)), pa.int32())
    columns = {
        "digest": pa.array(known.digests, pa.binary(16)),
        "near": pa.ListArray.from_arrays(offsets, pa.array(pairs.second)),
        "similarity": pa.ListArray.from_arrays(offsets, pa.array(pairs.similarity)),
    }
    stamped = pa.table(columns).replace_schema_metadata({MADE_BY: _made_by(threshold)})
    replace_kept(path, stamped)


def _made_by(threshold: float) -> bytes:
    return f"{threshold!r} {code_version()}".encode()
