"""MAC addresses in the notations of IEEE 802 (`00:1A:2B:3C:4D:5E`, also of EUI-64) and of Cisco.

Six pairs with signs between them are hardly anything else, so a word may touch them. Part of a
longer row of pairs, such as a fingerprint, is no address.
"""

import re
from collections.abc import Iterator

from sync.intake.redaction.recognisers.recogniser import Recogniser, Scored

_PAIR = "[0-9A-Fa-f]{2}"
_PAIRS = re.compile(
    rf"(?<!\d)(?<!^{_PAIR}[:-])(?<![^0-9A-Za-z]{_PAIR}[:-]){_PAIR}(?P<by>[:-])(?:{_PAIR}(?P=by)){{4}}"
    rf"(?:{_PAIR}(?P=by){_PAIR}(?P=by))?{_PAIR}(?![0-9])(?![:-][0-9A-Fa-f])",
    re.ASCII,
)
_GROUPS = re.compile(r"(?<![\w.])[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2}(?!\w|\.\w)", re.ASCII)
# of no device
_NOBODY = re.compile("(?:0{12}|F{12})(?:0{4}|F{4})?")


class MacRecogniser(Recogniser):
    """Finds addresses of devices, but not all zeros and the broadcast address."""

    ENTITY = "MAC_ADDRESS"

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        for pattern in (_PAIRS, _GROUPS):
            for match in pattern.finditer(text):
                if not _NOBODY.fullmatch(re.sub("[^0-9A-F]", "", match[0].upper())):
                    yield *match.span(), 0.6
