"""Phone numbers as people write them in many countries, by form, by numbering plan and by cue.

Google's `phonenumbers` knows which numbers exist in a region. What customers write is often not
among them (an inner number, a typing error, an invented example), and a bare run of digits that is
among them may be an order. So form and cue count as much as the numbering plan.
"""

import re
from collections.abc import Iterator, Sequence

import phonenumbers

from sync.intake.redaction.recognisers.cues import Cue, cue_of
from sync.intake.redaction.recognisers.recogniser import Recogniser, Scored
from sync.intake.redaction.recognisers.writing import LATIN, regions_of

_EXTENSION = r"(?:[ ,;]{0,2}(?:extension|ext\.?|x|#)[ .:]?\d{1,7})?"
_NUMBER = re.compile(
    # not within a sum of money or a longer number; a word may touch it, see `_stands_free`
    r"(?:(?<![\d_$€£¥₹%@])(?=\(?\+)|(?<![\d_/$€£¥₹%@-]))(?<!\d[.,:])"
    r"(?:(?:\+|\(\+)[ ]?)?\(?\d+(?:[-\u2013. /()]{1,3}\d+)*"
    + _EXTENSION
    + r"(?![\d_%€£¥₹°]|[.,:/-]\d|@| ?(?:USD|EUR|GBP|INR|dollars|euros|pounds)\b| ?=)",
    re.ASCII,
)
_LETTER = f"[A-Za-z{LATIN}]"
_LAST_WORD = re.compile(rf"{_LETTER}+\Z")
_LAST_BLANK = re.compile(r"\s+\S*\Z")
_COUNTED = re.compile(r"(?:st|nd|rd|th|am|pm|h)\b", re.IGNORECASE)
_NEXT_WORD = re.compile(f"{_LETTER}+(?![0-9_])")
_DATE = re.compile(
    r"\b(?:1[5-9]|20)\d\d([-./ ])[01]?\d\1[0-3]?\d\b|\b[0-3]?\d([-./ ])[0-3]?\d\2(?:19|20)\d\d\b"
)
_YEARS = re.compile(r"(?:1[5-9]|20)\d\d ?[-\u2013/ ] ?(?:1[5-9]|20)\d\d")
# a difference, a range or a fraction
_PAIR = re.compile(r"[1-9]\d{2,} ?[-\u2013/] ?[1-9]\d{2,}")
_FOUR_PARTS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_SOCIAL = re.compile(r"\d{3}[-\u2013]\d{2}[-\u2013]\d{4}")
# the North American layout: area, exchange, line, whether or not that area exists
_AMERICAN = re.compile(r"(?:(?:\+|00)?1[-. ]?)?(?:\(\d{3}\)[-. ]?|\d{3}[-. ])\d{3}[-. ]\d{4}")
_SHORTEST, _LONGEST = 7, 15  # digits; E.164 allows no more
_LIKELY = 0.4
_LONGEST_WORD = 20  # characters


class PhoneRecogniser(Recogniser):
    """Phone numbers with country code, in a national layout, or after a word such as *call*."""

    ENTITY = "PHONE_NUMBER"

    def __init__(self, regions: Sequence[str]) -> None:
        """Nothing is looked up yet.

        Args:
            regions: ISO 3166 codes whose numbering plans a number without country code may follow,
                besides those of the countries that write as the text does.
        """
        super().__init__()
        self.regions = tuple(regions)

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        regions = (*self.regions, *regions_of(text))
        for match in _NUMBER.finditer(text):
            cue = cue_of(text, *match.span())
            first, last = _free_span(text, match, cue)
            if first == last:
                continue
            written, alone = text[first:last], (first, last) == match.span()
            whole = _unbracketed(written)
            likely = self._score(_core(written[slice(*whole)]), cue, regions, alone=alone)
            yield first + whole[0], first + whole[1], likely
            # another number may stand before or behind it with nothing but a blank between
            for start, end in _runs(written) if likely < _LIKELY else ():
                score = self._score(_core(written[start:end]), cue, regions, alone=False)
                yield first + start, first + end, score

    def _score(
        self, written: str, cue: Cue | None, regions: Sequence[str], *, alone: bool
    ) -> float:
        """How likely it is a phone number; part of a row of numbers needs a clearer form."""
        digits = re.sub(r"\D", "", written)
        if not _SHORTEST <= len(digits) <= _LONGEST or _is_not(written):
            return 0.0
        bare = digits == written
        if not bare and self._international(written):
            return 0.9
        if cue is Cue.PHONE:
            return 0.75
        if cue is Cue.OTHER and "(" not in written:
            return 0.2
        if bare:
            return 0.2 if cue else 0.35 if len(digits) >= 10 and _in_plan(written, regions) else 0.1
        if _AMERICAN.fullmatch(written):
            return 0.7
        if _PAIR.fullmatch(written):
            return 0.1
        marked = digits.startswith("0") or "(" in written or (alone and len(digits) >= 10)
        return 0.5 if marked and _in_plan(written, regions) else 0.1

    @staticmethod
    def _international(written: str) -> bool:
        """Whether it has a country code, after `+` or `00`, and a length that this allows."""
        plus = re.sub(r"^\(?\+ ?|^00(?=[1-9])", "+", written)
        return plus.startswith("+") and _possible(plus.replace("(0)", ""), None)


