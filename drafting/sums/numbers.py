"""The numbers of a text, whatever notation they stand in.

Digits of any script count. A point or a comma means what the other digits say: `1,200.00` and
`1.200,00` are one number; `1.200` may be two, so a number has one or more readings, and two numbers
are equal if any of their readings are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from drafting.sums.unit_names import COUNTED_BY

# 1,200.00 · 1.200,00 · 1 200,00 · 1'200 · ١٬٢٠٠٫٥ · .05
_NUMBER = re.compile(
    r"\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)(?:[.,]\d+)?"
    r"|\d+(?:[.,'’\u066b\u066c]\d+)*"
    r"|(?<![\d.,])\.\d+"
)
_PLAIN = re.compile(r"[0-9.,]*[0-9]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_UNSEEN_GROUPS = str.maketrans("", "", "'’\u066c\u00a0\u202f\u2009 ")
_PERCENT = r"[%\uff05\u066a]|per ?cent\b|pct\b|prozent\b|pour ?cent\b|por ?ciento\b|%"
_AFTER = re.compile(
    r"(?P<scale>[ \u00a0-]?(?:thousand|million|billion|trillion|mn|bn|Millionen|Milliarden"
    r"))?(?P<letter>(?-i:[kM])(?![\w/²³])|[万萬亿億])?(?:(?P<percent>\s?-?(?:" + _PERCENT + r"))"
    r"|[ \u00a0-]?(?:(?:working|business|calendar|consecutive|full|whole|more|extra|additional) )?"
    r"(?P<word>[^\W\d_]+))?",
    re.IGNORECASE,
)
_SCALES = {
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "millionen": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "milliarden": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
    "万": 1e4,
    "萬": 1e4,
    "亿": 1e8,
    "億": 1e8,
}
PERCENT = "%"


@dataclass(frozen=True, slots=True)
class NumberRead:
    """One way to read a number: its value, and how many digits of it stand after the point."""

    value: float
    decimals: int


@dataclass(frozen=True, slots=True)
class NumberInText:
    """A number where it stands.

    Attributes:
        text: as it is written, with its scale and percent sign.
        readings: at least one.
        of: `PERCENT`, or the word after it without its plural, or "" before no word.
        glued: it is a part of a word, such as of `COVID-19` or `B12`.
    """

    start: int
    end: int
    text: str
    readings: tuple[NumberRead, ...]
    of: str
    glued: bool

    @property
    def values(self) -> frozenset[float]:
        return frozenset(reading.value for reading in self.readings)


def numbers_in(text: str) -> tuple[NumberInText, ...]:
    """Every number that digits write, in order; what is no number, such as `1.2.3`, is left out."""
    return tuple(_numbers(text))


def _numbers(text: str) -> Iterator[NumberInText]:
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        readings = number_readings(match[0])
        if not readings:
            continue
        after = _AFTER.match(text, end)
        scale = percent = word = None
        if after:
            scale = after["scale"] or after["letter"]
            percent, word = after["percent"], after["word"]
        glued = _is_glued(text, start, end)
        if scale:
            factor = _SCALES[scale.strip(" \u00a0-").casefold()]
            scaled = tuple(NumberRead(round(one.value * factor, 6), 0) for one in readings)
            # a letter may be a unit as well
            readings = readings + scaled if len(scale) == 1 and scale.isascii() else scaled
            end += len(scale)
        if percent:
            end = after.end("percent") if after else end
        of = PERCENT if percent else unit_of(word) if word else ""
        yield NumberInText(start, end, text[start:end], readings, of, glued)


def _is_glued(text: str, start: int, end: int) -> bool:
    """Whether Latin letters stand right before it, or a capital right after: `CYP2D6`, `M1-M4`."""
    before = text[max(0, start - 2) : start]
    if before and _LATIN.match(before[-1]):
        return True
    if len(before) == 2 and before[1] in "-_/‐‑" and _LATIN.match(before[0]):
        return True
    after = text[end : end + 2]
    return (
        bool(after)
        and after[0].isupper()
        and _LATIN.match(after[0]) is not None
        and (text[end : end + 1] not in "KMGLVW" or after[1:].isdigit())
    )


def unit_of(word: str) -> str:
    """The unit that a word stands for, or else the word in lower case without its plural."""
    word = word.casefold()
    word = word[:-1] if len(word) > 2 and word.endswith("s") else word
    return COUNTED_BY.get(word, word)


@lru_cache(maxsize=1 << 16)
def number_readings(written: str) -> tuple[NumberRead, ...]:
    """What a number in digits may mean; nothing of what can't be one.

    Args:
        written: digits of any script with points, commas, spaces or apostrophes between them.
    """
    plain = "".join(
        str(int(char)) if char.isdecimal() else "." if char == "\u066b" else char
        for char in written.translate(_UNSEEN_GROUPS)
    )
    if not _PLAIN.fullmatch(plain):
        return ()
    points, commas = plain.count("."), plain.count(",")
    if not points and not commas:
        return (NumberRead(float(plain), 0),)
    if points and commas:
        return _both(plain)
    mark = "." if points else ","
    parts = plain.split(mark)
    if len(parts) > 2:
        return _one(parts, ()) if _are_groups(parts, mark) else ()
    decimal = NumberRead(float(f"{parts[0] or 0}.{parts[1]}"), len(parts[1]))
    if _are_groups(parts, mark):
        return (NumberRead(float("".join(parts)), 0), decimal)
    return (decimal,)


def _both(plain: str) -> tuple[NumberRead, ...]:
    """Of a number with points and commas: what stands last comes before the decimals."""
    decimal = max(".,", key=plain.rfind)
    whole, _, rest = plain.rpartition(decimal)
    mark = "," if decimal == "." else "."
    groups = whole.split(mark)
    return _one(groups, (rest,)) if _are_groups(groups, mark) else ()


def _one(groups: list[str], decimals: tuple[str, ...]) -> tuple[NumberRead, ...]:
    rest = "".join(decimals)
    return (NumberRead(float("".join(groups) + (f".{rest}" if rest else "")), len(rest)),)


def _are_groups(parts: list[str], mark: str) -> bool:
    """Whether digits are in groups of three, or as in India in two before the last three."""
    first, *others = parts
    return (
        0 < len(first) <= 3
        and not (first.startswith("0") and len(parts) > 1)
        and len(others[-1] if others else "000") == 3
        and all(len(part) == 3 or (len(part) == 2 and mark == ",") for part in others[:-1])
    )
