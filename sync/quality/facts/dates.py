"""The calendar dates of a text, whatever notation they stand in.

`3 March 2026`, `March 3rd, 2026`, `2026-03-03` and `03/03/2026` are one date; `03/04/2026` may be
two. What month a word of another language than English is, dateparser tells, asked once a word: a
search for dates by itself takes long, and finds them in words such as `may` and in plain numbers.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import import_module

_MONTHS_WORDS = (
    "January February March April May June July August September October November December"
)
_MONTHS = _MONTHS_WORDS.split()
_ENGLISH = {name.casefold(): number for number, name in enumerate(_MONTHS, start=1)}
_ENGLISH |= {name[:3].casefold(): number for name, number in list(_ENGLISH.items())}
_ENGLISH["sept"] = 9
# `may` and `march` are verbs, so a month has a capital
_MONTH = "(?:" + "|".join(f"{m}|{m[:3]}\\b\\.?" for m in _MONTHS) + "|Sept\\b\\.?)"
_MONTH += "|(?:" + "|".join(m.upper() for m in _MONTHS) + ")"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_YEAR = r"(?:1[5-9]|2[0-6])\d\d"
_DATE = re.compile(
    rf"(?<![\w./-])(?:"
    rf"(?P<y1>{_YEAR})(?P<s1>[-/.])(?P<m1>\d\d?)(?P=s1)(?P<d1>\d\d?)(?![\d/-]|\.\d)"
    rf"|(?P<a2>\d\d?)(?P<s2>[-/.])(?P<b2>\d\d?)(?P=s2)(?P<y2>\d{{4}})(?![\d/-]|\.\d)"
    rf"|(?P<a6>\d\d?)/(?P<b6>\d\d?)/(?P<y6>\d\d)(?![\d/-]|\.\d)"
    rf"|(?P<d3>{_DAY})(?:st|nd|rd|th)?[ -](?:of )?(?P<m3>{_MONTH})(?:,?[ -](?P<y3>{_YEAR})\b)?"
    rf"|(?P<m4>{_MONTH})[ -](?:(?P<d4>{_DAY})(?:st|nd|rd|th)?\b(?![,.]?\d|%| ?-?%)"
    rf"(?:,? (?P<y4>{_YEAR})\b)?|(?P<y5>{_YEAR})\b)"
    rf"|(?P<y7>{_YEAR})年(?P<m7>\d\d?)月(?:(?P<d7>\d\d?)日)?"
    rf"|(?P<d8>\d\d?)\.?[ ](?:de )?(?P<w8>[^\s\d.,;:()]{{3,15}})[.,]?[ ](?:de |del "
    rf")?(?P<y8>\d{{4}})(?!\d)"
    rf")"
)
# where month words are looked up, beside English
_LANGUAGES_WORDS = "de fr es it pt nl pl cs sv da nb fi hu ro tr ru uk el ar he fa hi th vi id"
_LANGUAGES = _LANGUAGES_WORDS.split()
_DAYS_IN = {"day": 1, "week": 7, "month": 30, "year": 365}
# Thailand counts from the Buddha's death
_BUDDHIST_ERA = 543

Calendar = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class DateInText:
    """A date where it stands.

    Attributes:
        readings: (year, month, day), each None where it isn't told; at least one.
    """

    start: int
    end: int
    text: str
    readings: tuple[Calendar, ...]


def dates_in(text: str) -> tuple[DateInText, ...]:
    """Every date that tells a month, in order; years by themselves are numbers."""
    return tuple(_dates(text))


def _dates(text: str) -> Iterator[DateInText]:
    for match in _DATE.finditer(text):
        readings = tuple(one for one in _readings(match.groupdict()) if _is_possible(one))
        if readings:
            yield DateInText(match.start(), match.end(), match[0], readings)


def _readings(found: dict[str, str | None]) -> Iterator[Calendar]:
    number = {name: int(text) for name, text in found.items() if text and text.isdecimal()}
    if "y1" in number:
        yield number["y1"], number["m1"], number["d1"]
    elif "a2" in number or "a6" in number:
        of = "2" if "a2" in number else "6"
        first, second, year = number[f"a{of}"], number[f"b{of}"], number[f"y{of}"]
        year += (2000 if year < 70 else 1900) if year < 100 else 0
        yield year, second, first
        if first != second:
            yield year, first, second
    elif found["m3"]:
        yield number.get("y3"), _english(found["m3"]), number["d3"]
    elif found["m4"]:
        yield number.get("y4", number.get("y5")), _english(found["m4"]), number.get("d4")
    elif "y7" in number:
        yield number["y7"], number["m7"], number.get("d7")
    elif found["w8"] and (month := _month_of(found["w8"].casefold())):
        year = number["y8"]
        yield year, month, number["d8"]
        if year > 2400:
            yield year - _BUDDHIST_ERA, month, number["d8"]


def _english(word: str) -> int:
    return _ENGLISH[word.rstrip(".").casefold()]


@lru_cache(maxsize=4096)
def _month_of(word: str) -> int | None:
    """Which month a word of another language is."""
    if word in _ENGLISH:
        return _ENGLISH[word]
    if word.isascii() and (len(word) > 10 or not _may_be_month(word)):
        return None
    import dateparser  # heavy; only where such a word stands between a day and a year

    found = dateparser.parse(
        f"1 {word} 2000", languages=_LANGUAGES, settings={"STRICT_PARSING": True}
    )
    return found.month if found and (found.year, found.day) == (2000, 1) else None


def _may_be_month(word: str) -> bool:
    """Whether there is a month's name or a Roman number in a word of ASCII.

    To say so of all other words dateparser reads all of its languages first.
    """
    tokens = re.split(r"[^a-z]+", word)
    return any(token in _month_names() or (token and not token.strip("ivx")) for token in tokens)


@cache
def _month_names() -> frozenset[str]:
    """Names of months in every language, in lower case and without accents."""
    names: set[str] = set()
    for language in _LANGUAGES:
        told = import_module(f"dateparser.data.date_translation_data.{language}").info
        names.update(name for month in _MONTHS for name in told.get(month.casefold(), ()))
    plain = (unicodedata.normalize("NFKD", name).casefold() for name in names)
    return frozenset("".join(c for c in name if not unicodedata.combining(c)) for name in plain)


def _is_possible(told: Calendar) -> bool:
    year, month, day = told
    try:
        date(year or 2000, month or 1, day or 1)
    except ValueError:
        return False
    return True


def agrees(told: Calendar, given: Calendar) -> bool:
    """Whether all that is told of a date is given."""
    return all(part is None or part == known for part, known in zip(told, given, strict=True))


def days_after(given: Calendar, count: float, unit: str) -> Iterator[date]:
    """The dates that are so many days, weeks, months or years before and after a whole date."""
    year, month, day = given
    if year is None or month is None or day is None or unit not in _DAYS_IN or count > 4000:
        return
    whole = int(count)
    for way in (whole, -whole):
        if unit in ("day", "week"):
            yield date.fromordinal(date(year, month, day).toordinal() + way * _DAYS_IN[unit])
            continue
        months = year * 12 + month - 1 + way * (1 if unit == "month" else 12)
        if 12 <= months < 12 * 9999:
            yield date(months // 12, months % 12 + 1, min(day, 28))
            if day > 28 and _is_possible((months // 12, months % 12 + 1, day)):
                yield date(months // 12, months % 12 + 1, day)
