"""Citations of statutes and regulations: `42 U.S.C. § 1983`, `29 C.F.R. § 1910.12`, `Cal. Civ. Code § 1942.4`."""

import re
from collections.abc import Iterator, Sequence

from sync.quality.text_checks.checked_text import TextFault

_FEDERAL = re.compile(
    r"(?<![\w.])(?:(?P<title>\d{1,3}) )?(?P<code>U\. ?S\. ?C\.(?: ?A\.)?|USCA?|C\. ?F\. ?R\.|CFR)(?![A-Za-z])"
    r"(?:,? ?(?P<sign>§{1,2}|[Ss]ec(?:tions?|s?\.)|[Pp]arts?|[Pp]ts?\.|[Cc]h(?:apter|\.)|[Ss]ubtitle|[Ss]ubchapter))?"
    r"(?: ?(?P<section>\d[\w.–-]*\w|\d)(?P<parts>(?:\(\w{1,4}\))*))?"
)
_STATE = re.compile(
    r"\b(?P<code>(?:Ala|Alaska|Ariz|Ark|Cal|Colo|Conn|Del|Fla|Ga|Haw|Idaho|Ill|Ind|Iowa|Kan|Ky|La|Me|Md|Mass|Mich|"
    r"Minn|Miss|Mo|Mont|Neb|Nev|N\.H|N\.J|N\.M|N\.Y|N\.C|N\.D|Ohio|Okla|Or|Pa|R\.I|S\.C|S\.D|Tenn|Tex|Utah|Vt|Va|"
    r"Wash|W\. Va|Wis|Wyo)\.? (?:(?:[A-Z][\w&]*\.?|&|and) ){0,4}(?:Code|Law|Stat\.|Laws|Stats\.)(?: Ann\.)?)"
    r" (?P<sign>§{1,2} ?|ch(?:apter|\.) |art(?:icle|\.) )?(?P<section>\d[\w.:-]*\w|\d)"
)
_ALONE = re.compile(r"§{1,2}(?=\s*(?:[.,;:)]|$))", re.MULTILINE)
_NO_CODE = re.compile(
    r"(?<![\w.-])(?<!Article )(?<!Art\. )(?<!Rule )(?<!Chapter )(?<!Part )(?<!Title )(?<!Book )(?<!No\. )"
    r"\d{1,3} §{1,2} ?\d[\w.-]*\w"
)
_TITLE_SAID = re.compile(r"\b[Tt]itle \d+,?(?: of the)?\s*$")
_TO_COME = re.compile(r"^\s*(?:note\b|app\b|\(\d{4}\))")


def statute_faults(text: str, sources: Sequence[str], in_documents: bool) -> Iterator[TextFault]:
    """What is wrong with the citations of statutes in a text.

    Args:
        sources: the task's documents; of none, nothing is held against them.
        in_documents: whether a section must stand in one of them.
    """
    for found in _FEDERAL.finditer(text):
        if found["title"] is None and found["sign"] is None:
            continue  # the code as such, or a university
        yield from _federal(found, text)
    for found in _STATE.finditer(text):
        if found["sign"] is None:
            said = found[0]
            form = f"{found['code']} § {found['section']}"
            yield TextFault(f"{said!r} is written {form!r}; correct it", 0.3)
    for found in _NO_CODE.finditer(text):
        yield TextFault(f"{found[0]!r} names no code; add it before the section's sign", 0.2)
    for found in _ALONE.finditer(text):
        before = text[: found.start()].split("\n")[-1][-25:].strip()
        if not _FEDERAL.search(f"{before} {found[0]}"):
            yield TextFault(f"'{before} {found[0]}' names no section; add it", 0.2)
    if in_documents and sources:
        yield from _not_held(text, sources)


def _federal(found: re.Match[str], text: str) -> Iterator[TextFault]:
    said = found[0].strip()
    code = "U.S.C." if "S" in found["code"] else "C.F.R."
    if found["section"] is None:
        if found["sign"] is None and not re.match(
            r"[ ]?(?:[.,;)]|$)", text[found.end() :][:3] or "."
        ):
            return
        yield TextFault(f"{said!r} names no section; add it", 0.2)
        return
    if found["title"] is None:
        if not _TITLE_SAID.search(text[: found.start()]):
            yield TextFault(f"{said!r} has no title; put its number before {code!r}", 0.2)
        return
    sign = found["sign"] or ""
    if sign[:1].lower() in ("p", "c") or sign.lower().startswith("sub"):
        return
    many = "§§" if "§§" in sign or sign.lower() == "sections" else "§"
    form = f"{found['title']} {code} {many} {found['section']}{found['parts']}"
    annotated = found["code"].replace(" ", "").endswith(("A.", "A"))
    if not annotated and _spaceless(form) != _spaceless(said):
        yield TextFault(f"{said!r} is written {form!r}; correct it", 0.3)


def _spaceless(text: str) -> str:
    return "".join(text.split())


def _not_held(text: str, sources: Sequence[str]) -> Iterator[TextFault]:
    """Statutes of which no document names the section."""
    held = " ".join(sources)
    for pattern in (_FEDERAL, _STATE):
        for found in pattern.finditer(text):
            if found["section"] is None or (pattern is _FEDERAL and found["title"] is None):
                continue
            number = re.compile(rf"(?<![\w.]){re.escape(found['section'])}(?![\w-]|\.\d)")
            title = pattern is _STATE or re.search(rf"\b{found['title']}\b", held)
            if not (title and number.search(held)):
                yield TextFault(
                    f"{found[0].strip()!r} stands in none of the documents; check it, or take it out",
                    0.1,
                    "error",
                )
