"""Citations of American rules, constitutions, registers and databases, and of a court's own short forms.

What is told is told by form alone: each entry is a pattern of what is broken, and what is wrong with it.
"""

import re
from collections.abc import Iterator

from sync.quality.text_checks.checked_text import TextFault

_RULE = re.compile(
    r"(?<![\w.])Fed\.? ?R(?:ules?)?\.? ?(?:of )?(?P<of>Civ|Crim|App|Evid|Bankr)\.?(?P<pro> ?P(?:roc?)?\b\.?)?"
    r"(?: ?(?:Rule |R\. )?(?P<number>\d{1,4}(?:\.\d)?)(?P<parts>(?:\(\w{1,4}\))*))?"
)
_SHORT_NAMES = {"FRCP": "Civ. P.", "FRCrP": "Crim. P.", "FRAP": "App. P.", "FRE": "Evid."}
_SHORT_RULE = re.compile(
    r"(?<![\w.])(?P<name>FRCP|FRCrP|FRAP|FRE)(?: (?:Rule )?)(?P<number>\d[\d.]*(?:\(\w{1,4}\))*)"
)
_CONSTITUTION = re.compile(
    r"(?<![\w.])(?P<name>U\.? ?S\.? Const(?:itution|\.)?),? (?P<part>[Aa]mend(?:ment|\.)?|[Aa]rt(?:icle|\.)?)(?![a-z])"
    r"(?: (?P<number>[IVX]+\b|\d{1,2}\b))?"
)
_REGISTER = re.compile(
    r"(?<![\w.])(?:(?P<volume>\d{1,3}) )?(?P<name>Fed\.? ?Reg\.?)(?![a-z])(?: (?P<page>\d{1,3},\d{3}|\d{1,6}))?"
    r"(?P<pin>, \d[\d,–-]*)?(?P<day> \([^()]*\d{4}\))?"
)
_PUBLIC_LAW = re.compile(r"(?<![\w.])(?P<said>Pub\.? ?L\.?(?P<no> No\.?)? ?(?P<number>\d[\d–-]*))")
_WESTLAW = re.compile(
    r"(?<![\w.])(?:(?P<year>\d{4}) )?(?P<name>WL|U\.S\. (?:Dist|App)\. LEXIS)(?: (?P<number>\d{1,9})\b)?(?P<pin>,? at \*?\d+(?:[–-]\d+)?)?"
    r"(?P<day> \([^()]*\d{4}\))?"
)
_DOCKET = re.compile(r"\bNos?\. ?[\w:.-]*\d")
_ID = re.compile(r"(?<![\w.])(?:[Ii]d\.(?=,? at \*?\d| §)|[Ii]bid\b\.?)")
_CITED_BEFORE = re.compile(
    r"\d+ [A-Z][\w.]* ?[\w.]*\.? ?§? ?\d|\b v\.? |§|\(\d{4}\)|\b(?:18|19|20)\d\d\b"
)
_OF_A_STATE = re.compile(
    r"(?<![\w.])(?:Civ|Penal|Veh|Gov|Lab|Ins|Prob|Fam|Evid|Bus\. & (?:Prof|Com))\.? Code,? § ?\d[\w.]*\w"
)
_BROKEN = (
    (re.compile(r"\bRestatement,? (?:\(?(?:1st|2n?d|3r?d)\)?|First|Second|Third|Fourth)(?: of|,)? [A-Z]\w+"),
     "is written with the series in words between brackets, as 'Restatement (Second) of Contracts'"),
    (re.compile(r"\b\d{1,3} Stat\.(?! ?\d)"), "has no page; add it"),
    (re.compile(r"\b\d{1,4} (?:U\.S\.|S\. Ct\.|F\.(?:2d|3d|4th)|F\. Supp\.(?: [23]d)?), ?\d+"), "has a comma behind its reporter; take it out"),
    (re.compile(r"\b\d{1,4} (?:U\.S\.|S\. Ct\.|F\.(?:2d|3d|4th)|F\. Supp\.(?: [23]d)?)(?=\s*(?:[.,;:)]|$))(?!,? ?\d)"), "has no page; add it"),
    (re.compile(r"(?<![\d_)] )(?<!\d[dh] )(?<![\d_)])\((?:(?:\d{1,2}\w{1,2}|D\.C\.|Fed\.) Cir\.|[NSEWMC]\.D\. ?[A-Z][\w. ]{1,14}) \d{4}\)"), "stands without volume, reporter and page; add them"),
    (re.compile(r"\b\d{1,3}-(?:U\.S\.C|C\.F\.R)\.-\d+"), "is written as '42 U.S.C. § 1983'; correct it"),
    (re.compile(r"\b[A-Z]{3,}[\w.,& ]{0,40} V\. [A-Z]{3,}"), "has 'V.' for 'v.'; correct it"),
    (re.compile(r"(?<![\w.])(?!ex )[a-z]\w+ v\. [a-z]\w+,? \d{1,4} [A-Z]"), "names its parties without capitals; correct them"),
    (re.compile(r"\b\d{1,3} (?:U\.C\.S|C\.R\.F|F\.C\.R|U\.S\.R)\.?(?: §{1,2} ?\d[\w.]*)?"), "is of no code that is known; correct it"),
    (re.compile(r"(?:[Aa]rt(?:icle|\.)|§{1,2}|[Ss]ection|[Rr]ule) ?\d[\w.-]*(?:\(\w{1,4}\))*\((?:\w{1,4}(?![\w)]|[^()\n]{0,60}\))|(?=[.,;]))"),
     "has a bracket that is not closed; close it"),
    (re.compile(r"\b(?:Calif|Penn|Wisc|Mich[ia]+g?)\. (?:[A-Z][\w&]*\.? ){0,3}(?:Code|Stat\.|Law) § ?\d[\w.]*\w"), "abbreviates its state otherwise than usual; correct it"),
    (re.compile(r"§ ?\d[\w.-]* of (?:the )?(?:U\.? ?S\.? ?C\.?(?![a-z])|C\.? ?F\.? ?R\.?(?![a-z]))"), "has no title; write it as '42 U.S.C. § 1983'"),
    (re.compile(r"\bv\.?,? (?=\d{1,4} [A-Z][\w.]*\.? ?(?:[\w.]+ )?\d)"), "names no second party; add it"),
)  # fmt: skip


