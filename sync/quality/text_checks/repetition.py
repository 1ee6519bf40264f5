"""Answers that go round in a circle, as a model does that can't stop.

A text of period p equals itself moved by p. So the check looks, at each distance at which a few
letters come again, for the longest stretch where each letter is the one so far before it: in any
language, with or without spaces.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio

from drafting.signals.text_parts import sentences
from sync.common.languages import prose
from sync.quality.text_checks.checked_text import CheckedText, TextFault

# letters and digits of the longest period, and of the stretch that is looked at
_LONGEST_PERIOD, _READ = 16000, 40000
# a period of so many letters at least, and how often it stands one after the other
_LOOPS = ((40, 2), (12, 3), (4, 5), (1, 12))
# letters of a stretch, and of the pieces that are looked up
_STRETCH, _PIECE = 24, 12
_SIGNS = 0x2E7F
_PRIME = np.uint64(1_099_511_628_211)
_NOT_LETTERS = re.compile(r"[\W_]+")
# rules, leaders and blanks of forms apart
_RUN = re.compile(r"([^\w\s\-=*.~#|+<>─━═·•█░▒▓…^,'\"`])\1{19,}")
# one word over and over; people say one three or four times
_WORD_AGAIN = re.compile(r"(?<!\w)([^\W\d_]{2,})(?:[\s,]+\1){6,}(?!\w)", re.IGNORECASE)
# what counts the points of a list, and how often points may be the same that are filled in
_COUNTER = re.compile(r"^[ \t>*_#-]*(?:step[ \t]+)?\(?\d{1,3}[.):][*_]*[ \t]+", re.MULTILINE | re.I)
_POINTS = ((24, 3), (12, 8), (4, 12), (1, 24))
# one sentence after the other that differs in a word
_ALIKE, _IN_A_ROW, _LEAST_LETTERS = 88.0, 4, 25


@dataclass(frozen=True)
class Repetition:
    """Answers that say the same over and over.

    Attributes:
        times: as often as one sentence may stand in an answer.
    """

    times: int = 2

    def __post_init__(self) -> None:
        if self.times < 1:
            raise ValueError(f"times must be at least 1, found {self.times}")

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        run = _RUN.search(text.answer)
        if run is not None:
            yield _fault(f"{run[1]!r} {len(run[0])} times")
            return
        plain = prose(text.answer)
        loop = _word_again(plain) or _loop(plain) or _points_again(plain)
        if loop is not None:
            said, times = loop
            yield _fault(f"“{_short(said)}” {times} times in a row")
            return
        found = _often(plain, self.times) or _near(plain)
        if found is not None:
            yield _fault(found)


def _fault(what: str) -> TextFault:
    return TextFault(f"the answer repeats {what}; say it once, or reject the draft", 0.1)


def _short(said: str) -> str:
    return said if len(said) <= 60 else f"{said[:57]}…"


def _word_again(text: str) -> tuple[str, int] | None:
    found = _WORD_AGAIN.search(text)
    return found and (found[1], len(re.findall(r"\w+", found[0])))


def _points_again(text: str) -> tuple[str, int] | None:
    """What the points of a numbered list say again and again: their numbers hide the loop."""
    points, many = _COUNTER.subn(" ", text)
    return _loop(points, _POINTS) if many >= _POINTS[0][1] else None


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


def _often(text: str, most: int) -> str | None:
    """A sentence that stands more than so many times."""
    seen: dict[str, int] = {}
    for sentence in sentences(text):
        letters = _NOT_LETTERS.sub("", sentence).lower()
        if len(letters) >= _LEAST_LETTERS:
            seen[letters] = seen.get(letters, 0) + 1
            if seen[letters] > most:
                times = sum(_NOT_LETTERS.sub("", s).lower() == letters for s in sentences(text))
                return f"“{_short(sentence)}” {times} times"
    return None


def _near(text: str) -> str | None:
    """A row of sentences of which each is nearly the one before it."""
    row, last = 1, ""
    for sentence in sentences(text):
        said = sentence.lower()
        alike = len(said) >= _LEAST_LETTERS and ratio(last, said) >= _ALIKE
        row, last = row + 1 if alike else 1, said
        if row >= _IN_A_ROW:
            return f"nearly the same sentence {_IN_A_ROW} times in a row, last “{_short(sentence)}”"
    return None
