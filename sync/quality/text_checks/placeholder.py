"""Answers that somebody meant to fill in later: nothing said, a stand-in, the question again.

Square brackets, dashes and capitals are words in many a field ("[PDF, 3 pages]", "TBD" for a
tick-borne disease, "remains to be determined"), so in the middle of an answer only what nobody
writes for a reader counts. What redaction left in place of personal data is meant.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from sync.common.languages import prose
from sync.quality.text_checks.checked_text import CheckedText, TextFault

# the whole answer, in lower case and without what stands around it
_STAND_INS = frozenset(
    word.strip()
    for word in """
    tbd|tba|tbc|todo|to do|fixme|n/a|na|n.a|null|nan|undefined|placeholder|placeholder text|test
    testing|test test|test answer|asdf|asdfasdf|qwerty|foo|bar|foo bar|xxx|xx|abc|answer|the answer
    answer here|your answer|your answer here|answer goes here|write answer here|enter answer here
    insert answer here|type your answer here|response|response here|your response here|text here
    sample answer|example answer|dummy|dummy text|see above|as above|same as above|ditto|idem
    coming soon|pending|later|draft|in progress|work in progress|wip|under construction|blank|empty
    no answer|not available|to be added|to be announced|to be completed|to be confirmed
    to be determined|to be decided|to be defined|to be done|to be filled|to be filled in
    to be filled out|to be provided|to be supplied|to be updated|to be written|to follow
    fill in|fill in later|fill this in|needs answer|needs an answer|answer pending|answer to follow
    noch offen|folgt|folgt noch|wird ergänzt|wird nachgereicht|wird noch ergänzt|platzhalter
    keine angabe|k.a|siehe oben|antwort|antwort hier|à compléter|a completer|à définir|à venir
    voir ci-dessus|réponse|por definir|por completar|pendiente|por hacer|ver arriba|da completare
    da definire|nog in te vullen|volgt|待定|待补充|待填写|待完善
    未定|未記入|后补|同上|見上|以上同様|やること
    추후 작성|추후 입력|미정|يحدد لاحقا|กรอกภายหลัง|รอข้อมูล
    """.replace("\n", "|").split("|")
    if word.strip()
)

_THING = (
    r"(?:[\w'’.-]+ ){0,3}(?:name|date|time|address|e-?mail|phone|number|no\.|amount|company|title|"
    r"position|role|city|state|country|link|url|website|location|signature|organi[sz]ation|"
    r"department|product|dose|dosage|value|price|percentage|reference|id|topic|details?|"
    r"contact(?: info(?:rmation)?)?|hospital|clinic|bank|account)"
)
_TO_BE_FILLED = re.compile(
    r"(?:insert|enter|add|fill|put|type|write|specify|replace|include|provide|describe|state)\b"
    r"(?! to\b).{2,80}"
    rf"|(?:your|customer|client|patient|user|recipient|agent|doctor|physician|attorney|company|"
    rf"hospital|bank|first|last|full|contact|support)(?:['’]s)? {_THING}"
    r"|your [\w' ]{2,30}"
    r"|(?:name|date|amount|company name|address|phone(?: number)?|e-?mail(?: address)?|number|city|"
    r"title|signature|link here|time|price|dose|dosage|product(?: name)?|x+|placeholder.*|"
    r"tbd|tba|tbc|todo\b.*|fixme\b.*|answer(?: here)?|text(?: here)?|source\??|citation needed)"
    r"|(?:.{2,40} )?(?:here|goes here|einfügen|eintragen|einsetzen|ergänzen)"
    r"|(?:ihr|dein|votre|su|tu|il tuo) (?:name|nom|nombre|nome)|(?:insérer|indiquer|insertar|"
    r"indicar|inserire|inserir|wstaw|вставьте|插入|填写|输入|请填|ここに).{1,60}",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\[([^\[\]\n]{1,90})\](?![(\[:])|(?<![\w<])<([a-z][^<>\n/]{3,60})>")
_INSIDE = re.compile(
    r"\blorem ipsum\b|\bdolor sit amet\b"
    r"|(?<!\$)\{\{ ?[\w .]{1,40} ?\}\}|(?<![\w${}])\{[a-z]+_[a-z_]+\}"
    r"|(?:\bTODO|\bFIXME)\b ?[:(\-–—]|\bTKTK+\b"
    r"|(?i:[:=] ?|\b(?:is|are|still|remains) )(?-i:TBD|TBA)\b(?= ?(?:[.;,)|\n]|$))"
    r"|^[^\n:]{1,50}: ?(?i:to be (?:added|announced|completed|confirmed|decided|determined|"
    r"filled in|provided|supplied|written))\.?$"
    r"|[$€£] ?X{1,}(?:[.,]X+)*\b|\bX{2,}[/-]X{2,}(?:[/-]X{2,})?\b|\b[Xx]{4,}\b"
    r"|\bX{2,} ?(?:mg|mcg|µg|ml|g|kg|%|percent|days|hours|weeks|months|years|dollars|euros)(?!\w)"
    r"|(?<!U\.S\. )(?<!U\. S\. )(?<!F\.3d )(?<!_)_{4,}(?!_| \()",
    re.MULTILINE,
)
_UNDECIDED = re.compile(r"(?<![\w,/])(?:TBD|TODO|FIXME|XXX)(?![\w/])(?! syndrome)")
_SPELLED_OUT = re.compile(r"\bt\w+[ -]b\w+[ -]d\w+|\btriple.x\b", re.IGNORECASE)
# all of a short answer
_STANDS_IN = re.compile(
    r"(?:this is |just )?(?:an? |the )?(?:placeholder|dummy|sample|test|example)(?: (?:text|answer|"
    r"response|content|entry|data|only))*(?: \d+)?"
    r"|(?:(?:the |an? )?(?:answer|response|text|content|details?|info\w*|this) )?(?:to be|will be|"
    r"needs to be|must be|has to be|should be|is to be) (?:added|announced|completed|confirmed|decided|"
    r"determined|defined|done|filled(?: in| out)?|provided|supplied|updated|written|inserted|"
    r"reviewed)(?: (?:here|later|soon|below|by \w+(?: \w+)?))?"
    r"|(?:please )?(?:insert|add|write|enter|put|type|fill in|paste)(?: \w+){0,3} (?:here|later|below)"
    r"|(?:answer|response|details|content|text|more|something)(?: \w+)? (?:coming soon|to follow|"
    r"pending|goes here|here)|(?:(?:blah|bla|asdf|test|foo|bar|x|qwerty|lorem|ipsum)[ ,.]*)+\d*"
    r"|(?:todo|fixme|tbd)\b[^.]{0,60}|(?:hello world|nothing here(?: yet)?|no content|not written yet)",
    re.IGNORECASE,
)
_AROUND = " \t\r\n.…:;,!?*_#`'\"“”„«»()[]{}<>-–—~|/\\"
_UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164"
# answers at least this like the question say it again; a shorter one is no sentence
_SAME, _LEAST = 94.0, 20
_SHORT = 80


@dataclass(frozen=True)
class PlaceholderAnswer:
    """Answers that are a placeholder or hold one, and those that repeat the question.

    Attributes:
        allowed: placeholders that are meant, as they stand in the answer: "[Your name]" in a
            letter to be filled in.
    """

    allowed: tuple[str, ...] = ()

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        if not text.answer.strip():
            return  # `incomplete` says so
        whole = _whole(text.answer)
        if whole is not None:
            yield TextFault(f"the answer says nothing ({whole}); write it, or reject", 0.0, "error")
            return
        if _repeats(text):
            yield TextFault("the answer repeats the question; answer it, or reject", 0.0, "error")
            return
        marks = (*_inside(text.answer), *_undecided(text))
        found = [mark for mark in marks if mark not in self.allowed]
        if found:
            said = ", ".join(f"{mark!r}" for mark in dict.fromkeys(found[:3]))
            yield TextFault(f"the answer still holds {said}; fill it in, or take it out", 0.1)


def _whole(answer: str) -> str | None:
    """What stands in place of an answer, in words; None where it says something."""
    if all(unicodedata.category(c) in _UNSEEN or c in _BLANK_LETTERS for c in answer):
        return "it holds nothing that can be seen"
    bare = " ".join(answer.split()).strip(_AROUND).lower()
    if not bare and not any(c in "+=<>|" for c in answer):
        return f"{answer.strip()[:20]!r}"
    stands_in = len(bare) <= _SHORT and _STANDS_IN.fullmatch(bare)
    if bare in _STAND_INS or stands_in or bare.startswith("lorem ipsum"):
        return f"{answer.strip()[:40]!r}"
    bracketed = _BRACKETED.fullmatch(answer.strip())
    if bracketed and _TO_BE_FILLED.fullmatch(bracketed[1] or bracketed[2]):
        return f"{answer.strip()[:60]!r}"
    return None


def _repeats(text: CheckedText) -> bool:
    answer, question = _plain(text.answer), _plain(text.question)
    if len(question) < _LEAST or not 0.8 < len(answer) / len(question) < 1.25:
        return False
    return ratio(answer, question) >= _SAME


def _plain(text: str) -> str:
    words = re.sub(r"[\W_]+", " ", text.lower()).split()
    without_role = words[1:] if words[:1] in (["question"], ["q"], ["user"]) else words
    return " ".join(without_role)


def _inside(answer: str) -> Iterator[str]:
    plain = prose(answer)
    for found in _BRACKETED.finditer(plain):
        if _TO_BE_FILLED.fullmatch((found[1] or found[2]).strip()):
            yield found[0]
    for found in _INSIDE.finditer(plain):
        yield found[0].strip()[:60]


def _undecided(text: CheckedText) -> Iterator[str]:
    """Capitals that stand for something to come, where they are no abbreviation of the field's."""
    found = _UNDECIDED.findall(prose(text.answer))
    told = (text.answer, text.question, *(document.text for document in text.documents))
    if len(found) == 1 and not any(map(_SPELLED_OUT.search, told)):
        yield found[0]