def _free_span(text: str, match: re.Match[str], cue: Cue | None) -> tuple[int, int]:
    """Start and end without a group that a letter touches, as in `202-555-0143 5pm`; maybe empty.

    What such a group belongs to is another word: a time, a floor, a code.
    """
    start, end = match.span()
    if _COUNTED.match(text, end) and (blank := _LAST_BLANK.search(match[0])):
        end = start + blank.start()
    elif not _stands_free(text, match, cue):
        if re.match(_LETTER, text[end : end + 1]):
            blank = _LAST_BLANK.search(match[0])
            end = start + blank.start() if blank else start
        if _LAST_WORD.search(text, max(0, start - 1), start):
            blank = re.search(r"\s+", text[start:end])
            start = start + blank.end() if blank else end
    return start, end


def _stands_free(text: str, match: re.Match[str], cue: Cue | None) -> bool:
    """Whether no Latin letter touches the number, or only a word that was glued to it.

    A country code makes that likely enough; without one, a word that says *phone*.
    """
    before = _LAST_WORD.search(text, max(0, match.start() - _LONGEST_WORD), match.start())
    after = _NEXT_WORD.match(text, match.end())
    if after is None and re.match(_LETTER, text[match.end() : match.end() + 1]):
        return False  # letters and digits in turn are a code
    if after is not None and len(after[0]) < 2:
        return False
    if match[0].startswith(("+", "(+")) or not (before or after):
        return True
    return cue is Cue.PHONE and (
        before is None or cue_of(before[0], len(before[0]), len(before[0])) is Cue.PHONE
    )


def _unbracketed(written: str) -> tuple[int, int]:
    """Start and end without a bracket that belongs to the sentence."""
    start, end = 0, len(written)
    if written.count("(") < written.count(")") and written.endswith(")"):
        end -= 1
    if written.count("(") > written.count(")") and written.startswith("("):
        start += 1
    return start, end


def _runs(written: str) -> Iterator[tuple[int, int]]:
    """Each run of blank-separated groups that is short enough for one number."""
    groups = [group.span() for group in re.finditer(r"\S+", written)]
    for first, (start, _) in enumerate(groups):
        for _, end in groups[first:]:
            if _digits(written[start:end]) > _LONGEST:
                break
            if re.search(r"\d{3}", written[start:end]):
                yield start, end


def _core(written: str) -> str:
    """The number without its extension."""
    return re.split(r"[ ,;]{0,2}(?:e|x|#)", written, maxsplit=1)[0]


def _digits(written: str) -> int:
    return sum(character.isdigit() for character in written)


def _is_not(written: str) -> bool:
    """Whether it is written as a date, years, an IP address or an SSN, or half in brackets."""
    return (
        _DATE.search(written) is not None
        or _YEARS.fullmatch(written) is not None
        or _FOUR_PARTS.fullmatch(written) is not None
        or _SOCIAL.fullmatch(written) is not None
        or written.count("(") != written.count(")")
    )


def _in_plan(written: str, regions: Sequence[str]) -> bool:
    return any(_valid(written, region) for region in regions)


def _possible(written: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(written, region))
    except phonenumbers.NumberParseException:
        return False


def _valid(written: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(written, region))
    except phonenumbers.NumberParseException:
        return False
