"""Blanks for a number, a date or a name without any label: `$XX`, `__/__/____`, `20XX`, "Dear Name,".

Each sign has other uses ("45,XX", "U.S. ____"), so it counts where an amount, a unit, a month or the
like tells what belongs there.
"""

import re
from collections.abc import Iterator

# what stands for several letters or digits
_GAP = (
    r"(?:X{2,}(?:[.,]X+)*|x{2,}(?:[.,]x+)*|[Xx][.,][Xx]+|N{2,}|n{2,}|_{2,}|\?{2,}|#{2,}|…|\.{3,}|"
    r"[○〇◯●]{2,})"
)
_MONEY = r"(?:\b(?:GBP|USD|EUR|CHF|AUD|CAD|INR|JPY|Rs\.?) ?|[$€£¥₹] ?)"
_UNIT = (
    r"(?:mg|mcg|µg|ml|mL|g|kg|km|cm|mm|%|percent|per cent|(?:(?:business|working|calendar) )?(?:days?|"
    r"hours?|weeks?|months?|years?|minutes?)|Tagen?|Stunden|Wochen|Monaten?|jours|heures|semaines|mois|"
    r"días|semanas|meses|giorni|dollars|euros?|EUR|USD|GBP|Euro|€|users|seats|points|tablets|capsules|"
    r"times|(?:an?|per|each|pro|par|al) (?:day|week|month|year|user|seat|Monat|Jahr|mois|an|mes|año)|元|円|天|日)(?!\w)"
)
_BEFORE_A_NUMBER = (
    r"\b(?i:in|within|for|after|at|of|is|are|was|by|to|than|about|takes?|costs?|every|least|most|only|"
    r"until)"
)
_AMOUNTS = re.compile(
    rf"{_MONEY}(?:X(?:[.,]X+)+|{_GAP}|-{{2,}}|TB[DAC]|NaN|undefined|null|None)(?!\w)"
    r"|(?<![\w$])[$€£] ?X(?![\w$\\^_=({])(?![^\n]{0,80}\$)|(?<!\w)X €(?!\w)"
    rf"|(?<![\w.…#_?-]){_GAP} ?-?{_UNIT}"
    rf"|{_BEFORE_A_NUMBER} X(?:-X)?[ -]?{_UNIT}"
    r"|(?:[○〇◯●]{2,}|(?<![A-Za-z])X{2,})(?=[一-鿿ぁ-んァ-ヶ])|(?:[○〇◯●]|(?<![A-Za-z])O){2,}(?=[가-힣])"
    rf"|\bX-year-old\b|\b(?i:between|from) X (?:and|to) Y {_UNIT}"
    r"|\b(?:is|are|was|costs?|of|beträgt|est de|es de|è di) (?:\?{2,}|#{2,}|_{2,}|X{3,})(?![\w?#])"
)
_MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Januar|"
    r"Februar|März|Mai|Juni|Juli|Oktober|Dezember|janvier|février|mars|avril|juin|juillet|août|enero|"
    r"febrero|marzo|abril|mayo|junio|julio|Jan\.?|Feb\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_DAY, _MONTH = r"(?:DD|dd|TT|JJ|jj|XX|_{2,})", r"(?:MM|mm|XX|_{2,})"
