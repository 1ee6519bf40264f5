"""Where a text mentions a version or a name, however it is written.

`4.1` is found as v4.1, 4.1.2, 4.1.x and within 4.0-4.3, but not as 4.1 km or in section 4.1;
`Gold plan` as gold plans, Gold-Plan, the Gold and Silver plans, and plan: Gold.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from drafting.sums.unit_names import UNIT

_KEY = re.compile(r"[vV]?(\d+(?:\.\d+)*)(\.[xX*])?")
_VERSION = re.compile(r"(?<![\w.,$€£¥])[vV]?(\d+(?:\.\d+)*)(?:\.[xX*](?!\w))?(?![\w%]|[.,]\d)")
_RANGE = re.compile(r"\s?(?:-|–|—|to|through|bis)\s?")
# of `4.1 or later` newer ones are, too
_ON = re.compile(
    r"\s?(?:\+|(?:or|and) (?:later|newer|above|higher|up|more recent)|onwards?|upwards?|and on\b)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:\b(?:sections?|tables?|fig(?:ure|s)?|chapters?|parts?|pages?|pp?|items?|points?|steps?"
    r"|clauses?|articles?|paragraphs?|para|rules?|appendix|notes?|nos?|art|annex|schedule|lines?"
    r"|equations?|reg(?:ulation)?s?)\.?|[§#№])\s?$",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\s?(?:%|‰|°|per ?cent|points?\b|stars?\b|out of\b|(?:m|b|tr)illion\b|thousand\b|times\b"
    rf"|[x×]\s?\d)|[ ](?!in\b){UNIT}"
)
_SAID_TO_BE_ONE = re.compile(
    r"(?:\b(?:v|ver|vers|version|versions|versione?|versión|release|rel|rev|revision|edition|build)"
    r"\.?:?\s?|\bv)$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b[A-Z][A-Za-z]+\s$")
_MONTH = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\s$"
)
_BETWEEN = r"[\s\-‐‑–_'\"“”‘’™®©*/]{1,3}"
_CHUNK = re.compile(r"[\s\-‐‑–_]+")
_EMPHASIS = re.compile(r"[*`~\u200b\u200c\u200d\u2060\ufeff]+|(?<!\w)_+|_+(?!\w)")
# a line that is broken within a sentence
_WRAPPED = re.compile(r"(?<=[\w,])[ \t]*\n[ \t]*(?=[a-z])")


@dataclass(frozen=True, slots=True)
class Mention:
    """Where something is named."""

    start: int
    end: int
    text: str


def plain_text(text: str) -> str:
    """Without marks of Markdown and breaks within sentences; each sign in its usual form."""
    return _WRAPPED.sub(" ", _EMPHASIS.sub("", unicodedata.normalize("NFKC", text)))


def mentions_of(key: str, text: str) -> Iterator[Mention]:
    """Every place that names a version or anything else.

    Args:
        key: a version such as `4.1` or `4.x`, or a name.
        text: `plain_text`.
    """
    version = _KEY.fullmatch(key.strip())
    if version:
        yield from _versions(_parts(version[1]), text, is_open=bool(version[2]))
        return
    for match in _named(key).finditer(text):
        yield Mention(match.start(), match.end(), match[0])


def _parts(written: str) -> tuple[int, ...]:
    return tuple(int(part) for part in written.split("."))


def _versions(key: tuple[int, ...], text: str, *, is_open: bool) -> Iterator[Mention]:
    """Where a version is said, with its patches or in a range."""
    before: re.Match[str] | None = None
    for match in _VERSION.finditer(text):
        parts = _parts(match[1])
        is_it = parts[: len(key)] == key
        if before is not None and not is_it and _RANGE.fullmatch(text, before.end(), match.start()):
            low, high = _parts(before[1])[: len(key)], parts[: len(key)]
            is_it = low < key < high and len(low) > 1
        before = match
        if is_it and _is_version(text, match, is_whole=len(key) == 1 and not is_open):
            yield Mention(match.start(), match.end(), match[0])


def _is_version(text: str, match: re.Match[str], *, is_whole: bool) -> bool:
    """Whether a number is a version rather than a measure, a section or a price.

    Args:
        is_whole: it has no point, so that a word must tell.
    """
    before = text[max(0, match.start() - 24) : match.start()]
    if _ON.match(text, match.end()) or _LABEL.search(before):
        return False
    if match[0][0] in "vV" or _SAID_TO_BE_ONE.search(before):
        return True
    if _MEASURED.match(text, match.end()):
        return False
    if is_whole:
        return bool(_NAMED.search(before)) and not _MONTH.search(before)
    return True


@lru_cache(maxsize=1024)
def _named(key: str) -> re.Pattern[str]:
    """A name's words with anything between them, in the plural, listed, or the other way round."""
    chunks = [chunk for chunk in _CHUNK.split(key.strip()) if chunk]
    last = chunks[-1]
    pattern = re.escape(chunks[0]) if len(chunks) > 1 else ""
    for before, chunk in pairwise(chunks[:-1]):
        pattern += _gap(before, chunk) + re.escape(chunk)
    if len(chunks) > 1:
        # the Gold and Silver plans
        listed = r"(?:(?:,|,? and|,? or| &|/)\s?[A-Z0-9]\w*){0,3}" if last.isalpha() else ""
        pattern += listed + _gap(chunks[-2], last)
    ends = _ending(last)
    found = rf"(?<!\w){pattern}{ends}"
    if len(chunks) == 2 and (chunks[0][0].isupper() or chunks[0][0].isdigit()):
        # plan Gold, edition of 2023
        turned = rf"{re.escape(last)}(?:[\s:=\"'“‘]|of\b){{1,4}}(?-i:{re.escape(chunks[0])})"
        found += rf"|(?<!\w){turned}(?!\w|[.,]\d)"
    return re.compile(found, re.IGNORECASE)


def _gap(one: str, other: str) -> str:
    """What stands between two words; nothing need where one is a number: Windows7."""
    is_number = one[-1:].isdigit() != other[:1].isdigit()
    return f"(?:{_BETWEEN})?" if is_number else _BETWEEN


def _ending(last: str) -> str:
    if last.lower().endswith((".x", ".*")):
        return rf"{re.escape(last[:-2])}(?:\.\d+|\.[xX*])*(?![\w%]|[.,]\d)"
    if last[-1].isdigit():
        return rf"{re.escape(last)}(?:\.\d+|\.[xX*])*(?![\w%]|[.,]\d)"
    if not last[-1].isalpha():
        return rf"{re.escape(last)}(?!\w)"
    return rf"{re.escape(last)}(?:['’]s|s['’]?|es)?(?!\w)"
