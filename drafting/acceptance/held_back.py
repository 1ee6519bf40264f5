"""What is learnt from and what is held back: near-duplicates stand on one side."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

# cosine similarity of the words, rare ones counting more
ALIKE = 0.8
_ROWS = 500
FOLDS = 5

# the places that are learnt from, and those that are held back
Fold = tuple[NDArray[np.int64], NDArray[np.int64]]


def folds_of(accepted: NDArray[np.bool_], groups: NDArray[np.int64], seed: int) -> Iterator[Fold]:
    """Five folds with like shares of accepted drafts; a group is in one of them.

    Args:
        accepted: (n,).
        groups: (n,), of `groups_of`; five at least.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    yield from folds.split(np.zeros((len(accepted), 1)), accepted, groups)


def groups_of(texts: Sequence[str]) -> NDArray[np.int64]:
    """(n,): texts of one number are near-duplicates, directly or through others.

    Words are compared, not embeddings: a model that is loaded for it would cost a worker a
    gigabyte, and what is learnt here has no words to remember. Numbers count as the same word, so
    that questions of one pattern belong together. A text without words stands alone.

    Args:
        texts: n of them.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = _pairs(texts)
    n = len(texts)
    joined = coo_array((np.ones(len(pairs)), pairs.T), shape=(n, n))
    return np.asarray(connected_components(joined, directed=False)[1], dtype=np.int64)


def _pairs(texts: Sequence[str]) -> NDArray[np.int64]:
    """(pairs, 2): the places of texts that are alike, each pair once or twice."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    none = np.empty((0, 2), dtype=np.int64)
    vectorizer = TfidfVectorizer(preprocessor=_without_numbers, token_pattern=r"(?u)\w+")
    try:
        words = vectorizer.fit_transform(texts)
    except ValueError:  # there is not a word in any of them
        return none
    found = [none]
    for start in range(0, len(texts), _ROWS):
        alike = (words[start : start + _ROWS] @ words.T).tocoo()
        kept = alike.data >= ALIKE
        found.append(np.column_stack((alike.row[kept] + start, alike.col[kept])))
    return np.concatenate(found)


def _without_numbers(text: str) -> str:
    return "".join("0" if letter.isdigit() else letter for letter in text.casefold())
