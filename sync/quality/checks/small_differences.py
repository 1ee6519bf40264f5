"""Answers to one question that differ in a number, a date, a `not` or an opposite alone.

To an embedding model they say nearly the same (sentence-transformers issue 1330: `it's an exchange`
and `it's not an exchange` have a cosine similarity of 0.95). So sentences are compared that have
the same words but for these, in answers to prompts that are near. Sentences with the same words
are found in one pass.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from drafting.sums.numbers import numbers_in
from sync.quality.facts.dates import dates_in
from sync.quality.facts.sentences import content_stems, sentences, stem

_NOT_ALONE = (
    "not never cannot without neither nicht kein keine keinen keinem keiner keines nie ohne pas "
    "jamais sans nunca jamás sin não nem non mai senza niet geen nooit не нет нельзя"
)
_NOT = re.compile(
    rf"\b(?:{'|'.join(_NOT_ALONE.split())}|fail(?:s|ed)? to|no longer)\b|"
    r"n['\u2019]t\b|\bno\b(?=\s\w)",
    re.IGNORECASE,
)
# where none of these is a word of a text, there is no `not` in it; the last is of `n't`
_MAY_DENY = frozenset(_NOT_ALONE.split()) | {"fail", "fails", "failed", "no", "t"}
# words that stand with a `not` alone, and what a contracted one leaves
_WITH_NOT_WORDS = "ca don doesn didn isn aren wasn weren won couldn shouldn wouldn haven hasn ain"
_WITH_NOT = frozenset(_WITH_NOT_WORDS.split())
# one of them instead of another is as much a difference as another number is
_INSTEAD = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april june "
    "july august september october november december morning afternoon evening daily weekly "
    "monthly yearly gbp eur usd chf jpy kg lb km miles before after always sometimes above below "
    "able unable safe unsafe effective ineffective likely unlikely available unavailable valid "
    "invalid legal illegal possible impossible necessary unnecessary required optional allowed "
    "forbidden accepted refused increase increases increased decrease decreases decreased more "
    "less faster slower longer shorter earlier later open closed enabled disabled included "
    "excluded positive negative"
)
# what says the same as one of them, and numbers in words
_SAME_AS: dict[str, object] = {
    "permitted": "allowed", "prohibited": "forbidden", "banned": "forbidden",
    "mandatory": "required", "approved": "accepted", "rejected": "refused",
    "declined": "refused", "higher": "more", "larger": "more", "lower": "less",
    "smaller": "less", "reduced": "decreased", "half": 0.5,
    "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0,
    "eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0, "twelve": 12.0, "twenty": 20.0,
    "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0,
}  # fmt: skip
_ALL_INSTEAD = frozenset(_SAME_AS).union(*((word, f"{word}s") for word in _INSTEAD.split()))
_WORD = re.compile(r"\w+")
# a sentence of fewer words that carry meaning is one of many answers
_LEAST_WORDS = 2
# of sentences that everybody writes, the answers that are compared
_MOST_ROWS = 2000

Facts = frozenset[object]


@dataclass(frozen=True)
class SmallDifference:
    """Rows `first` < `second` whose answers differ in little.

    Attributes:
        prompts: cosine similarity.
        one, other: their sentences.
    """

    first: int
    second: int
    prompts: float
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says in the sentences of the same words."""

    row: int
    facts: Facts
    denied: frozenset[bool]
    sentence: str


