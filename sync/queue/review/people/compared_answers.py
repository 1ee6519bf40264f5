"""Whether two answers to one task say the same: the labels alike, and the words in what they mean.

What an expert said of the draft is left aside, since it follows from the answer; only whether there
is an answer at all is compared. Numbers and names may differ in texts that mean nearly the same, so
a wrong amount is the business of checks, not of this.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from connectors.reading import Embeddings
from label_configs import Interface

# cosine of the texts' vectors from which on they mean the same; see docs/review.md for how often
# answers reach it
SAME_MEANING = 0.6

# (n texts) -> (n, dim), rows of length 1
Embed = Callable[[Sequence[str]], Embeddings]


@dataclass(frozen=True, slots=True)
class ComparedAnswer:
    """What counts of an answer.

    Attributes:
        labels: by control, several of one control in the order of their names.
        rejected: the draft was rejected, and nothing put in its place.
    """

    labels: Mapping[str, tuple[str, ...]]
    text: str
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class TextPair:
    """Two texts of which only their meaning can tell whether they say the same."""

    one: str
    other: str


Comparison = bool | TextPair


def compared_answer(
    record: Any, data: Mapping[str, Any], interface: Interface[Any]
) -> ComparedAnswer:
    """What counts of a typed record."""
    told = {**interface.labels(record), **interface.task_labels(record)}
    labels = {
        name: (value,) if isinstance(value, str) else tuple(sorted(value))
        for name, value in told.items()
        if name != "verdict" and value
    }
    rejected = interface.draft_verdict(record, data) == "reject"
    return ComparedAnswer(labels, "" if rejected else interface.answer(record).strip(), rejected)


def compare(one: ComparedAnswer, other: ComparedAnswer) -> Comparison:
    """Whether two answers say the same, or what is still to be compared."""
    if one.labels != other.labels or one.rejected != other.rejected:
        return False
    if one.text.split() == other.text.split():
        return True
    if not (one.text and other.text):
        return False
    return TextPair(one.text, other.text)


def decide(comparisons: Sequence[Comparison], embed: Embed) -> list[bool]:
    """Whether the answers of each comparison say the same.

    Args:
        embed: called once, with texts that are each other's equal in all but their words; not at
            all where there are none.
    """
    pairs = [each for each in comparisons if isinstance(each, TextPair)]
    if not pairs:
        return [each is True for each in comparisons]
    texts = sorted({text for pair in pairs for text in (pair.one, pair.other)})
    place = {text: at for at, text in enumerate(texts)}
    vectors = embed(texts)
    ones = vectors[[place[pair.one] for pair in pairs]]
    others = vectors[[place[pair.other] for pair in pairs]]
    similar = iter(np.einsum("ij,ij->i", ones, others) >= SAME_MEANING)
    return [each if isinstance(each, bool) else bool(next(similar)) for each in comparisons]
