"""Citations of American cases as a text has them, read by eyecite, and what their form lacks.

A citation is the parties, a volume, a reporter and a page, then court and year: "Doe v. Roe, 29 F.3d 644,
650 (9th Cir. 1994)". eyecite reads what has volume, a known reporter and a page; the rest is told by
what stands between the parties and the year.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sync.quality.text_checks.checked_text import TextFault

# volume, an abbreviation with a point in it, page
LOOKS_LIKE = re.compile(
    r"(?<![\w.§$-])(\d{1,4}) ((?:[A-Z][A-Za-z]{0,6}\.[ ’']?)+(?: ?(?:[23]d|\dth|App\.|Supp\.))*)"
    r" ?(\d{1,5}|_{2,4})?(?![\w%])"
)
_NAME = r"[A-Z][\w.’'&-]*(?:(?:,? (?:Inc|Ltd|LLC|LLP|L\.L\.C|Corp|Co)\b\.?)| (?:of|the|and|for|ex rel\.)(?= [A-Z])| [A-Z&][\w.’'&-]*)*"
PARTIES = re.compile(
    r"\b(?!(?:In|See|But|The|Under|Cf|And|As|When|Both|Compare|Accord|While|Since|Here|Following|Unlike)\b)"
    rf"(?P<one>{_NAME}) (?P<against>v\.?|vs\.?|V\.|versus) (?P<other>{_NAME}(?<=[\w’'.]))"
)
_MATTER = re.compile(
    r"\b(?:In re|Ex parte|(?:In the )?Matter of|Estate of) (?P<other>[A-Z][\w.’'&-]*(?: [A-Z][\w.’'&-]*)*)"
)
# what may stand between parties and year: numbers, abbreviations, no words
_GAP = re.compile(
    r",?(?P<gap>(?:[,;]? ?(?:\d[\w.–-]*|[A-Z][\w.’']{0,8}\.?|&|at|p\.|pp\.|_{2,4}))*?),? ?"
    r"\((?P<court>[^()\d]{0,30}(?:\d{1,2}(?:d|st|nd|rd|th)\b[^()\d]{0,20})?)(?P<year>1[6-9]\d\d|20\d\d)(?P<after>[^()]{0,25})\)"
)
_NOT_REPORTERS = re.compile(
    r"§|C\.F\.R|U\.S\.C|Stat\.|Fed\. Reg|Cal\. Code|Rev\. Stat|a\.m|p\.m", re.I
)
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.", re.I)
CITED_AFTER = 60  # characters after the parties in which their citation stands
# abbreviation, page and year without the volume before them
_NO_VOLUME = re.compile(
    r"(?<!\d )(?<![A-Z]\. )(?<![\w.§])(?P<reporter>(?:[A-Z][A-Za-z]{0,5}\.[ ’']?)+(?:[23]d|4th|5th)?(?:Supp\. ?(?:[23]d)?)?)"
    r" ?(?P<page>\d{1,5})(?:, [\d–-]+)? \([^()]{0,30}(?:1[6-9]|20)\d\d\)"
)
# pages behind the first, then court and year
_PINS = re.compile(
    r"(?:(?P<comma>,)? (?:at )?(?P<page>\d{1,5})(?:[–-]\d{1,5})?(?:,? ?(?:& )?nn?\. ?\d[\d–-]*)?)(?![\w.])"
)
_COURT_AND_YEAR = re.compile(r",? ?\((?P<inside>[^()]{2,60})\)")
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
YEAR_BEFORE = re.compile(r"\(((?:1[6-9]|20)\d\d)\) ?$")


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands behind a citation's first page.

    Attributes:
        pages: those that it is cited for.
        inside: court and year as they stand in the brackets; None where there are none.
        year: "" where there is none.
        lacks_comma: a page follows without a comma.
    """

    pages: tuple[int, ...] = ()
    inside: str | None = None
    year: str = ""
    lacks_comma: bool = False

    @property
    def court(self) -> str:
        """As it stands there; "" where none is named."""
        return _YEAR.sub("", self.inside or "").strip(" ,.")


