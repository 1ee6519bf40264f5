"""Legal citations that are not in proper form, or that no document of the task holds.

American cases, read by eyecite (Free Law Project), federal and state statutes, and the commonest
forms of other countries: "cite only what the documents hold".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sync.quality.text_checks.checked_text import CheckedText, TextFault
from sync.quality.text_checks.cited_abroad import faults_abroad
from sync.quality.text_checks.cited_cases import (
    CITED_AFTER,
    LOOKS_LIKE,
    PARTIES,
    Tail,
    is_no_case,
    kind_of,
    read_citations,
    tail_of,
    unread_citations,
)
from sync.quality.text_checks.cited_form import OF_OTHERS, form_faults
from sync.quality.text_checks.cited_laws_abroad import laws_abroad
from sync.quality.text_checks.cited_rules import rule_faults
from sync.quality.text_checks.cited_statutes import statute_faults

# what any citation of a case has
_MAY_CITE = re.compile(
    r"\d (?:[A-Z][a-z]{0,6}\.|U\.? ?S|F\.?\d)| v\.? |\b[vV]s?\. [A-Z]|\bIn re\b|\bEx parte\b"
    r"|\bversus\b|[A-Z]\.(?:[23]d)? \d{1,4}(?:, \d+)? \("
)
_NAMES_SAID = "inc ltd llc llp corp co the of and for a company state united states"
_OF_CASES = frozenset({"FullCaseCitation", "ShortCaseCitation", "SupraCitation"})
_WORDS_OF_NAMES = frozenset(_NAMES_SAID.split())


@dataclass(frozen=True)
class Citation:
    """Citations of cases and statutes that are not in proper form.

    Attributes:
        pinpoint: whether a citation must give the page of what it is cited for.
        in_documents: whether the task's documents must hold it, where it has any.
        statutes: whether statutes are looked at, too.
    """

    pinpoint: bool = True
    in_documents: bool = True
    statutes: bool = True

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        sources = [f"{one.title}\n{one.text}" for one in text.documents]
        told: set[str] = set()
        for fault in self._faults(text.answer, sources):
            if fault.message not in told:
                told.add(fault.message)
                yield fault

    def _faults(self, answer: str, sources: Sequence[str]) -> Iterator[TextFault]:
        if self.statutes:
            yield from statute_faults(answer, sources, self.in_documents)
            yield from rule_faults(answer)
            yield from laws_abroad(answer)
        yield from faults_abroad(answer, sources if self.in_documents else ())
        if not (_MAY_CITE.search(answer) or LOOKS_LIKE.search(answer)):
            return
        every = read_citations(answer)
        found = [
            each
            for each in every
            if kind_of(each) == "FullCaseCitation"
            and each.groups.get("page") is not None
            and not OF_OTHERS.search(each.matched_text())
        ]
        yield from unread_citations(answer, every)
        if self.in_documents and sources:
            yield from _not_held(answer, found, sources)
        tails = {
            each.corrected_citation(): tail_of(answer, each, every) for each in reversed(found)
        }
        pinned = {each.corrected_citation() for each in every if each.metadata.pin_cite}
        for each in found:
            form, page = each.corrected_citation(), each.groups.get("page", "")
            yield from form_faults(answer, each, tails[form])
            lacks_pin = form not in pinned and not tails[form].pages and page.isdigit()
            if tails[form].year and self.pinpoint and lacks_pin:
                message = f"{each.matched_text()!r} has no pinpoint; add the page after the first"
                yield TextFault(message, 0.5, "info")
        yield from _of_parties(answer, every, sources if self.in_documents else ())
        yield from _short(every, found)


def _not_held(answer: str, found: Sequence[Any], sources: Sequence[str]) -> Iterator[TextFault]:
    """Citations that no document holds, or holds otherwise."""
    whole = [slice(*each.full_span()) for each in found]
    if all(any(answer[place] in one for one in sources) for place in whole):
        return
    held: dict[str, tuple[Any, Tail]] = {}
    for one in sources:
        every = read_citations(one)
        held |= {each.corrected_citation(): (each, tail_of(one, each, every)) for each in every}
    words = set(re.findall(r"\w+", " ".join(sources).lower()))
    for each in found:
        said = each.matched_text()
        if each.corrected_citation() not in held:
            yield TextFault(
                f"{said!r} stands in none of the documents; check it, or take it out", 0.1, "error"
            )
            continue
        source, theirs = held[each.corrected_citation()]
        ours = tail_of(answer, each, found)
        for one, other in ((ours.year, theirs.year), (ours.court, theirs.court)):
            if one and other and one != other:
                yield TextFault(f"{said!r} is of {one}, in the documents of {other}", 0.1, "error")
        told = _words_of_parties(each) if _words_of_parties(source) else set()
        if names := told - _WORDS_OF_NAMES - words:
            yield TextFault(
                f"{said!r} names {', '.join(sorted(names))!r}, the documents do not", 0.1, "error"
            )
        if _are_turned(each, source):
            yield TextFault(f"{said!r} has its parties turned, by the documents", 0.1, "error")
        pages = [page for page in ours.pages if theirs.pages and str(page) not in words]
        if pages:
            yield TextFault(
                f"{said!r} is cited for page {pages[0]}, which the documents do not name", 0.2
            )


def _words_of_parties(each: Any) -> set[str]:
    """The words of both parties' names; none where a citation names but one."""
    names = [each.metadata.plaintiff, each.metadata.defendant]
    said = " ".join(names).lower() if all(names) else ""
    return {word for word in re.findall(r"\w+", said) if len(word) > 1}


