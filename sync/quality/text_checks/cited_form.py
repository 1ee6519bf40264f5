"""What is wrong with the form of an American citation that could be read, and with its year."""

import re
from collections.abc import Iterator
from typing import Any

from sync.quality.text_checks.checked_text import TextFault
from sync.quality.text_checks.cited_cases import YEAR_BEFORE, Tail
from sync.quality.text_checks.cited_courts import court_faults
from sync.quality.text_checks.cited_volumes import belies

# reporters of many courts, in which the court must be named
_OF_MANY_COURTS = re.compile(
    r"(?:F\. ?(?:2d|3d|4th)?|F\. ?Supp\.(?: ?[23]d)?|F\.R\.D\.|B\.R\.|Fed\. Cl\.|(?:A|P)\.(?: ?[23]d)?|(?:N\.E|N\.W|"
    r"S\.E|S\.W|So)\.(?: ?[23]d)?)"
)
# what names a case: two parties, or the matter
_NAMED = re.compile(
    r"\b[vV]s?\.? |\bversus |\b(?:In re|Ex parte|Matter of|Estate of|Petition of|Application of|ex rel\.|"
    r"In the Interest of|aff['’]d|rev['’]d|cert\. \w+|vacated|overruled by|sub nom\.)|\b[A-Z][\w-]* Cases?\b|\bThe [A-Z]"
)
_STRAY = re.compile(
    r"(?:, \d{1,5}(?:[–-]\d{1,5})?)?(?P<comma>,) ?\((?=[^()]*\d{4}\))|(?P<page>,? ?pp?\. ?)\d|, (?P<from>\d{1,5})[–-](?P<to>\d{1,5})(?!\d)"
)
_FEDERAL = frozenset(
    {
        "U.S.",
        "S. Ct.",
        "L. Ed.",
        "L. Ed. 2d",
        "F.",
        "F.2d",
        "F.3d",
        "F.4th",
        "F. Supp.",
        "F. Supp. 2d",
        "F. Supp. 3d",
    }
)
# a German paragraph, reports of other countries, and databases, which have forms of their own
OF_OTHERS = re.compile(r"Abs\.|\b(?:CLR|SCR|AC|QB|KB|WLR|ALR|NZLR)\b|WL|LEXIS")
# a citation that is complete, and how far its name may stand before it
_CITED = re.compile(r"\d{4}\)[.;,]? ")
_NEAR = 200


def form_faults(text: str, each: Any, tail: Tail) -> Iterator[TextFault]:
    """What is wrong with the form of a citation that could be read, apart from its pinpoint."""
    said, form = each.matched_text(), each.corrected_citation()
    if form.replace(" ", "") != said.replace(" ", ""):
        yield TextFault(f"{said!r} is written {form!r}; correct it", 0.3)
    before = text[: each.span()[0]]
    if not _is_named(before, text):
        yield TextFault(f"{said!r} is cited without the name of the case; add it", 0.3)
    stray = _STRAY.match(text, each.span()[1])
    if stray is not None and (what := _stray(stray)):
        yield TextFault(f"{said + stray[0].rstrip(' (')!r} has {what}; correct it", 0.3)
    if YEAR_BEFORE.search(before) and each.corrected_reporter() in _FEDERAL:
        yield TextFault(f"{said!r} has its year before it; put it behind the pages", 0.3)
    if tail.lacks_comma or any(page < _first(each) for page in tail.pages):
        pages = ", ".join(map(str, tail.pages))
        what = "without a comma" if tail.lacks_comma else "which is before its first"
        yield TextFault(f"{said!r} is cited for page {pages}, {what}; correct it", 0.3)
    if not tail.year:
        yield TextFault(f"{said!r} has no year; add it as (YYYY)", 0.3)
    elif why := _impossible_year(each, int(tail.year)):
        yield TextFault(f"{said!r} is of {tail.year}, but {why}; check it", 0.2)
    elif tail.inside and re.match(rf"{tail.year},? [A-Z\d]", tail.inside):
        yield TextFault(f"({tail.inside}) names the court behind the year; turn them", 0.4)
    elif tail.inside and (
        wrong := next(court_faults(tail.inside, each.corrected_reporter()), None)
    ):
        yield TextFault(f"{said!r} ({tail.inside}) {wrong}", 0.4)
    elif tail.inside and not tail.court and _OF_MANY_COURTS.fullmatch(each.corrected_reporter()):
        yield TextFault(f"{said!r} ({tail.year}) names no court; add it before the year", 0.4)


def _is_named(before: str, text: str) -> bool:
    """Whether what stands before a citation names its case, or is another citation of the same."""
    near = YEAR_BEFORE.sub("", before[-_NEAR:])
    ended = list(_CITED.finditer(near))
    if ended and not near[ended[-1].end() :].strip():
        return near[ended[-1].end() - 2] == ","  # a parallel one
    if ended:
        near = near[ended[-1].end() :]
    if _NAMED.search(near) or re.search(r"[\d_], \(?$", near):
        return True
    name = re.search(r"([A-Z][\w’'-]+)[^\w]*$", near)
    return (
        name is not None
        and re.search(rf"\b{name[1]} v\.|v\. (?:[\w.]+ )?{name[1]}\b", text) is not None
    )


def _stray(found: re.Match[str]) -> str:
    """What should not stand behind a first page; "" where nothing is wrong."""
    if found["comma"]:
        return "a comma before its brackets"
    if found["page"]:
        return "'p.' before its page"
    backwards = len(found["from"]) == len(found["to"]) and int(found["to"]) < int(found["from"])
    return "pages that run backwards" if backwards else ""


def _first(each: Any) -> int:
    page = each.groups.get("page") or ""
    return int(page) if page.isdigit() else 0


def _impossible_year(each: Any, year: int) -> str | None:
    """Why no case of this year can stand in the reporter."""
    editions = [one for one in each.all_editions if one.short_name == each.corrected_reporter()]
    starts = [one.start.year for one in editions if one.start]
    ends = [one.end.year if one.end else 9999 for one in editions]
    reporter, volume = each.corrected_reporter(), each.groups.get("volume") or ""
    published = belies(reporter, int(volume), year) if volume.isdigit() else None
    # its older volumes were named after their editors
    if starts and year < min(starts) and reporter != "U.S.":
        return f"{reporter} began in {min(starts)}"
    if ends and year > max(ends) + 1:
        return f"{reporter} ended in {max(ends)}"
    return None if published is None else f"volume {volume} of {reporter} is of {published} or so"
