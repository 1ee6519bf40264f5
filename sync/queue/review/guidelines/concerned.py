"""Which finished work a change of guidelines concerns, and by which sentence.

Three rules need no limit. An answer that quotes what a sentence quoted before, or says an amount or
a number that it named before, is one that the change may have made wrong. A task whose category a
sentence or its heading names is meant by it. For all others the sentence is compared with the
question by meaning.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from drafting.sums.numbers import numbers_in
from sync.quality.facts.amounts import amounts_in
from sync.quality.facts.phrases import holds_phrase, phrase_words
from sync.quality.facts.sentences import STOP_WORDS, stem
from sync.queue.review.experts.fit import COMPLEXITY
from sync.queue.review.guidelines.changed_rules import ChangedRule
from sync.queue.review.people.compared_answers import Embed

# cosine of sentence and question from which on the one is about the other; see docs/review.md
ABOUT = 0.45

# the surest first
ConcernedWhy = Literal["quoted", "figure", "category", "meaning"]
_SUREST: tuple[ConcernedWhy, ...] = ("quoted", "figure", "category", "meaning")
_QUOTED = re.compile(r"“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|\"([^\"]+)\"|`([^`]+)`")
# labels that say nothing of what a task is about
_EMPTY_LABELS = frozenset({"other", "others", "none", "general", "misc", "unknown"})
_ALIKE = 95.0


@dataclass(frozen=True, slots=True)
class OlderWork:
    """A finished task that was written, or reviewed, under older guidelines.

    Attributes:
        rules: that have changed since.
    """

    task_id: int
    question: str
    answer: str
    categories: Mapping[str, str]
    rules: Sequence[ChangedRule]


@dataclass(frozen=True, slots=True)
class GuidelineConcern:
    """Why a finished task is to be looked at again.

    Attributes:
        similar: cosine of sentence and question, in [-1, 1]; 0 where nobody compared them.
    """

    rule: ChangedRule
    why: ConcernedWhy
    similar: float = 0.0

    @property
    def order(self) -> tuple[int, float]:
        """The surest first."""
        return _SUREST.index(self.why), -self.similar


def concerned(
    work: Sequence[OlderWork], embed: Embed | None, about: float = ABOUT
) -> dict[int, GuidelineConcern]:
    """The surest concern of each task, by id; tasks that no change concerns are left out.

    Args:
        embed: rows of unit length; None: by the rules alone.
    """
    rules = list(dict.fromkeys(rule for task in work for rule in task.rules))
    similar = _similar(rules, work, embed)
    found: dict[int, GuidelineConcern] = {}
    for row, task in enumerate(work):
        concerns = [
            concern
            for rule in task.rules
            if (concern := _concern(rule, task, float(similar[row, rules.index(rule)]), about))
        ]
        if concerns:
            found[task.task_id] = min(concerns, key=lambda each: each.order)
    return found


def _concern(
    rule: ChangedRule, task: OlderWork, similar: float, about: float
) -> GuidelineConcern | None:
    if rule.before and any(_holds(task.answer, each) for each in _gone_quotes(rule)):
        return GuidelineConcern(rule, "quoted", similar)
    if rule.before and _gone_figures(rule) & figures_of(task.answer):
        return GuidelineConcern(rule, "figure", similar)
    if any(_is_named(label, rule) for label in labels_of(task.categories)):
        return GuidelineConcern(rule, "category", similar)
    return GuidelineConcern(rule, "meaning", similar) if similar >= about else None


def labels_of(categories: Mapping[str, str]) -> Iterable[str]:
    """Labels by which a task may be meant; how hard it is is none of them."""
    return (
        label
        for kind, label in categories.items()
        if kind != COMPLEXITY and isinstance(label, str) and label.casefold() not in _EMPTY_LABELS
    )


@lru_cache(maxsize=1 << 12)
def figures_of(text: str) -> frozenset[tuple[str, float]]:
    """What a text counts: amounts by their currency, other numbers by the word after them."""
    numbers = numbers_in(text)
    found = {
        (amount.currency, reading.value)
        for amount in amounts_in(text, numbers)
        for reading in amount.number.readings
    }
    return frozenset(found) | {
        (number.of, reading.value)
        for number in numbers
        if number.of and number.of not in STOP_WORDS and not number.glued
        for reading in number.readings
    }


@lru_cache(maxsize=1 << 10)
def _gone_figures(rule: ChangedRule) -> frozenset[tuple[str, float]]:
    return figures_of(rule.before) - figures_of(rule.now)


@lru_cache(maxsize=1 << 10)
def _gone_quotes(rule: ChangedRule) -> tuple[str, ...]:
    """Phrases of two words and more that a sentence quoted and quotes no more."""
    before = {next(filter(None, match.groups())) for match in _QUOTED.finditer(rule.before)}
    now = {phrase_words(next(filter(None, m.groups()))).words for m in _QUOTED.finditer(rule.now)}
    words = {text: phrase_words(text).words for text in before}
    return tuple(sorted(text for text, own in words.items() if len(own) > 1 and own not in now))


def _holds(answer: str, phrase: str) -> bool:
    return holds_phrase(phrase_words(answer), phrase_words(phrase), _ALIKE)


def _is_named(label: str, rule: ChangedRule) -> bool:
    wanted = f" {' '.join(_stems(label))} "
    return bool(wanted.strip()) and any(wanted in said for said in _said(rule))


@lru_cache(maxsize=1 << 10)
def _said(rule: ChangedRule) -> tuple[str, ...]:
    """What a change says and stands under, as stems."""
    texts = (rule.now, rule.before, *rule.headings)
    return tuple(f" {' '.join(_stems(text))} " for text in texts)


@lru_cache(maxsize=1 << 12)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in phrase_words(text.replace("_", " ")).words)


def _similar(
    rules: Sequence[ChangedRule], work: Sequence[OlderWork], embed: Embed | None
) -> NDArray[np.float32]:
    """(tasks, rules) cosines; zeros where nothing is compared."""
    if embed is None or not rules:
        return np.zeros((len(work), max(1, len(rules))), np.float32)
    texts = [*(rule.text for rule in rules), *(task.question for task in work)]
    vectors = np.asarray(embed(texts), np.float32)
    similar: NDArray[np.float32] = vectors[len(rules) :] @ vectors[: len(rules)].T
    return similar