def _are_turned(each: Any, source: Any) -> bool:
    """Whether a citation's first party is the second one of another citation, and no other way."""
    (first, second), (one, other) = (
        [{*re.findall(r"\w{2,}", (name or "").lower())} for name in names]
        for names in ((m.plaintiff, m.defendant) for m in (each.metadata, source.metadata))
    )
    return bool(first & other and second & one) and not (first & one or second & other)


def _of_parties(answer: str, found: Sequence[Any], sources: Sequence[str]) -> Iterator[TextFault]:
    """Cases that are named and nowhere cited, or in another form than `A v. B, 1 U.S. 2`."""
    cases = [
        each
        for each in found
        if kind_of(each) in _OF_CASES and not OF_OTHERS.search(each.matched_text())
    ]
    starts = [each.span()[0] for each in cases]
    sides = [
        getattr(each.metadata, side, None) or ""
        for each in found
        for side in ("plaintiff", "defendant")
    ]
    cited = {name.split()[-1].strip(".,") for name in sides if name}
    looks = [look.start() for look in LOOKS_LIKE.finditer(answer) if not is_no_case(answer, look)]
    for parties in PARTIES.finditer(answer):
        near = [at for at in starts if 0 <= at - parties.end() <= CITED_AFTER]
        other = parties["other"].rstrip(".,")
        if near:
            between = answer[parties.end() : min(near)]
            if parties["against"] not in ("v.",):
                said = " ".join(parties[0].split())
                yield TextFault(f"{said!r} has {parties['against']!r} for 'v.'; correct it", 0.4)
            if not between.strip():
                yield TextFault(f"{parties[0]!r} needs a comma behind it", 0.5, "info")
            continue
        if any(0 <= at - parties.end() <= CITED_AFTER for at in looks):
            continue
        if re.match(r",? [\[(]\d{4}[\])]", answer[parties.end() :]):
            continue  # a report of another country
        if {parties["one"].split()[-1].strip(".,"), other.split()[-1].strip(".,")} & cited:
            continue
        if parties["against"] == "v." or parties["against"] == "v":
            yield TextFault(f"{parties[0]!r} is named without its citation; add it", 0.4, "info")


def _short(every: Sequence[Any], found: Sequence[Any]) -> Iterator[TextFault]:
    """Short forms of what is nowhere cited in full."""
    full = {(each.groups["volume"], each.corrected_reporter()) for each in found}
    for each in every:
        if kind_of(each) == "ShortCaseCitation":
            key = (each.groups["volume"], each.corrected_reporter())
            if key not in full:
                yield TextFault(
                    f"{each.matched_text()!r} is short for what is nowhere cited in full", 0.3
                )
