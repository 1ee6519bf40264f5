"""What the words beside a number say that it is.

A number alone is ambiguous: nine digits may be a phone, an order or a sum. The nearest cue before
it decides, or the one right after it, as in `21 284 698 office`.
"""

import re
from enum import Enum


class Cue(Enum):
    """What the nearest telling word says."""

    PHONE = "phone"
    CARD = "card"
    SSN = "ssn"
    IBAN = "iban"
    OTHER = "other"


# further back than this a word says nothing about the number
_REACH = 60

_WORDS = {
    Cue.PHONE: r"phones?|tele(?:ph|f)\w*|tel|t[ée]l[ée]phone|tel[ée]fono|cell\w*|celular|mobil\w*"
    r"|m[óo]vil|handy|landline|fax|call(?:s|ed|ing|er)?|dial\w*|ring|rang"
    r"|answer(?:s|ed|ing)?(?=\s(?:at|on)\b)|text(?:ed|ing|\sme|\sus)|sms|messages?"
    r"|whats\s?app|hot\s?line|help\s?line|voicemail|contact|reach\s(?:me|us|him|her|them)"
    r"|pager|rufnummer|(?:desk|office|home|work|direct|num[ée]ro)(?=\s?:)",
    Cue.CARD: r"(?:credit|debit|charge|bank)?\s?cards?|credit|debit|visa|master\s?card|maestro"
    r"|amex|american express|discover|diners|jcb|cc|(?:kredit)?karte|carte|tarjeta",
    Cue.SSN: r"ssns?|social\s(?:security|sec)|itin|tax\s?payer",
    Cue.IBAN: r"ibans?",
    Cue.OTHER: r"orders?|ref|reference|accounts?|acct|invoices?|tickets?|cases?|transactions?"
    r"|tracking|parcels?|shipments?|polic(?:y|ies)|ids?|zip|codes?|post\s?code|amounts?|totals?"
    r"|paid|pay|price|version|release|firmware|build|serial|models?|isbn|issn|sku|part|booking"
    r"|confirmation|receipt|batch|lot|passport|licen[cs]e|vin|years?|section|chapter|clause"
    r"|pmid|doi|item|customer|member(?:ship)?|employee|patient|claim|file|pin|otp|sort",
}
# one named group a kind, so that one search gives the nearest of all
_BEFORE = re.compile(
    "|".join(rf"(?P<{cue.name}>\b(?:{words})\b)" for cue, words in _WORDS.items()), re.IGNORECASE
)
_AFTER = re.compile(
    r"\s{0,2}[-\u2013,(]?\s?(?:\w+\s)?(?:phone|telephone|mobile|cell|fax|office|desk|home|landline)\b",
    re.IGNORECASE,
)


def cue_of(text: str, start: int, end: int) -> Cue | None:
    """What the words around `text[start:end]` say of it, or None if nothing does.

    Words before another number belong to that one and are not looked at.
    """
    before = text[max(0, start - _REACH) : start]
    stretch = re.split(r"[\d<>]", before)[-1]
    nearest = None
    for match in _BEFORE.finditer(stretch):
        nearest = Cue[match.lastgroup or ""]
    if nearest is None and _AFTER.match(text, end):
        return Cue.PHONE
    return nearest
