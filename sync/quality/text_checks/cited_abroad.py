"""Citations of cases of other countries: neutral citations, English law reports, the Union's, Germany's."""

import re
from collections.abc import Iterator, Sequence

from sync.quality.text_checks.checked_text import TextFault

# courts whose neutral citations have their year between square brackets
_COURTS = (
    r"UKSC|UKPC|UKHL|UKUT(?: \(\w+\))?|UKFTT(?: \(\w+\))?|EWCA (?:Civ|Crim)|EWHC|EWFC|EWCOP|CSIH|CSOH|HCJAC|NICA|"
    r"NIQB|NIKB|IESC|IECA|IEHC|HCA|FCA|FCAFC|NSWCA|NSWSC|VSCA|VSC|QCA|WASC|NZSC|NZCA|NZHC|SGCA|SGHC|HKCFA|ZACC|ZASCA"
)
_CANADA = r"SCC|ONCA|ONSC|BCCA|BCSC|ABCA|ABKB|QCCA|SKCA|MBCA|NSCA|NBCA|NLCA"
_NEUTRAL = re.compile(
    rf"(?<![\w.])(?P<open>[\[(])?(?:(?P<year>\d{{2}}|\d{{4}})(?P<close>[\])])?,? )?(?P<court>{_COURTS}|{_CANADA}|EWCA)(?![A-Za-z])"
    r"(?: ?(?:No\. ?)?(?P<number>\d{1,5})\b)?(?P<division> \((?!\d)\w+\))?"
)
_POINTED = re.compile(
    r"[\[(]?\b\d{4}[\])]? (?:A\.C\.|Q\.B\.|K\.B\.|W\.L\.R\.|All E\.R\.|S\.C\.C\.|U\.K\.S\.C\.|S\.C\.R\.) ?\d+|(?<![\[(\d.])\b\d{4} (?:AC|QB|KB|WLR|All ER) \d+"
)
_REPORTS = re.compile(
    r"(?P<open>[\[(])?(?P<year>\d{4})(?P<close>[\])]),? (?:(?P<volume>\d{1,3}) )?"
    r"(?P<report>SCR|AC|QB|KB|Ch|WLR|All ER(?: \((?:Comm|D|EC)\))?|Fam|ICR|IRLR|BCLC|EMLR|Cr App R|CLR|ECR)\b"
    r"(?: (?P<page>(?:I-|II-)?\d{1,5}))?"
)
_UNION = re.compile(
    r"\b(?P<said>(?:Joined )?Cases? (?P<court>[CTF])(?P<mark>[-–‑ ]?)(?P<number>\d{1,4})(?:(?P<slash>[/\-–])(?P<year>\d{2}|\d{4})"
    r"\b)?)"
)
_ECLI = re.compile(r"\bECLI[: ][^\s,;)]{4,60}")
_ECLI_FORM = re.compile(r"ECLI:[A-Z]{2}:[A-Z\d]{1,7}:\d{4}:[\w.]{1,25}")
_YEAR_DIGITS = 4
_GERMAN = re.compile(
    r"\b(?P<court>BGH|BVerfG|BAG|BSG|BFH|BVerwG|BPatG|EuGH|(?:OLG|LG|AG|LAG|ArbG|VG|OVG|FG|SG) [A-ZÄÖÜ]\w+),? "
    r"(?:Urteil|Beschluss|Urt\.?|Beschl\.?)(?P<rest>[^;\n)]{0,60})"
)
_GERMAN_DAY = re.compile(r"\b\d{1,2}\. ?(?:\d{1,2}\. ?|[A-ZÄ][a-zä]+ )\d{2,4}\b")
_GERMAN_FILE = re.compile(r"\b(?:[IVX]+|\d{1,2}[a-z]?)\.? ?(?:\([\w ]+\) ?)?[A-Z][A-Za-z]{0,4}\.? ?(?:\([A-Z]\) )?\d+/\d{2}\b|\bC-\d+/\d{2}\b")  # fmt: skip


def faults_abroad(text: str, sources: Sequence[str]) -> Iterator[TextFault]:
    """What is wrong with other countries' citations in a text.

    Args:
        sources: documents of which one must hold them; of none, nothing is held against them.
    """
    held = " ".join(sources)
    for pattern in (_NEUTRAL, _UNION, _ECLI):
        for found in pattern.finditer(text) if held else ():
            said = found[0].strip()
            if said not in held and re.search(r"\d", said):
                yield TextFault(
                    f"{said!r} stands in none of the documents; check it, or take it out",
                    0.1,
                    "error",
                )
    for found in _NEUTRAL.finditer(text):
        yield from _neutral(found)
    for found in _POINTED.finditer(text):
        yield TextFault(
            f"{found[0]!r} is written without points, its year between brackets; correct it", 0.3
        )
    for found in _REPORTS.finditer(text):
        if found["page"] is None:
            yield TextFault(f"{found[0].strip()!r} has no page; add it", 0.3)
    for found in _UNION.finditer(text):
        said = found["said"]
        if found["year"] is None:
            yield TextFault(f"{said!r} has no year; add it behind a slash", 0.3)
        elif (
            found["mark"] not in ("-", "‑", "–") or found["slash"] != "/" or len(found["year"]) > 2
        ):
            name = said[: found.start("court") - found.start()]
            form = f"{name}{found['court']}-{found['number']}/{found['year'][-2:]}"
            yield TextFault(f"{said!r} is written {form!r}; correct it", 0.3)
    for found in _ECLI.finditer(text):
        if not _ECLI_FORM.match(found[0]):
            yield TextFault(
                f"{found[0]!r} is no ECLI, as ECLI:EU:C:2014:317 is one; correct it", 0.3
            )
    for found in _GERMAN.finditer(text):
        said = f"{found['court']} {found['rest'].strip()}"[:60]
        day, file = _GERMAN_DAY.search(found["rest"]), _GERMAN_FILE.search(found["rest"])
        if file and not day:
            yield TextFault(f"{said!r} has no date; add it", 0.3)
        elif day and not file:
            yield TextFault(f"{said!r} has no file number; add it", 0.3)


def _neutral(found: re.Match[str]) -> Iterator[TextFault]:
    said = found[0].strip()
    if found["year"] is None and found["number"] is None:
        return  # the court's name
    if found["year"] is None:
        if found["open"] is None:
            yield TextFault(f"{said!r} has no year; add it as [YYYY]", 0.3)
    elif found["number"] is None:
        yield TextFault(f"{said!r} has no number; add it", 0.3)
    else:
        in_canada = re.fullmatch(_CANADA, found["court"]) is not None
        year = found["year"] if in_canada else f"[{found['year']}]"
        form = f"{year} {found['court']} {found['number']}{found['division'] or ''}"
        if len(found["year"]) != _YEAR_DIGITS:
            yield TextFault(f"{said!r} has a year of two digits; write four", 0.3)
        elif found["court"] == "EWCA":
            yield TextFault(f"{said!r} names no division, as Civ or Crim; add it", 0.3)
        elif form != said:
            yield TextFault(f"{said!r} is written {form!r}; correct it", 0.3)
        elif found["court"] == "EWHC" and found["division"] is None:
            yield TextFault(f"{said!r} names no division, as (Ch) or (Admin); add it", 0.4)
