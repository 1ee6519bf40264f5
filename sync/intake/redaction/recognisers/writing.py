"""How a text is written: which characters end a value, and digits and signs in one form.

A word is a run of letters of one script here. Between Han, Thai or Cyrillic letters and a value in
Latin letters or digits there is a border even where no blank stands, as Python's `\\b` has it only
for ASCII. Latin letters with accents belong to a Latin word.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator

# letters beyond ASCII, for character classes
LATIN = "\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
# a letter or digit that would make a value in Latin letters or digits part of a longer word
_IN_WORD = f"A-Za-z0-9_{LATIN}"
BEFORE = f"(?<![{_IN_WORD}])"
AFTER = f"(?![{_IN_WORD}])"
# scripts that put no blanks between words, or put endings onto foreign words
UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf"
    "\u3040-\u30ff\u3100-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uaa60-\uaa7f"
    "\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
# the other letters beyond Latin: Greek, Cyrillic, Arabic, Devanagari, …
SPACED = rf"[^\W\d_A-Za-z{LATIN}{UNSPACED}]"

# in full width, or as other scripts and typography write them; one character for one
_HYPHENS = "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"
_BLANKS = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DASH_OF_DIGITS = re.compile("(?<=[0-9])[\u30fc\u2015\uff70](?=[0-9])")
_BEYOND_LATIN = re.compile(f"[^\0-\x7f{LATIN}]")
_STAND_IN = "\ufffc"
# what nobody sees: zero-width characters, and marks of direction that phones put around numbers
_HIDDEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_LAST_DIGIT = 0x10000  # of the basic plane, whose sets a pattern looks up at once

# the countries whose people write a script, for numbers without a country code
_REGIONS = (
    ("\u3040-\u30ff", ("JP",)),
    ("\u4e00-\u9fff", ("CN", "TW", "HK", "JP")),
    ("\uac00-\ud7a3", ("KR",)),
    ("\u0e00-\u0e7f", ("TH",)),
    ("\u0e80-\u0eff", ("LA",)),
    ("\u1780-\u17ff", ("KH",)),
    ("\u1000-\u109f", ("MM",)),
    ("\u0900-\u0d7f", ("IN", "BD", "LK", "NP")),
    ("\u0600-\u06ff", ("EG", "SA", "AE", "MA", "IQ", "JO", "IR", "PK")),
    ("\u0590-\u05ff", ("IL",)),
    ("\u0400-\u04ff", ("RU", "UA", "KZ", "BY", "BG", "RS")),
    ("\u0370-\u03ff", ("GR", "CY")),
    ("\u0530-\u058f", ("AM",)),
    ("\u10a0-\u10ff", ("GE",)),
    ("\u1200-\u137f", ("ET",)),
    ("\u01a0-\u01b0\u1ea0-\u1ef9", ("VN",)),
    ("\u011e\u011f\u0130\u0131\u015e\u015f", ("TR", "RO")),
    ("\u0104-\u0107\u0118\u0119\u0141-\u0144\u015a\u015b\u0179-\u017c", ("PL",)),
    ("\u010c-\u010f\u011a\u011b\u0158\u0159\u0160\u0161\u016e\u016f\u017d\u017e", ("CZ", "SK")),
    ("\u0150\u0151\u0170\u0171", ("HU",)),
    ("\u00c4-\u00c6\u00d6\u00d8\u00e4-\u00e6\u00f6\u00f8", ("SE", "FI", "NO", "DK", "AT", "CH")),
    ("\u00c3\u00d5\u00e3\u00f5", ("PT",)),
)
_WRITTEN_IN = tuple((re.compile(f"[{letters}]"), regions) for letters, regions in _REGIONS)


@functools.lru_cache(maxsize=16)
def plain(text: str) -> str:
    """The text, as long as before, with digits, hyphens and full-width characters in ASCII."""
    if text.isascii() or not _not_plain().search(text):
        return text
    return _DASH_OF_DIGITS.sub("-", text.translate(_plain_forms()))


@functools.lru_cache(maxsize=16)
def regions_of(text: str) -> tuple[str, ...]:
    """ISO 3166 codes of countries that write as this text does; none for ASCII."""
    if text.isascii():
        return ()
    found = (region for letters, of in _WRITTEN_IN if letters.search(text) for region in of)
    return tuple(dict.fromkeys(found))


def latin_only(text: str) -> str | None:
    """The text, as long as before, with a sign for each letter beyond Latin; None without any."""
    if text.isascii() or not _BEYOND_LATIN.search(text):
        return None
    return _BEYOND_LATIN.sub(_STAND_IN, text)


def as_seen(text: str) -> tuple[str, list[int]] | None:
    """The text without invisible characters, and where each other stood; None without any."""
    if text.isascii() or not _HIDDEN.search(text):
        return None
    at = [i for i, character in enumerate(text) if not _HIDDEN.match(character)]
    return _HIDDEN.sub("", text), at


def around(value: str) -> tuple[str, str]:
    """Patterns of what must stand before and behind a value that is no part of a longer word."""
    if len(value) == 1:
        return r"(?<!\w)", r"(?!\w)"
    return _border(value[:1], BEFORE, behind=True), _border(value[-1:], AFTER, behind=False)


def _border(edge: str, latin: str, *, behind: bool) -> str:
    if not (edge.isalnum() or edge == "_"):
        return ""
    if re.match(f"[{_IN_WORD}]", edge):
        return latin
    if re.match(f"[{UNSPACED}]", edge):
        return ""
    same = r"\d" if edge.isdigit() else SPACED
    return f"(?<!{same})" if behind else f"(?!{same})"


@functools.cache
def _plain_forms() -> dict[int, str]:
    return dict(_pairs())


@functools.cache
def _not_plain() -> re.Pattern[str]:
    """Matches a character that is not in plain form; most texts hold none."""
    return re.compile("[" + "".join(map(chr, _plain_forms())) + "\u30fc\u2015\uff70]")


def _pairs() -> Iterator[tuple[int, str]]:
    for code in range(0x80, _LAST_DIGIT):
        digit = unicodedata.decimal(chr(code), None)
        if digit is not None:
            yield code, str(digit)
    yield from ((code, chr(code - 0xFEE0)) for code in range(0xFF01, 0xFF5F))
    yield from ((ord(sign), "-") for sign in _HYPHENS)
    yield from ((ord(sign), " ") for sign in _BLANKS)
