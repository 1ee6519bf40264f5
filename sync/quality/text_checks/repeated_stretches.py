"""Stretches of a text that come two or more times in a row.

A text of period p equals itself moved by p. So the longest stretch is looked for, at each distance
at which a few letters come again, where each letter is the one so far before it: in any language,
with or without spaces. Short ones are told by whole words, within a line.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drafting.signals.text_parts import sentences

# letters and digits of the longest period, and of the stretch that is looked at
_LONGEST_PERIOD, _READ = 16000, 40000
# a period of so many letters at least, and how often it stands one after the other
_LOOPS = ((36, 2), (12, 3), (4, 5), (1, 12))
# letters of a stretch, and of the pieces that are looked up
_STRETCH, _PIECE = 24, 12
_SIGNS = 0x2E7F
_PRIME = np.uint64(1_099_511_628_211)
# what counts the points of a list, and how often points may be the same that are filled in
_COUNTER = re.compile(r"^[ \t>*_#-]*(?:step[ \t]+)?\(?\d{1,3}[.):][*_]*[ \t]+", re.MULTILINE | re.I)
_POINTS = ((24, 3), (12, 8), (4, 12), (1, 24))
# what may stand between the same words said twice
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_JOINING = frozenset({"and", "or", "then", "und", "oder", "et", "ou", "y", "o", "e"})
_FEWEST, _MOST, _LETTERS = 4, 14, 16  # words of what stands twice, and letters
_LATIN_ENDS = 0x250


def in_a_row(text: str) -> tuple[str, int] | None:
    """What is said several times in a row, and how often; None where nothing is."""
    return _loop(text) or _points_again(text) or _words_twice(text)


def _points_again(text: str) -> tuple[str, int] | None:
    """What the points of a numbered list say again and again: their numbers hide the loop."""
    points, many = _COUNTER.subn(" ", text)
    return _loop(points, _POINTS) if many >= _POINTS[0][1] else None


def _words_twice(text: str) -> tuple[str, int] | None:
    """Four words or more that stand twice in a row within a sentence."""
    for sentence in sentences(text[:_READ]):
        found = list(_WORDS.finditer(sentence))
        said = [word[0].lower() for word in found]
        for at, first in enumerate(said[: len(said) - 2 * _FEWEST + 1]):
            for start in range(at + _FEWEST, min(at + _MOST + 1, len(said) - _FEWEST) + 1):
                if said[start] != first:
                    continue
                many = start - at - (said[start - 1] in _JOINING)
                words = said[at : at + many]
                if words != said[start : start + many] or not _counts(words):
                    continue
                if _runs_on(sentence, found[at], found[start]):
                    return sentence[found[at].start() : found[at + many - 1].end()], 2
    return None


def _runs_on(sentence: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether a sentence goes on from one place to the other, without a heading or a bracket."""
    between = sentence[one.start() : other.start()]
    is_heading = other[0][0].isupper() and one[0][0].isupper()
    return not is_heading and not any(sign in between for sign in "()[]|:;/=")


def _counts(words: Sequence[str]) -> bool:
    """Whether words that stand twice are a fault: no numbers, and not `on and on` over again."""
    letters = sum(map(len, words))
    plain = all(ord(c) < _LATIN_ENDS and not c.isdigit() for word in words for c in word)
    return plain and letters >= _LETTERS and len(set(words)) > 2


def _loop(text: str, loops: Sequence[tuple[int, int]] = _LOOPS) -> tuple[str, int] | None:
    """What is said several times in a row, and how often; None where nothing is.

    Letters and digits are compared, so that white space, case and punctuation don't count.

    Args:
        loops: a period of so many letters at least, and how often it stands.
    """
    text = text[:_READ]
    places = [i for i, c in enumerate(text) if c.isalnum()]
    if len(places) < _PIECE:
        return None
    told = np.array([ord(text[i].lower()) for i in places], np.uint64)
    # a Chinese, Japanese or Korean sign says about as much as three letters
    weight = 3 if float(np.mean(told > _SIGNS)) > 0.5 else 1
    for period in _distances(told):
        times_wanted = next(times for least, times in loops if period * weight >= least)
        start, length = _longest(told[period:] == told[:-period])
        times = length // period + 1
        if times >= times_wanted and (length + period) * weight >= _STRETCH:
            return " ".join(text[places[start] : places[start + period - 1] + 1].split()), times
    return None


def _distances(told: NDArray[np.uint64]) -> list[int]:
    """How far apart the same piece stands, the nearest first."""
    many = len(told) - _PIECE + 1
    pieces: NDArray[np.uint64] = np.zeros(many, np.uint64)
    for k in range(_PIECE):
        pieces = pieces * _PRIME + told[k : k + many]
    order = np.argsort(pieces, kind="stable")
    same = pieces[order][1:] == pieces[order][:-1]
    apart, often = np.unique(np.diff(order)[same], return_counts=True)
    # of what stands twice in a row, nearly each piece comes again at this distance
    loops = (apart <= _LONGEST_PERIOD) & (often >= 0.7 * (apart - _PIECE))
    return [int(distance) for distance in apart[loops]]


def _longest(same: NDArray[np.bool_]) -> tuple[int, int]:
    """Where the longest stretch of True starts, and its length."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    if not len(ends):
        return 0, 0
    lengths = ends[1::2] - ends[::2]
    longest = int(lengths.argmax())
    return int(ends[::2][longest]), int(lengths[longest])