_YEAR = r"(?:YYYY|yyyy|YY|JJJJ|AAAA|aaaa|XXXX|_{2,})"
_DATES = re.compile(
    rf"\b(?:on|by|until|from|before|since|dated?|le|el|vom|bis|am|zum|ab|Date|Datum):? "
    rf"(?:{_DAY}[/.-]{_MONTH}[/.-]{_YEAR}|{_MONTH}[/.-]{_DAY}[/.-]{_YEAR}|{_YEAR}[/.-]{_MONTH}[/.-]{_DAY})"
    r"(?!\w)|(?<!\w)_{1,2} ?/ ?_{1,2} ?/ ?_{2,4}(?!\w)|\bX{2,}[/-]X{2,}(?:[/-]X{2,})?\b"
    r"|\b(?:19|20)(?:XX|xx|__|\?\?)(?!\w)"
    rf"|\b{_MONTHS} (?:XX?|DD|_+|\?+)(?!\w)|\b(?:XX?|DD)(?:th|\.)? {_MONTHS}\b|\bMonth (?:DD|XX|Day)\b"
    r"|(?<!\w)(?:XX?|DD)(?:th|st|nd|rd) (?:of|day)\b"
)
_NUMBERS = re.compile(
    r"\b[Xx]{4,}\b|\bX{3,}(?:[ .-]X{2,})+\b|(?<=\d)[ -]X{3,}\b"
    r"|(?:\b(?i:page|p\.|room|extension|ext\.|version|number|phone|call|Tel\.?|No\.)|§) "
    r"(?:X{2,}|X\.[XYx]|N{2,}|_{2,}|\?{2,}|#{2,})(?!\w)"
)
_GREETING = (
    r"\b(?:Dear|Hello|Hi|Hey|Hallo|Liebe[rs]?|Guten Tag|Sehr geehrter?|Bonjour|Cher|Chère|Hola|"
    r"Estimad[oa]|Ciao|Gentile|Prezad[oa]|Beste|Geachte)"
)
_TITLE = r"(?:(?:Mr|Ms|Mrs|Dr|Prof|Frau|Herr|Madame|Monsieur)\.? )?"
_GREETED = re.compile(
    rf"{_GREETING} {_TITLE}\(?(?:(?:XYZ|X+|Y+|_+|\.{{3,}}|…|undefined|null|None|NaN|John Doe|Jane Doe|"
    r"Max Mustermann|Name|NAME|name|(?:Customer|Client|Patient|First|Last|Full) ?Name|Vorname|Nachname|"
    r"Nom|Prénom|Nombre|Nome|Naam)(?=\)?\s*[,:!\n]|$))"
    r"|^(?:Dear|Sehr geehrter?(?: Frau| Herr)?|Liebe[rs]?|Estimad[oa]|Gentile|Prezad[oa]|Geachte) ?[,:]"
    r"|^(?:Hello|Hi|Hallo|Hola) +,",
    re.MULTILINE,
)
_LINES = re.compile(
    r"(?<!_)(?<!U\.S\. )(?<!U\. S\. )(?<!F\.[23]d )_{4,}(?!_| \()|(?<=[a-z] )_{3,}(?= [a-z]|[.,;])|(?<=\w: )_{2,}(?= ?(?:\n|$))"
    r"|\( *_{3,} *\)|\( {2,}\)|\(\?{2,}\)|\((?:X{2,}|xx+|●)\)"
    r"|^[^\n:|]{1,50}: ?(?:\[ \]|\.{3,}|…|\?{2,}|-{2,}|[Xx]{2,})$"
    r"|^[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+(?:\.{3,}|…|\?+|_{3,}|[xX]+|TB[DAC]|tb[dac])[ \t]*$",
    re.MULTILINE,
)
# numbers that nobody has, and what a program leaves where it found no value
_NO_VALUE = re.compile(
    r"\b(?:000[ -]000[ -]0000|555\)?[ -]555[ -]5555|999[ -]999[ -]9999|123\)?[ -]456[ -]7890)\b|\bat HH:MM\b|"
    r"\[object Object\]|\(null\)|#(?:REF|VALUE|DIV/0)!|#NAME\?|#N/A\b"
)


# a blank has one of them
_SIGNS = re.compile(
    r"X|xx|[Xx][.,][Xx]|NN|\bnn|__|\?\?|##|\.{3}|…|--|[○〇◯●]|TB[DAC]|OO|NaN|undefined|null|None"
)
_DATE_SIGNS = re.compile(r"DD|dd|TT|JJ|jj|XX|xx|_|YY|yy|AA|aa|\?\?|X{1,2} |[Xx]th|Month |HH")


def unlabelled_blanks(text: str) -> Iterator[str]:
    """Every blank that a sign stands for, with what tells that it is one."""
    patterns = [_GREETED, _LINES, _NO_VALUE]
    if _SIGNS.search(text):
        patterns += [_AMOUNTS, _NUMBERS]
    if _DATE_SIGNS.search(text):
        patterns.append(_DATES)
    for pattern in patterns:
        for found in pattern.finditer(text):
            yield found[0].strip()
