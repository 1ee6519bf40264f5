"""Notes of a writer to fill something in later: `TODO: look up the fee`, "details to follow"."""

import re
from collections.abc import Iterator

from sync.quality.blanks.labels import names_a_thing

_UNDECIDED = (
    r"(?:to be (?:added|announced|completed|confirmed|decided|defined|determined|filled in|finali[sz]ed|"
    r"inserted|provided|supplied|updated|verified|written)|to follow|to come|noch offen|noch zu klären|"
    r"wird nachgereicht|wird ergänzt|à (?:compléter|confirmer|définir|préciser)|por (?:confirmar|completar|"
    r"definir)|da (?:confermare|completare|definire)|nog in te vullen)"
)
_FOLLOWS = r"(?: by \w+| later| soon| here)?"
_I, _IM = re.IGNORECASE, re.IGNORECASE | re.MULTILINE
# words of which a note holds one, in small letters, so that most texts are passed over; the notes
_NOTES: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    # a task of the writer's
    (
        ("todo", "to do", "fixme", "fix me"),
        re.compile(
            r"(?:\bTODO|\bFIXME|\bFIX ME|\bTO DO)\b ?(?:\([^)\n]{1,30}\))? ?[:(\-–—]|\bFIXME\b"
            r"|^\W{0,6}(?i:todo|fixme)(?:\(\w+\))? ?[:\-–—](?=\s)",
            re.MULTILINE,
        ),
    ),
    (("tktk", "@@@"), re.compile(r"\bTKTK+\b|@@@+")),
    (("note to self",), re.compile(r"\bnote to self\b ?[:,–—-]", _I)),
    (
        ("<!--",),
        re.compile(r"<!--[^>]{0,80}\b(?:to-?do|tbd|fixme|insert|add|fill|check|placeholder)\b", _I),
    ),
    # what is not known yet
    (
        ("tbd", "tba", "tbc", "t.b."),
        re.compile(
            r"(?:[:=] ?|\b(?:is|are|still|remains|currently|date|amount|fee|price|cost|number|name|time) )"
            r"(?:TB[DAC]|T\.B\.[DAC]\.)(?= ?(?:[.;,)|\n]|$))|\((?:tb[dac]|t\.b\.[dac]\.)(?: by \w+)?\)"
            r"|^\W{0,4}tb[dac]\W{0,4}$",
            _IM,
        ),
    ),
    (
        ("to be ", "to follow", "to come", "noch ", "wird ", "à ", "por ", "da ", "nog "),
        re.compile(
            rf"\({_UNDECIDED}{_FOLLOWS}\)|^[^\n:]{{1,50}}: ?(?:still )?{_UNDECIDED}{_FOLLOWS}\.?$"
            rf"|^\W{{0,4}}{_UNDECIDED}{_FOLLOWS}\W{{0,4}}$",
            _IM,
        ),
    ),
    (
        ("to follow", "coming soon", "to be "),
        re.compile(
            r"\b(?:details?|text|content|numbers?|figures?|sources?|links?|answer|rest|explanation|example|"
            r"information|section|table|chart)(?: \w+)? (?:to follow|coming soon|to be (?:added|inserted|"
            r"supplied|filled in|written)(?: \w+)?)(?=\W*$)",
            _IM,
        ),
    ),
    (
        ("wip", "insert here", "fill in", "coming soon", "pending", "missing"),
        re.compile(
            r"^\W{0,4}(?:wip|insert here|fill in|coming soon|(?:answer|text) (?:pending|missing))\W{0,4}$",
            _IM,
        ),
    ),
    (
        ("later",),
        re.compile(
            r"\b(?:(?:I|we)(?: will|['’]ll)|will) (?:fill (?:this|it|that|the rest) in|fill in|add|complete|"
            r"finish|write) (?:this |that |it |the rest )?later\b",
            _I,
        ),
    ),
    # words to a colleague
    (
        ("?)", "needed", "needs "),
        re.compile(
            r"\((?:source|ref|cite|citation|check|date|amount|number|year|page)(?: needed| missing)?\?+\)"
            r"|\bcitation needed\b|\(needs? (?:a )?(?:source|citation|reference|check\w*|number|update)\)",
            _I,
        ),
    ),
    (
        ("rest of", "remaining", "[...", "(...", "[…", "(…"),
        re.compile(
            r"\b(?:rest of (?:the |this )?(?:answer|text|section|list|explanation)|remaining (?:text|steps|"
            r"content)) (?:goes here|here|to follow|omitted|continues)\b|[\[(](?:\.{3}|…) ?(?:rest|continue|"
            r"more|and so on|remaining|same as)[^\])\n]{0,40}[\])]",
            _I,
        ),
    ),
    (
        ("placeholder", "dummy", "sample", "filler", "blind"),
        re.compile(
            r"\b(?:this is|that['’]s) (?:only |just |still )?(?:an? |the |some )?(?:(?:placeholder|dummy|sample|"
            r"filler)[- ](?:text|answer|content|copy|paragraph|response)|placeholder)\b"
            r"|(?:^|[.!?] )\W{0,6}(?:placeholder|dummy text|sample text|filler text|platzhalter|blindtext)"
            r"(?: (?:for|until|text|here|für|pour)\b|\W*$|:)",
            _IM,
        ),
    ),
    # in other languages
    (
        ("hier ", "insér", "indiquer", "insert", "poner", "inser"),
        re.compile(
            r"(?:^|[.!?:] )(?:bitte )?hier (?:\w+ ){0,3}(?:einfügen|eintragen|ergänzen|einsetzen)\b"
            r"|\b(?:insére[rz]|indiquer) (?:[\w'’]+ ){1,5}ici\b|\b(?:insertar|inserte|poner) (?:\w+ ){1,5}aquí\b"
            r"|\b(?:inserire|inserisci) (?:\w+ ){1,5}qui\b|\binserir (?:\w+ ){1,5}aqui\b",
            _IM,
        ),
    ),
    (
        ("blindtext", "platzhalter", "beispieltext", "mustertext", "texte ", "texto ", "muster"),
        re.compile(
            r"\b(?:das|dies|hier) (?:ist|steht) (?:nur |noch )?(?:ein |der )?(?:blindtext|platzhalter|"
            r"beispieltext|mustertext|platzhaltertext)\b|\bMuster(?:mann|frau|straße|stadt|firma)\b"
            r"|\btext[eo] (?:de remplissage|de ejemplo|de relleno|provisoire)\b",
            _I,
        ),
    ),
)
# where something is to be put, and what
_HERE = (
    re.compile(
        r"\binsert (?:an? |the |your |our )?((?:[\w'’/-]+ ){1,5})(?:in )?here\b", re.IGNORECASE
    ),
    re.compile(
        r"(?<!write )(?<!sign )(?<!enter )(?<!type )(?<!print )\byour ((?:[\w'’/-]+ ){1,5})(?:goes )?here\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:the |an? )?((?:[\w'’/-]+ ){1,4})goes here\b", re.IGNORECASE),
    re.compile(r"\b((?:[A-Z][\w'’]* ){1,4})(?:Here|HERE)\b"),
    re.compile(r"\b(?:INSERT|ENTER|ADD|FILL IN) ((?:[A-Z][A-Z'’]+ ?){1,5})\b"),
    re.compile(
        r"\b((?:COMPANY|CUSTOMER|CLIENT|PATIENT|YOUR|BANK|PRODUCT|FIRST|LAST) (?:NAME|ADDRESS|LOGO))\b(?!:)"
    ),
)
_PARENTHESES = re.compile(r"\(([^()\n]{3,60})\)")
_ASKS_TO_FILL = re.compile(
    r"(?:please )?(?:insert|fill in|fill this in|fill out|complete later|add (?:link|source|date|amount|name|"
    r"number|details?|example|reference|citation|url|here)\b)(?! to\b).*|(?:enter|type|put|specify|write) .*\bhere"
    r"|(?:(?:your|customer|client|patient|recipient|agent|company)(?:['’]s)? name|name of (?:the )?(?:customer|"
    r"client|patient|bank|company|doctor|product|drug)|company|link|xx+|tbd|tba|todo|link here)"
    r"|(?:bitte )?(?:noch )?(?:\w+ )?(?:ergänzen|einfügen|eintragen|ausfüllen|nachtragen)|à compléter|à remplir|"
    r"(?:check|verify|confirm) (?:this|that|again|later)!*|(?:check|confirm|verify|ask) (?:with )?(?:legal|finance|"
    r"compliance|support|marketing)!*|"
    r"(?:待|请|請)(?:补充|填写|填寫|定|确认)|"
    r"insérer .*|por completar|rellenar|insertar .*|da completare|inserire .*|invullen",
    re.IGNORECASE,
)


def notes_to_fill_in(text: str) -> Iterator[str]:
    """Every note to fill something in."""
    small = text.lower()
    for words, pattern in _NOTES:
        if any(word in small for word in words):
            for found in pattern.finditer(text):
                yield " ".join(found[0].split())
    if "here" in small or "INSERT" in text or "NAME" in text:
        yield from _put_here(text)
    for inside in _PARENTHESES.finditer(text):
        if _ASKS_TO_FILL.fullmatch(inside[1].strip()):
            yield inside[0]


def _put_here(text: str) -> Iterator[str]:
    for pattern in _HERE:
        for found in pattern.finditer(text):
            if names_a_thing(found[1].strip(), surely=False):
                yield found[0]
