"""Card numbers by their check digit, by their layout, and by what the text calls a card.

ISO/IEC 7812: 12 to 19 digits, a Luhn check digit, and a first digit that tells the scheme. One that
somebody mistyped fails the check and is as personal as before: the word card beside it is enough.
"""

import re
from collections.abc import Iterator

from sync.redaction.recognisers.cues import Cue, cue_of
from sync.redaction.recognisers.recogniser import Recogniser, Scored

_NUMBER = re.compile(r"(?<![\w.,+-])\d(?:[ -]?\d){11,18}(?![\w-]|[.,]\d)", re.ASCII)
_GROUPED = re.compile(
    r"\d{4}(?P<by>[ -])(?:\d{4}(?P=by)){2,3}\d{1,4}|\d{4}(?P<by2>[ -])\d{6}(?P=by2)\d{4,5}"
)
# issuers: Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay, Maestro
_ISSUER = re.compile(r"4|5[0-8]|2[2-7]|3[4-9]|30|6|2131|1800")


class CardRecogniser(Recogniser):
    """Payment cards; a bare run of digits needs a check digit or a cue."""

    ENTITY = "CREDIT_CARD"

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        for match in _NUMBER.finditer(text):
            digits = re.sub(r"\D", "", match[0])
            grouped = _GROUPED.fullmatch(match[0]) is not None
            if grouped or digits == match[0]:
                cue = cue_of(text, *match.span())
                yield *match.span(), _score(digits, grouped, cue)


def _score(digits: str, grouped: bool, cue: Cue | None) -> float:
    issued = _ISSUER.match(digits) is not None and len(digits) >= 13
    if luhn(digits) and issued:
        return 1.0
    if cue is Cue.CARD:
        return 0.85
    if grouped and issued and cue is not Cue.OTHER:
        return 0.5
    return 0.3 if luhn(digits) else 0.1


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of ISO/IEC 7812."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0
