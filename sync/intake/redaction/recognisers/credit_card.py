"""Card numbers by their check digit, by their layout, and by what the text calls a card.

ISO/IEC 7812: 12 to 19 digits, a Luhn check digit, and a first digit that tells the scheme. One that
somebody mistyped fails the check and is as personal as before: the word card beside it is enough.
"""

import re
from collections.abc import Iterator

from sync.intake.redaction.recognisers.cues import Cue, cue_of
from sync.intake.redaction.recognisers.recogniser import Recogniser, Scored

# neither within a word nor within a decimal number
_BEFORE, _AFTER = r"(?<!\w)(?<!\d[.,-])(?<!\+)", r"(?!\w|[.,-]\d)"
_BARE = re.compile(rf"{_BEFORE}\d{{12,19}}{_AFTER}", re.ASCII)
# looked for at every group, since another number may stand right before the card
_GROUPED = re.compile(
    r"(?<!\w)(?<!\d[.,])(?=(?P<all>\d{4}(?P<by>[ -])"
    r"(?:(?:\d{4}(?P=by)){2}\d{4}(?:(?P=by)\d{1,3})?|\d{6}(?P=by)\d{4,5}))(?!\w|[.,]\d))",
    re.ASCII,
)
_FOUR_GROUPS = 19  # characters
# issuers: Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay, Maestro
_ISSUER = re.compile(r"4|5[0-8]|2[2-7]|3[4-9]|30|6|2131|1800")


class CardRecogniser(Recogniser):
    """Payment cards; a bare run of digits needs a check digit or a cue."""

    ENTITY = "CREDIT_CARD"

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        for match in _BARE.finditer(text):
            yield *match.span(), _score(match[0], False, cue_of(text, *match.span()))
        for match in _GROUPED.finditer(text):
            start, end = match.span("all")
            cue = cue_of(text, start, end)
            # a fifth group may be the card's, its security code or its month
            for written in {match["all"], match["all"][:_FOUR_GROUPS]}:
                digits = written.replace(match["by"], "")
                yield start, start + len(written), _score(digits, True, cue)


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
