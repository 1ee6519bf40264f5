"""Laws and collections of decisions of the Union, the United Kingdom, Germany, Austria and Switzerland.

Each entry is a pattern of what is broken, and what is wrong with it.
"""

import re
from collections.abc import Iterator

from sync.quality.text_checks.checked_text import TextFault

_ACT = re.compile(
    r"\b(?P<kind>(?:(?:Council|Commission|Implementing|Delegated) )*(?:Regulation|Directive|Decision))"
    r"(?: \((?P<union>EU|EC|EEC|Euratom)(?:, Euratom)?\))?(?P<no> No\.?)? (?P<one>\d{1,4})(?P<mark>[/-])(?P<other>\d{1,4})"
    r"(?P<behind>/(?:EU|EC|EEC|CFSP))?(?![\d/])"
)
_NUMBER_FIRST_UNTIL = 2015  # of regulations; directives begin with their year
_LAWS = "BGB|HGB|StGB|ZPO|StPO|GG|AktG|GmbHG|InsO|UWG|UrhG|KSchG|BetrVG|SGB|EStG|AO|VwGO|VwVfG|BDSG|DSGVO|ABGB|OR|ZGB"
_JOURNALS = "NJW|MDR|WM|ZIP|NZA|NStZ|JZ|FamRZ|NVwZ|GRUR|NZG|BeckRS"
_BROKEN = (
    (re.compile(rf"§{{1,2}} ?(?:Abs\. ?\d+ ?)?(?:{_LAWS})\b"), "names no section; add its number"),
    (re.compile(rf"§{{1,2}} ?\d+[a-z]? Abs\. (?:{_LAWS})\b"), "names no number behind 'Abs.'; add it"),
    (re.compile(rf"§§ ?\d+[a-z]?(?: Abs\. ?\d+)?(?: S\. ?\d+)? (?:{_LAWS})\b"), "names one section; write one sign"),
    (re.compile(rf"(?<!§)§ ?\d+[a-z]?(?:, \d+[a-z]?)+(?: (?:und|u\.) \d+)? (?:{_LAWS})\b"), "names several sections; write two signs"),
    (re.compile(rf"(?<![§.\d])(?<!§ )(?<!Art\. )(?<!Artikel )(?<!und )(?<!, )\b\d+[a-z]? Abs\. ?\d+ (?:S\. ?\d+ )?(?:{_LAWS})\b"), "lacks the sign of its section; add it"),
    (re.compile(rf"\b(?:{_JOURNALS})(?:-RR)? (?:19|20)\d\d\b(?!,? ?(?:S\. ?)?\d)"), "has no page; add it"),
    (re.compile(r"\b(?:BGHZ|BGHSt|BVerfGE|BVerwGE|BAGE|RGZ) \d{1,3}\b(?!, ?(?:S\. ?)?\d)"), "has no page; add it"),
    (re.compile(r"\b(?:BGE|ATF|DTF) \d{1,3}(?: (?:I[ab]?|II|III|IV|V|VI))?\b(?! (?:[IV]+[ab]? )?\d)"), "has no page; add it"),
    (re.compile(r"\bBGH,? (?:\d{1,2}\. ?\d{1,2}\. ?\d{4}\b(?!,? ?[–-]? ?(?:Az\.? ?)?[IVX\d])|[IVX]+ Z[RB] \d+/\d{2}\b(?![^.\n]{0,25}\d{4}))"), "lacks its day or its file number; add it"),
    (re.compile(r"\bOGH,? \d{1,2}\. ?\d{1,2}\. ?\d{4}\b(?!,? ?\d)"), "has no file number; add it"),
    (re.compile(r"\bCass\.? (?:civ|com|soc|crim)\.?(?: \d(?:re|e))?, \d{1,2}(?:er)? \w+ \d{4}\b(?!,? (?:pourvoi )?n[°o])"), "has no number; add it"),
    (re.compile(r"\bOJ (?!(?:L|C)\b)\d"), "names no series; add L or C"),
    (re.compile(r"\bOJ [LC] ?\d+, \d{1,2}\.\d{1,2}\.\d{4}\b(?!, ?p\. ?\d)"), "has no page; add it"),
    (re.compile(r"\bS\.I\. ?(?:No\.? ?)?\d{1,4}[/-]\d{1,4}|\bSI (?:No\.? )?(?!(?:19|20)\d\d/)\d{1,4}[/-]\d{1,4}|\bSI (?:19|20)\d\d-\d+"), "is written as 'SI 2013/3134'; correct it"),
    (re.compile(r"\b[A-Z]\w+ Act \d{4},? ss?\b(?!\.? ?\d)"), "names no section; add its number"),
    (re.compile(r"\b[A-Z]\w+ Act,? s\.? ?\d+"), "has no year; add it behind 'Act'"),
    (re.compile(r"(?<![\w:])EU:[CTF]:\d{4}(?::\d+)?"), "is no ECLI, as ECLI:EU:C:2014:317 is one; correct it"),
    (re.compile(r"\b[Cc]ase [Nn]o\.? [CT]-?\d+|\bCase \d{1,4}/[CT]-?\d+|(?<!Case )(?<!Cases )(?<!and )(?<!, )(?<!\w)(?<!-)[CTF]-?\d{1,4}/\d{2}\b(?<!C-\d/\d\d)(?=,? [A-Z][a-z]+ v)"), "is written as 'Case C-131/12'; correct it"),
)  # fmt: skip


def laws_abroad(text: str) -> Iterator[TextFault]:
    """What is wrong with the citations of laws of other countries in a text."""
    for pattern, what in _BROKEN:
        for found in pattern.finditer(text):
            yield TextFault(f"{' '.join(found[0].split())!r} {what}", 0.3)
    for found in _ACT.finditer(text):
        if (wrong := _act(found)) is not None:
            yield TextFault(f"{found[0]!r} {wrong}", 0.3)


def _act(found: re.Match[str]) -> str | None:
    """What is wrong with the number of an act of the Union."""
    one, other = int(found["one"]), int(found["other"])
    is_directive = found["kind"].endswith("Directive")
    if found["union"] is None and found["behind"] is None:
        return "names no body; add it, as (EU)"
    if found["mark"] != "/":
        return f"is numbered {found['one']}/{found['other']}; correct it"
    by_number = not is_directive and (found["no"] is not None or found["union"] in ("EC", "EEC"))
    year = other if by_number else one
    if not (58 <= year <= 99 or 1958 <= year <= 2100):
        return "has no year where it belongs; turn the numbers"
    if (
        found["no"] is None
        and not is_directive
        and found["behind"] is None
        and year < _NUMBER_FIRST_UNTIL
        and year > 99
    ):
        return (
            None if by_number else "is older than 2015, so its number comes first; turn the numbers"
        )
    return None