def rule_faults(text: str) -> Iterator[TextFault]:
    """What is wrong with the citations of rules and the like in a text."""
    for pattern, what in _BROKEN:
        for found in pattern.finditer(text):
            yield TextFault(f"{' '.join(found[0].split())!r} {what}", 0.3)
    for said, what in (
        *_of_rules(text),
        *_of_constitutions(text),
        *_of_registers(text),
        *_of_databases(text),
    ):
        yield TextFault(f"{' '.join(said.split())!r} {what}", 0.3)
    for found in _OF_A_STATE.finditer(text):
        if not re.search(r"[A-Z][\w.]*,? (?:& )?$", text[: found.start()]):
            yield TextFault(f"{found[0]!r} names no state; add it before the code", 0.4)
    for found in _ID.finditer(text):
        if not _CITED_BEFORE.search(text[: found.start()]):
            yield TextFault(f"{found[0]!r} refers to no citation before it; write that out", 0.2)


def _of_rules(text: str) -> Iterator[tuple[str, str]]:
    for found in _SHORT_RULE.finditer(text):
        yield (
            found[0],
            f"is written 'Fed. R. {_SHORT_NAMES[found['name']]} {found['number']}'; correct it",
        )
    for found in _RULE.finditer(text):
        series = f"Fed. R. {found['of']}."
        series += "" if found["of"] == "Evid" else " P."
        if found["number"] is None:
            yield found[0], "names no rule; add its number"
        elif _without_blanks(found[0]) != _without_blanks(
            f"{series}{found['number']}{found['parts']}"
        ):
            yield found[0], f"is written '{series} {found['number']}{found['parts']}'; correct it"


def _of_constitutions(text: str) -> Iterator[tuple[str, str]]:
    for found in _CONSTITUTION.finditer(text):
        part = "amend." if found["part"].lower().startswith("amend") else "art."
        if found["number"] is None:
            yield found[0], "names no article or amendment; add its number"
        elif (
            _without_blanks(found["name"]) != "U.S.Const."
            or found["part"] != part
            or found["number"].isdigit()
        ):
            yield found[0], f"is written as 'U.S. Const. {part} IV'; correct it"


def _of_registers(text: str) -> Iterator[tuple[str, str]]:
    for found in _REGISTER.finditer(text):
        if found["volume"] is None and found["page"] is None:
            continue  # the register's name
        if found["volume"] is None or found["page"] is None:
            yield found[0], f"has no {'volume' if found['volume'] is None else 'page'}; add it"
        elif _without_blanks(found["name"]) != "Fed.Reg.":
            yield found[0], f"is written '{found['volume']} Fed. Reg. {found['page']}'; correct it"
        elif found["day"] is None:
            yield found[0], "has no date; add it as (Mar. 3, 2020)"
    for found in _PUBLIC_LAW.finditer(text):
        if found["no"] is None or not re.fullmatch(
            r"\d{1,3}[–-]\d{1,4}", found["number"].rstrip("-–")
        ):
            yield found["said"], "is written as 'Pub. L. No. 104-191'; correct it"


def _of_databases(text: str) -> Iterator[tuple[str, str]]:
    for found in _WESTLAW.finditer(text):
        if found["year"] is None and found["number"] is None:
            continue
        for part in ("year", "number"):
            if found[part] is None:
                yield found[0], f"has no {part}; add it"
        if found["day"] is None:
            yield found[0], "names no court and day; add them as (S.D.N.Y. Mar. 3, 2005)"
        elif not _DOCKET.search(text[max(0, found.start() - 60) : found.start()]):
            yield found[0], "has no docket number before it; add it as No. 04-1234"


def _without_blanks(text: str) -> str:
    return "".join(text.split())
