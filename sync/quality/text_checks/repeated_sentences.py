"""Sentences of a text that come again: at once, too often, nearly so, or together as a passage."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import ratio

from sync.quality.text_checks.compared_sentences import SaidSentence

# letters of a sentence that may not stand too often, and words of meaning that tell one
_LEAST_LETTERS, _LEAST_WORDS = 25, 4
# letters of a sentence twice in a row, and of a block of at least two that comes again
_TWICE, _TWICE_LETTERS, _THRICE_LETTERS, _BLOCK_LETTERS = 2, 10, 6, 60
_OF_THE_WHOLE = 0.04  # of a text's letters that such a block has: long ones sum up
# words of an opening, its letters, and the share of sentences that begin so
_OPENING, _LEAST_OPENING, _MOST_OF_ALL = 5, 18, 0.6
# one sentence after the other that differs in a word: how many, and of three how many letters
_ALIKE, _IN_A_ROW = 88.0, 4
_ITEMS, _FEW_WORDS = re.compile(r", (?:and |or )?| and | or "), 3
_CLOSELY, _CLOSE_LETTERS, _GROWING_LETTERS = 3, 40, 10
_ORDINALS = frozenset({"first", "second", "third", "fourth", "fifth", "next", "last"})


def again_at_once(said: Sequence[SaidSentence]) -> tuple[str, int] | None:
    """A sentence that comes again at once within a line, and how often."""
    row = 1
    for last, one in pairwise(said):
        is_one = last.line == one.line and "|" not in one.sentence and _is_one(last, one)
        row = row + 1 if is_one else 1
        if row > 1 and one.weight >= (_TWICE_LETTERS if row == _TWICE else _THRICE_LETTERS):
            return one.sentence, row
    return None


def _is_one(last: SaidSentence, one: SaidSentence) -> bool:
    if last.letters == one.letters:
        return not one.numbers
    return last.words == one.words and len(one.words) > _LEAST_WORDS


def too_often(said: Sequence[SaidSentence], most: int) -> tuple[str, int] | None:
    """A sentence that stands more than so many times, and how often.

    Short ones may stand once more, and points of a list as often as they like.
    """
    often = Counter(one.key for one in said)
    for one in said:
        times = often[one.key]
        is_told = len(one.letters) >= _TWICE_LETTERS and not one.is_point and " " in one.sentence
        if (len(one.letters) >= _LEAST_LETTERS and times > most) or (is_told and times > most + 1):
            return one.sentence, times
    return None


def points_again(said: Sequence[SaidSentence]) -> str | None:
    """A point of a list that stands there twice, as another one does: what is said in a cycle."""
    points = [
        one for one in said if one.is_point and one.weight >= _TWICE_LETTERS and not one.numbers
    ]
    often = Counter(one.letters for one in points)
    again = [letters for letters, times in often.items() if times > 1]
    return (
        next((one.sentence for one in points if one.letters in again), None)
        if len(again) > 1
        else None
    )


def items_again(said: Sequence[SaidSentence]) -> str | None:
    """An item between commas that a sentence names twice, as it does another one."""
    for one in said:
        items = [
            " ".join(item.lower().split()) for item in _ITEMS.split(one.sentence.rstrip(".!?"))
        ]
        often = Counter(
            item
            for item in items[1:]
            if item.replace(" ", "").isalpha() and item.count(" ") < _FEW_WORDS
        )
        again = [item for item, times in often.items() if times > 1]
        if len(again) > 1 and len(items) > _IN_A_ROW:
            return again[0]
    return None


def one_opening(said: Sequence[SaidSentence]) -> tuple[str, int] | None:
    """The words that most sentences of a text begin with, and how many do."""
    told = [one for one in said if not one.is_point]
    openings = Counter(" ".join(one.sentence.lower().split()[:_OPENING]) for one in told)
    for opening, times in openings.most_common(1):
        if (
            times >= _IN_A_ROW
            and times >= _MOST_OF_ALL * len(told)
            and len(opening) >= _LEAST_OPENING
        ):
            return opening, times
    return None


def nearly_the_same(said: Sequence[SaidSentence]) -> tuple[str, int] | None:
    """The last of a row of sentences that are each nearly the one before, and how many they are."""
    row, closely = 1, True
    for last, one in pairwise(said):
        near, close = _alike(last, one)
        row, closely = (row + 1, closely and close) if near else (1, True)
        if row >= (_CLOSELY if closely else _IN_A_ROW):
            return one.sentence, row
    return None


def _alike(one: SaidSentence, other: SaidSentence) -> tuple[bool, bool]:
    """Whether a sentence says nearly the same as another, and if so with its names and numbers."""
    if len(one.letters) >= _GROWING_LETTERS and other.letters.startswith(one.letters):
        return True, True
    if (
        len(other.letters) < _LEAST_LETTERS
        or abs(len(one.letters) - len(other.letters)) > len(other.letters) / 2
    ):
        return False, False
    ours, theirs = one.sentence.split(), other.sentence.split()
    counted = any(map(str.isdigit, "".join({*ours} ^ {*theirs})))
    apart = Levenshtein.distance(ours, theirs)
    if counted and apart > 1:
        return False, False
    near = apart <= (1 if counted else 2) or ratio(one.letters, other.letters) >= _ALIKE
    named = any(
        word[0].isupper() or word.lower() in _ORDINALS for word in {*ours[1:]} ^ {*theirs[1:]}
    )
    return near, not (counted or named or one.numbers) and len(other.letters) >= _CLOSE_LETTERS


def block_again(said: Sequence[SaidSentence]) -> str | None:
    """The first sentence of two or more that come again together, elsewhere in the text."""
    least = max(_BLOCK_LETTERS, _OF_THE_WHOLE * sum(one.weight for one in said))
    places: dict[tuple[str, ...] | str, list[int]] = {}
    for i, one in enumerate(said):
        for j in places.get(one.key, ()):
            if i - j >= _TWICE and _again(said, j, i) >= least:
                return said[j].sentence
        places.setdefault(one.key, []).append(i)
    return None


def _again(said: Sequence[SaidSentence], first: int, second: int) -> int:
    """The letters of the sentences that are the same from two places on; 0 where only one is."""
    many = 0
    for one, other in zip(said[first:second], said[second:], strict=False):
        if not _same(one, other):
            break
        many += 1
    return sum(one.weight for one in said[first : first + many]) if many > 1 else 0


def _same(one: SaidSentence, other: SaidSentence) -> bool:
    if one.numbers != other.numbers:
        return False
    return one.key == other.key or ratio(one.letters, other.letters) >= _ALIKE
