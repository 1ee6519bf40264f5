"""The parts of answers that carry the answer, and how alike those are.

Whole answers are alike in what leads to the answer, too, and that says little: of worked problems,
right and wrong ones differ in the last line. So conclusions are compared: how a text ends, the
numbers there, exactly, and whether it decides for yes, no or maybe. Nothing here knows a data set's
marks of an answer, nor a language's words but for those of `decision_words`.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from connectors.reading import Embeddings
from drafting.signals.decision_words import PolarAnswer, decision, is_negated, only_decides
from drafting.signals.numbers import numbers, units
from drafting.signals.text_parts import sentences
from drafting.turn_similarity import Similarities

# similarities of parts -> one similarity
OfParts = Callable[[Similarities], Any]

# an ending holds whole sentences of so many characters at least, since the last one alone may be
# "Thank you!"; a probe on worked problems compared as many
_LEAST = 80
# what numbers and decisions, which are the same or not, weigh beside words: of 0.5, 0.7 and 0.85
# the one that tells wrong drafts best among the benchmark's questions for development
_EXACT = 0.7
# what is left of the similarity of words where just one of two endings is negated
_NEGATED = 0.5
# Sentences that end every answer word for word and are so long together (characters) are a formula,
# such as a disclaimer or an address; a shared "Answer: 5" is what the answers come to.
_FORMULA = 60
# numbers that count items or name sources, and say nothing
_MARKS = re.compile(
    r"(?m)^\s*\d{1,3}[.)]\s+(?=\S)|(?<=[.,;:!?)])\[[\d, ]+\]| \[\d{1,3}\](?=[\s.,;]|$)"
)
_LETTER = re.compile(r"(?<![\w'\u2019.])[A-HJ-Z](?=\)|[\s*}$.]*(?:\n|$)|\.\s)")


@dataclass(frozen=True)
class Conclusion:
    """What a text comes to.

    Attributes:
        ending: its last sentences.
        numbers: of the last sentence among them that has some, or nothing but a decision.
        decided: for yes, no or maybe, by the first or the last word.
        negated: a word of negation stands in the ending.
        units: of measure and currency, beside the numbers.
        letters: that stand alone at the end of a sentence or before a bracket: "Answer: B".
    """

    ending: str
    numbers: tuple[Decimal, ...] = ()
    decided: PolarAnswer | None = None
    negated: bool = False
    units: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()


def conclusion_of(text: str) -> Conclusion:
    """The conclusion of a text; of a short one, all of it."""
    ending: list[str] = []
    found = sentences(_MARKS.sub("", text)) or sentences(text)
    while found and sum(map(len, ending)) < _LEAST:
        ending.insert(0, found.pop())
    telling = (one for one in reversed(ending) if numbers(one) or only_decides(one))
    told = next(telling, "")
    written = " ".join(ending) or text.strip()
    return Conclusion(
        ending=written,
        numbers=tuple(numbers(told)),
        decided=decision(text),
        negated=is_negated(written),
        units=units(told),
        letters=frozenset(_LETTER.findall(written)),
    )


def without_formula(texts: Sequence[str]) -> Sequence[str]:
    """The texts without the sentences that end all of them word for word, if those are long.

    Each keeps a sentence, and texts that are all the same stay as they are.
    """
    parted = [sentences(text) for text in texts]
    shared = 0
    while all(len(one) > shared + 1 for one in parted):
        if len({one[-1 - shared] for one in parted}) > 1:
            break
        shared += 1
    if not shared or len(set(texts)) == 1:
        return texts
    if sum(map(len, parted[0][-shared:])) < _FORMULA:
        return texts
    return ["\n".join(one[:-shared]) for one in parted]


def conclusion_similarities(
    answers: Sequence[Sequence[str]],
    embed: Callable[[Sequence[str]], Embeddings],
    of_parts: OfParts = np.mean,
) -> Similarities:
    """Pairwise similarity of answers by their conclusions.

    Where an answer has several parts, each is compared with the most similar one of the other.

    Args:
        answers: the parts of each, at least one; most have one.
        of_parts: what is made of the similarities of two answers' parts, the mean or the least one.

    Returns:
        (n, n), symmetric, in [0, 1], ones on the diagonal.
    """
    if all(len(answer) == 1 for answer in answers):
        answers = [(text,) for text in without_formula([text for (text,) in answers])]
    parts = [[conclusion_of(part) for part in answer] for answer in answers]
    vectors = embed([one.ending for answer in parts for one in answer])
    ends = np.cumsum([len(answer) for answer in parts])
    rows = np.split(vectors, ends[:-1])
    alike: Similarities = np.eye(len(answers))
    for at in range(len(answers)):
        for place in range(at):
            cosines = np.clip(rows[at] @ rows[place].T, 0.0, 1.0)
            pairs = np.vectorize(_alike, otypes=[float])(
                np.array(parts[at], dtype=object)[:, None],
                np.array(parts[place], dtype=object)[None, :],
                cosines,
            )
            best = np.concatenate([pairs.max(axis=1), pairs.max(axis=0)])
            alike[at, place] = alike[place, at] = float(of_parts(best))
    return alike


def _alike(one: Conclusion, other: Conclusion, cosine: float) -> float:
    """How alike two conclusions are, in [0, 1]; `cosine` is that of their endings."""
    exact: list[float] = []
    if one.decided and other.decided:
        if one.decided != other.decided:
            return (1 - _EXACT) * cosine
        exact.append(1.0)
    if one.numbers or other.numbers:
        exact.append(number_similarity(one.numbers, other.numbers))
    for mine, others in ((one.units, other.units), (one.letters, other.letters)):
        if mine and others and mine.isdisjoint(others):
            exact.append(0.0)
    if exact:
        return (1 - _EXACT) * cosine + _EXACT * sum(exact) / len(exact)
    return cosine * (_NEGATED if one.negated != other.negated else 1.0)


def number_similarity(one: Sequence[Decimal], other: Sequence[Decimal]) -> float:
    """How far two sentences tell the same numbers, in [0, 1].

    Half of it is how many of the shorter list stand in the longer one. Where all do, the other half
    is whether the last ones are equal, since a calculation ends with what it comes to: "50 mg every
    8 hours" is no more like "5 mg every 8 hours" for ending like it.
    """
    if not one or not other:
        return float(not one and not other)
    shared = (Counter(one) & Counter(other)).total() / min(len(one), len(other))
    return (float(shared == 1.0 and one[-1] == other[-1]) + shared) / 2
