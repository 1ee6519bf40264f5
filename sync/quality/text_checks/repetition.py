"""Answers that go round in a circle, as a model does that can't stop."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.common.languages import prose
from sync.quality.facts.sentences import STOP_WORDS
from sync.quality.text_checks.checked_text import CheckedText, TextFault
from sync.quality.text_checks.compared_sentences import SaidSentence, said_sentences
from sync.quality.text_checks.repeated_sentences import (
    again_at_once,
    block_again,
    items_again,
    nearly_the_same,
    one_opening,
    points_again,
    too_often,
)
from sync.quality.text_checks.repeated_stretches import in_a_row

# rules, leaders and blanks of forms apart
_RUN = re.compile(r"([^\w\s\-=*.~#|+<>─━═·•█░▒▓…^,'\"`])\1{19,}|([^\W\d_xX])\2{9,}", re.IGNORECASE)
# one word over and over; people say one three or four times, with commas between
_WORD_AGAIN = re.compile(
    r"(?<!\w)([^\W\d_]{2,})(?:[\s,]+\1){6,}(?!\w)|(?<!\w)(?!ha |la |na |bla |blah )([^\W\d_]{2,})(?: \2){3,}(?!\w)",
    re.IGNORECASE,
)
# a little word three times is a loop
_LITTLE_AGAIN = re.compile(r"(?<![\w'’-])([^\W\d_]{1,6})(?: \1){2}(?![\w'’-])", re.IGNORECASE)


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
            yield _fault(f"{run[1] or run[2]!r} {len(run[0])} times")
            return
        plain = prose(text.answer)
        if (loop := _word_again(plain) or in_a_row(plain)) is not None:
            said, times = loop
            yield _fault(f"“{_short(said)}” {times} times in a row")
        elif (what := _in_sentences(said_sentences(plain), self.times)) is not None:
            yield _fault(what)


def _in_sentences(said: Sequence[SaidSentence], times: int) -> str | None:
    """What sentences repeat, as the message tells it."""
    if again := again_at_once(said):
        return f"“{_short(again[0])}” {again[1]} times in a row"
    if often := too_often(said, times):
        return f"“{_short(often[0])}” {often[1]} times"
    if near := nearly_the_same(said):
        return f"nearly the same sentence {near[1]} times in a row, last “{_short(near[0])}”"
    if block := block_again(said):
        return f"a whole passage, which begins “{_short(block)}”"
    if point := points_again(said) or items_again(said):
        return f"points of a list, such as “{_short(point)}”"
    if opening := one_opening(said):
        return f"“{_short(opening[0])}” at the beginning of {opening[1]} sentences"
    return None


def _fault(what: str) -> TextFault:
    return TextFault(f"the answer repeats {what}; say it once, or reject the draft", 0.1)


def _short(said: str) -> str:
    return said if len(said) <= 60 else f"{said[:57]}…"


def _word_again(text: str) -> tuple[str, int] | None:
    if (found := _WORD_AGAIN.search(text)) is not None:
        return found[1] or found[2], len(re.findall(r"\w+", found[0]))
    for found in _LITTLE_AGAIN.finditer(text):
        if found[1].lower() in STOP_WORDS:
            return found[1], 3
    return None