def tail_of(text: str, each: Any, found: Sequence[Any]) -> Tail:
    """What stands behind a citation, and behind the parallel ones that follow it.

    eyecite looks further for a year, up to the next case's.

    Args:
        found: every citation of the text.
    """
    starts = {other.span()[0]: other for other in found}
    at, pages, lacks_comma = each.span()[1], [], False
    while pin := _PINS.match(text, at):
        if any(at <= start < pin.end() for start in starts):
            break  # the volume of a parallel citation
        pages.append(int(pin["page"]))
        lacks_comma = lacks_comma or (pin["comma"] is None and " at " not in pin[0])
        at = pin.end()
    parallel = next((starts[k] for k in (at + 1, at + 2) if k in starts), None)
    if parallel is not None:
        after = tail_of(text, parallel, found)
        return replace(after, pages=(*pages, *after.pages), lacks_comma=lacks_comma)
    before = YEAR_BEFORE.search(text[: each.span()[0]])
    behind = _COURT_AND_YEAR.match(text, at)
    inside = behind["inside"] if behind else None
    years = _YEAR.findall(inside or "")
    year = years[-1] if years else before[1] if before else ""
    return Tail(tuple(pages), inside if years or not before else None, year, lacks_comma)


def read_citations(text: str) -> list[Any]:
    """Citations that eyecite reads: of cases, with their page or one to come, and of statutes."""
    from eyecite import get_citations

    # what it can't make out it would write into the log, with the text around it
    logging.getLogger("eyecite").setLevel(logging.CRITICAL)
    return [each for each in get_citations(text) if hasattr(each, "corrected_citation")]


def kind_of(each: Any) -> str:
    """What eyecite calls the kind of a citation, as "FullCaseCitation"."""
    return type(each).__name__


def unread_citations(text: str, found: list[Any]) -> Iterator[TextFault]:
    """What looks like a citation and can't be read: it lacks something, or there is no such reporter.

    Args:
        found: the citations that could be read.
    """
    spans = [each.span() for each in found]
    said_of = []
    for parties in (*PARTIES.finditer(text), *_MATTER.finditer(text)):
        gap = _GAP.match(text, parties.end())
        if gap is None or any(parties.end() <= start < gap.end() for start, _ in spans):
            continue
        if re.match(r" ?\d{1,4} [A-Z]", text[gap.end() :]):
            continue  # the year before the reporter, as in California
        said_of.append((parties.end(), gap.end()))
        said = " ".join(text[parties.end("other") : gap.end()].strip(" ,").split())
        yield TextFault(f"{parties[0]!r} is cited as {said!r}, which {_lacks(gap['gap'])}", 0.2)
    for look in LOOKS_LIKE.finditer(text):
        if any(start < look.end() and look.start() < end for start, end in (*spans, *said_of)):
            continue
        if is_no_case(text, look):
            continue
        said = look[0].strip()
        if look[2].count(".") < 2 and not PARTIES.search(text[: look.start()][-CITED_AFTER:]):
            continue  # an address or a quantity, as "12 St. 4"
        if _known(said):
            continue
        what = "has no page" if look[3] is None else "names no reporter that is known"
        yield TextFault(f"{said!r} looks like a citation and {what}; correct it", 0.2)
    for bare in _NO_VOLUME.finditer(text):
        if any(start <= bare.start() < end for start, end in (*spans, *said_of)):
            continue
        if _known(f"1 {bare['reporter'].strip()} {bare['page']}"):
            yield TextFault(f"{bare[0]!r} has no volume; put its number first", 0.2)


def is_no_case(text: str, look: re.Match[str]) -> bool:
    """Whether what looks like a citation of a case is one of a statute, or a date."""
    around = text[look.start() : look.end() + 4]
    return bool(_NOT_REPORTERS.search(around) or _MONTH.search(look[0]))


def _known(said: str) -> bool:
    """Whether eyecite reads it, as a statute or with a page to come."""
    return bool(read_citations(said))


def _lacks(gap: str) -> str:
    """What a citation that can't be read lacks, and what to do.

    Args:
        gap: what stands between the parties and the court.
    """
    words = re.sub(r"[,;]", " ", gap).split()
    numbers = [bool(re.fullmatch(r"\d{1,5}|_+", word)) for word in words]
    if not words:
        return "names no reporter; add volume, reporter and page"
    if all(numbers):
        return "names no reporter; add it between volume and page"
    if not numbers[0]:
        return "has no volume; put its number first"
    if not any(numbers[1:]):
        return "has no page; add it behind the reporter"
    return "names no reporter that is known; correct it"
