"""What is learnt from and what is held back: near-duplicates stand on one side."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

# cosine similarity of the words, rare ones counting more
ALIKE = 0.8
_ROWS = 200
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

    groups = np.arange(len(texts))
    for pairs in _pairs(texts):
        # a text of each group stands for it, so that the pairs of before need not be kept
        _, firsts, numbers = np.unique(groups, return_index=True, return_inverse=True)
        joined = np.concatenate((pairs, np.column_stack((np.arange(len(texts)), firsts[numbers]))))
        graph = coo_array((np.ones(len(joined)), joined.T), shape=(len(texts), len(texts)))
        groups = connected_components(graph, directed=False)[1]
    return np.asarray(groups, dtype=np.int64)


def _pairs(texts: Sequence[str]) -> Iterator[NDArray[np.int64]]:
    """(pairs, 2), part by part: the places of texts that are alike."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(preprocessor=_without_numbers, token_pattern=r"(?u)\w+")
    try:
        words = vectorizer.fit_transform(texts)
    except ValueError:  # there is not a word in any of them
        return
    for start in range(0, len(texts), _ROWS):
        alike = (words[start : start + _ROWS] @ words.T).tocoo()
        kept = alike.data >= ALIKE
        yield np.column_stack((alike.row[kept] + start, alike.col[kept]))


def _without_numbers(text: str) -> str:
    return "".join("0" if letter.isdigit() else letter for letter in text.casefold())
