"""Citations of statutes and regulations: `42 U.S.C. § 1983`, `29 C.F.R. § 1910.12`, `Cal. Civ. Code § 1942.4`."""

import re
from collections.abc import Iterator, Sequence

from sync.quality.text_checks.checked_text import TextFault

_FEDERAL = re.compile(
    r"(?<![\w.])(?:(?P<title>\d{1,3}) )?(?P<code>U\.? ?S\.? ?C\.?(?: ?A\b\.?)?|"
    r"U\.? ?S\.? Code|C\. ?F\. ?R\.?|CFR|Code of Federal Regulations|u\. ?s\. ?c\.|Usc|c\. ?f\. ?r\.)(?![A-Za-z])"
    r"(?:,? ?(?P<sign>§{1,2}|[$&#¶](?= ?\d)|S(?= \d)|[Pp]ar\.|[Aa]rt\.|s\.(?= ?\d)|[Ss]ec(?:tions?|s?\.)|[Pp]arts?|[Pp]ts?\.|[Cc]h(?:apter|\.)|[Ss]ubtitle|[Ss]ubchapter))?"
    r"(?: ?(?P<section>\d[\w.–-]*\w|\d)(?P<parts>(?:\(\w{1,4}\))*))?"
)
_TITLES = {"U.S.C.": 54, "C.F.R.": 50}
# behind two signs of a section: another one
_SEVERAL = re.compile(r"\s?(?:[-–,;&]|and\b|or\b|to\b|through\b|et seq)")
_STATE = re.compile(
    r"\b(?P<code>(?:Ala|Alaska|Ariz|Ark|Cal|Colo|Conn|Del|Fla|Ga|Haw|Idaho|Ill|Ind|Iowa|Kan|Ky|La|Me|Md|Mass|Mich|"
    r"Minn|Miss|Mo|Mont|Neb|Nev|N\.H|N\.J|N\.M|N\.Y|N\.C|N\.D|Ohio|Okla|Or|Pa|R\.I|S\.C|S\.D|Tenn|Tex|Utah|Vt|Va|"
    r"Wash|W\. Va|Wis|Wyo)\.? (?:(?:[A-Z][\w&]*\.?|&|and) ){0,4}(?:Code|Law|Stat\.|Laws|Stats\.)(?: Ann\.)?)"
    r" (?P<sign>§{1,2} ?|ch(?:apter|\.) |art(?:icle|\.) )?(?P<section>\d[\w.:-]*\w|\d)"
)
_SHORT_WORDS = {
    "Civil": "Civ.", "Business": "Bus.", "General": "Gen.", "Procedure": "Proc.", "Statutes": "Stat.", "Vehicle": "Veh.",
    "Insurance": "Ins.", "Commercial": "Com.", "Annotated": "Ann.",
}  # fmt: skip
_WITH_POINT_SAID = (
    "Ala Ariz Ark Cal Colo Conn Del Fla Ga Haw Ill Ind Kan Ky La Me Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Or Pa Tenn Tex "
    "Vt Va Wash Wis Wyo Civ Crim Proc Bus Gen Stat Stats Ann Com Veh Ins"
)
_WITH_POINT = frozenset(_WITH_POINT_SAID.split())
_ALONE = re.compile(r"§{1,2}(?=\s*(?:[.,;:)]|$))", re.MULTILINE)
_NO_CODE = re.compile(
    r"(?<![\w.-])(?<!Article )(?<!Art\. )(?<!Rule )(?<!Chapter )(?<!Part )(?<!Title )(?<!Book )(?<!No\. )"
    r"\d{1,3} §{1,2} ?\d[\w.-]*\w"
)
_BARE = re.compile(
    r"(?<![\w.)] )(?<![\w.§])§ ?\d[\w.-]*\w(?:\(\w{1,4}\))*(?= ?(?:[.;)]|$))|(?:[Uu]nder|[Ss]ee|[Ss]ee also|by) § ?\d[\w.-]*\w(?=[ ,;.])(?! (?:of|Abs|[A-Z]))"
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
        code = _abbreviated(found["code"])
        if found["sign"] is None or code != found["code"]:
            said, sign = found[0], (found["sign"] or "§").strip()
            form = f"{code} {sign} {found['section']}"
            yield TextFault(f"{said!r} is written {form!r}; correct it", 0.3)
    for found in _NO_CODE.finditer(text):
        yield TextFault(f"{found[0]!r} names no code; add it before the section's sign", 0.2)
    if not any(found["section"] for found in (*_FEDERAL.finditer(text), *_STATE.finditer(text))):
        for found in _BARE.finditer(text):
            yield TextFault(f"{found[0]!r} names no code; add it before the sign", 0.4)
    for found in _ALONE.finditer(text):
        before = text[: found.start()].split("\n")[-1][-25:].strip()
        if not _FEDERAL.search(f"{before} {found[0]}"):
            yield TextFault(f"'{before} {found[0]}' names no section; add it", 0.2)
    if in_documents and sources:
        yield from _not_held(text, sources)


def _abbreviated(code: str) -> str:
    """A state's code as it is abbreviated: "Cal Civil Code" -> "Cal. Civ. Code"."""
    words = [_SHORT_WORDS.get(word, word) for word in code.split()]
    return " ".join(f"{word}." if word in _WITH_POINT else word for word in words)


def _federal(found: re.Match[str], text: str) -> Iterator[TextFault]:
    said = found[0].strip()
    is_code = found["code"].upper().startswith("U")
    code = "U.S.C." if is_code else "C.F.R."
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
    if sign[:1].lower() == "c" or sign.lower().startswith(("sub", "pt", "part")):
        return
    if re.search(r"\w\.?§|§\d", said):
        yield TextFault(f"{said!r} has no blank before or behind the section's sign", 0.5, "info")
    if int(found["title"]) > _TITLES[code]:
        yield TextFault(
            f"{said!r} names a title {found['title']}, but {code} has {_TITLES[code]}", 0.2
        )
        return
    if re.match(r",\d", text[found.end() :]):
        yield TextFault(f"{said!r} has a comma within its section; correct it", 0.3)
    if (
        "§§" in sign
        and not re.search(r"[-–]", found["section"])
        and not _SEVERAL.match(text[found.end() :])
    ):
        yield TextFault(f"{said!r} names one section; write one sign", 0.3)
    many = "§§" if "§§" in sign or sign.lower() == "sections" else "§"
    form = f"{found['title']} {code} {many} {found['section']}{found['parts']}"
    annotated = found["code"].replace(" ", "").endswith(("A.", "A"))
    if (not annotated or not sign) and _spaceless(form) != _spaceless(said):
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
