"""Faults that words leave open and the embedding model decides.

A text check looks at a text wherever it is computed, and has no model there. Of what depends on
meaning it says under which condition it is a fault, and whoever has the vectors decides.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from connectors.reading import Embeddings, Reading

# a part is nearer to some sentence, and to some two sentences in a row, than the other parts are,
# and near to one at all: how much each counts, and the sum up to which nothing belongs to it
_TWO_IN_A_ROW, _AT_ALL = 0.7, 0.6
_BELONGS = -0.1


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The condition that nothing in an answer belongs to one of the things that were asked.

    Attributes:
        parts: what was asked, at least two questions or requests.
        at: the place of the one in question.
        sentences: of the answer, in order; at least one.
    """

    parts: tuple[str, ...]
    at: int
    sentences: tuple[str, ...]

    def texts(self) -> tuple[str, ...]:
        """What has to be embedded."""
        return (*self.parts, *self.sentences, *self._pairs())

    def holds(self, vectors: Embeddings) -> bool:
        """Whether the part was left out.

        Args:
            vectors: (n, dim) of `texts`, rows of length 1.
        """
        parts, first = vectors[: len(self.parts)], len(self.parts)
        alone = parts @ vectors[first : first + len(self.sentences)].T
        in_pairs = parts @ vectors[first + len(self.sentences) :].T
        belongs = _lead(alone, self.at) + _TWO_IN_A_ROW * _lead(in_pairs, self.at)
        return bool(belongs + _AT_ALL * alone[self.at].max() < _BELONGS)

    def _pairs(self) -> tuple[str, ...]:
        """Every two sentences in a row; the only one where there is one."""
        rows = zip(self.sentences, self.sentences[1:], strict=False)
        return tuple(" ".join(pair) for pair in rows) or self.sentences


def _lead(similar: Embeddings, at: int) -> float:
    """By how much a part is nearer than each other one, to the text where that is most."""
    return float((similar[at] - np.delete(similar, at, axis=0).max(axis=0)).max())


def which_hold(
    conditions: Iterable[LeftOut], read: Callable[[Sequence[str]], Reading]
) -> Mapping[LeftOut, bool]:
    """Of each condition whether it holds; one with a text that the model can't read does not.

    Args:
        read: gives the vectors of texts, each of which comes once; not called without any.
    """
    asked = dict.fromkeys(conditions)
    if not asked:
        return {}
    texts = list(dict.fromkeys(text for one in asked for text in one.texts()))
    reading, place = read(texts), {text: i for i, text in enumerate(texts)}
    found: dict[LeftOut, bool] = {}
    for one in asked:
        rows = [place[text] for text in one.texts()]
        found[one] = not reading.unread[rows].any() and one.holds(reading.vectors[rows])
    return found