def find_small_differences(
    answers: Mapping[int, str],
    questions: Sequence[str],
    prompts: Embeddings,
    same_prompt: float,
    beside: NDArray[np.int64],
) -> list[SmallDifference]:
    """One for each pair of rows, of each row at most one as the first of its pair.

    Args:
        answers: by row, ascending, of those that are compared; of others nothing is found.
        prompts: (n, dim), rows of length 1.
        same_prompt: least cosine similarity of prompts that ask the same.
        beside: (n,): rows are compared where these are equal.
    """
    by_words: dict[frozenset[str], list[_Said]] = defaultdict(list)
    for row, answer in answers.items():
        for words, said in _said(row, answer).items():
            by_words[words].append(said)
    found: dict[int, SmallDifference] = {}
    asked: dict[int, tuple[Facts, bool]] = {}
    for group in by_words.values():
        if len({(said.facts, said.denied) for said in group}) < 2:
            continue
        for one, other, similarity in _near(group[:_MOST_ROWS], prompts, same_prompt, beside):
            if one.row in found or not _contradict(one, other):
                continue
            for row in (one.row, other.row):
                asked.setdefault(row, _asked(questions[row]))
            if asked[one.row] == asked[other.row]:
                found[one.row] = SmallDifference(
                    one.row, other.row, similarity, one.sentence, other.sentence
                )
    return sorted(found.values(), key=lambda pair: (pair.first, pair.second))


def _said(row: int, answer: str) -> dict[frozenset[str], _Said]:
    found: dict[frozenset[str], _Said] = {}
    for sentence in sentences(answer):
        if sentence.endswith("?"):
            continue
        facts, bare = _facts(sentence)
        words = content_stems(_without_not(bare)) - _WITH_NOT
        if not words or len(words) + len(_instead(sentence)) < _LEAST_WORDS:
            continue
        denied = frozenset({_is_denied(sentence)})
        before = found.get(words)
        if before is None:
            found[words] = _Said(row, facts, denied, sentence)
        else:
            found[words] = _Said(row, before.facts | facts, before.denied | denied, before.sentence)
    return found


def _facts(text: str) -> tuple[Facts, str]:
    """Dates, numbers and words that exclude each other, and the text without dates and these."""
    facts: set[object] = set()
    if not re.search(r"\d", text):
        return frozenset(_instead(text)), _without_instead(text)
    for date in reversed(dates_in(text)):
        facts.add(date.readings[0])
        text = text[: date.start] + " " + text[date.end :]
    facts.update(max(number.values) for number in numbers_in(text) if not number.glued)
    facts.update(_instead(text))
    return frozenset(facts), _without_instead(text)


def _instead(text: str) -> set[object]:
    words = _ALL_INSTEAD.intersection(_WORD.findall(_without_not(text).lower()))
    same = (_SAME_AS.get(word, word) for word in words)
    return {stem(word) if isinstance(word, str) else word for word in same}


def _without_instead(text: str) -> str:
    return _WORD.sub(lambda word: " " if word[0].lower() in _ALL_INSTEAD else word[0], text)


def _without_not(text: str) -> str:
    return _NOT.sub(" ", text) if _may_deny(text) else text


def _is_denied(text: str) -> bool:
    return _may_deny(text) and len(_NOT.findall(text)) % 2 == 1


def _may_deny(text: str) -> bool:
    """A quick look, since most sentences deny nothing."""
    return not _MAY_DENY.isdisjoint(_WORD.findall(text.lower()))


def _asked(question: str) -> tuple[Facts, bool]:
    """What in a question another answer may come from."""
    return _facts(question)[0], _is_denied(question)


def _near(
    group: Sequence[_Said], prompts: Embeddings, same_prompt: float, beside: NDArray[np.int64]
) -> Iterator[tuple[_Said, _Said, float]]:
    rows = np.array([said.row for said in group])
    near = prompts[rows] @ prompts[rows].T
    near[beside[rows][:, None] != beside[rows][None, :]] = -1.0
    for first, second in np.argwhere(np.triu(near >= same_prompt - 1e-6, 1)).tolist():
        yield group[first], group[second], min(float(near[first, second]), 1.0)


def _contradict(one: _Said, other: _Said) -> bool:
    """Whether each has a number or a date that the other lacks, or one of them alone a `not`."""
    if one.facts - other.facts and other.facts - one.facts:
        return True
    return len(one.denied) == len(other.denied) == 1 and one.denied != other.denied
