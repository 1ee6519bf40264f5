"""Legal citations that are not in proper form, read by eyecite (Free Law Project).

American citations of cases ("347 U.S. 483, 495 (1954)"). What looks like one and names a reporter
that there is none of, one without its year or page, and one that no document of the task holds:
"cite only what the documents hold". Statutes and other countries' citations are not judged.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sync.quality.text_checks.checked_text import CheckedText, TextFault

# volume, an abbreviation with a point in it, page
_LOOKS_LIKE = re.compile(
    r"(?<![\w.§$-])(\d{1,4}) ((?:[A-Z][A-Za-z]{0,6}\.[ ’']?)+(?: ?(?:[23]d|\dth|App\.|Supp\.))*)"
    r" ?(\d{1,5}|_{2,4})?(?![\w%])"
)
_PARTIES = re.compile(
    r"\b(?!(?:In|See|But|The|Under|Cf|And|As|When|Both|Compare|Accord|While|Since|Here)\b)"
    r"([A-Z][\w.’'&-]+(?:(?: (?:of|the|and|for|ex rel\.))* [A-Z][\w.’'&-]*)*) v\.? "
    r"([A-Z][\w.’'&-]*[\w’'](?:(?: (?:of|the|and|for))* [A-Z][\w.’'&-]*[\w’'])*)"
)
_NOT_REPORTERS = re.compile(
    r"§|C\.F\.R|U\.S\.C|Stat\.|Fed\. Reg|Cal\. Code|Rev\. Stat|a\.m|p\.m", re.I
)
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.", re.I)
_CITED_AFTER = 60  # characters after the parties in which their citation stands


@dataclass(frozen=True)
class Citation:
    """Citations of cases that are not in proper form.

    Attributes:
        pinpoint: whether a citation must give the page of what it is cited for.
        in_documents: whether the task's documents must hold it, where it has any.
    """

    pinpoint: bool = True
    in_documents: bool = True

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        answer = text.answer
        if not (_LOOKS_LIKE.search(answer) or _PARTIES.search(answer)):
            return
        from eyecite.models import FullCaseCitation

        found = [each for each in _citations(answer) if isinstance(each, FullCaseCitation)]
        told: set[str] = set()
        for fault in (*_unread(answer, found), *self._of_each(text, found), *_bare(answer, found)):
            if fault.message not in told:
                told.add(fault.message)
                yield fault

    def _of_each(self, text: CheckedText, found: list[Any]) -> Iterator[TextFault]:
        sources = [f"{one.title}\n{one.text}" for one in text.documents]
        held = {each.corrected_citation() for source in sources for each in _citations(source)}
        pinned = {each.corrected_citation() for each in found if each.metadata.pin_cite}
        for each in found:
            said = each.matched_text()
            if sources and self.in_documents and each.corrected_citation() not in held:
                yield TextFault(
                    f"{said!r} stands in none of the documents; check it, or take it out",
                    0.1,
                    "error",
                )
            form = each.corrected_citation()
            if form.replace(" ", "") != said.replace(" ", ""):
                yield TextFault(f"{said!r} is written {form!r}; correct it", 0.3)
            if not each.metadata.year:
                yield TextFault(f"{said!r} has no year; add it as (YYYY)", 0.3)
            elif self.pinpoint and form not in pinned and each.groups.get("page", "").isdigit():
                message = f"{said!r} has no pinpoint; add the page after the first"
                yield TextFault(message, 0.5, "info")


def _citations(text: str) -> list[Any]:
    from eyecite import get_citations

    return [
        each
        for each in get_citations(text)
        if hasattr(each, "corrected_citation") and each.groups.get("page") is not None
    ]


def _unread(answer: str, found: list[Any]) -> Iterator[TextFault]:
    """What looks like a citation, and eyecite knows no such reporter."""
    spans = [each.span() for each in found]
    for look in _LOOKS_LIKE.finditer(answer):
        if any(start < look.end() and look.start() < end for start, end in spans):
            continue
        said = look[0].strip()
        if _NOT_REPORTERS.search(answer[look.start() : look.end() + 4]) or _MONTH.search(said):
            continue
        if look[2].count(".") < 2 and not _PARTIES.search(answer[: look.start()][-_CITED_AFTER:]):
            continue  # an address or a quantity, as "12 St. 4"
        if _known(said):
            continue
        what = "has no page" if look[3] is None else "names no reporter that is known"
        yield TextFault(f"{said!r} looks like a citation and {what}; correct it", 0.2)


def _known(said: str) -> bool:
    """Whether it is a citation of another kind, as of a statute or with a page to come."""
    from eyecite import get_citations

    return bool(get_citations(said))


def _bare(answer: str, found: list[Any]) -> Iterator[TextFault]:
    """Cases that are named and nowhere cited in the answer."""
    ends = [each.span()[0] for each in found]
    sides = [(each.metadata.plaintiff, each.metadata.defendant) for each in found]
    cited = {name.split()[-1] for side in sides for name in side if name}
    looks = [look.start() for look in _LOOKS_LIKE.finditer(answer)]
    for parties in _PARTIES.finditer(answer):
        near = [at for at in (*ends, *looks) if 0 <= at - parties.end() <= _CITED_AFTER]
        if near or {parties[1].split()[-1], parties[2].split()[-1]} & cited:
            continue
        yield TextFault(f"{parties[0]!r} is named without its citation; add it", 0.4, "info")
