"""IP addresses of both versions, with a port or a prefix length behind them left alone."""

import ipaddress
import re
from collections.abc import Iterator

from sync.intake.redaction.recognisers.recogniser import Recogniser, Scored

_FOUR = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)", re.ASCII)
# what has as many numbers
_NUMBERED = re.compile(
    r"(?:\b(?:version|release|firmware|build|section|chapter|clause|rev|v|phiên bản|sürüm)"
    r"|верси[июя]|έκδοση|版本|固件|バージョン|버전|เวอร์ชัน|إصدار|الإصدار|גרסה|संस्करण)\W{0,2}$",
    re.IGNORECASE,
)
_SIX = re.compile(r"(?<![\w.])[0-9A-Fa-f:]{2,39}(?:\d{0,3}(?:\.\d{1,3}){3})?(?![\w:])", re.ASCII)


class IpRecogniser(Recogniser):
    """Addresses that Python's `ipaddress` accepts; four numbers of a version are not one."""

    ENTITY = "IP_ADDRESS"

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        for match in _FOUR.finditer(text):
            if _is_address(match[0]):
                numbered = _NUMBERED.search(text, max(0, match.start() - 20), match.start())
                yield *match.span(), 0.3 if numbered else 0.8
        for match in _SIX.finditer(text) if text.count(":") > 1 else ():
            # without a digit it is as likely a word between colons
            if ":" in match[0] and re.search(r"\d", match[0]) and _is_address(match[0]):
                yield *match.span(), 0.8


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        # leading zeros, which people write and Python refuses
        parts = text.split(".")
        return len(parts) == 4 and all(p.isdigit() and int(p) < 256 for p in parts)
    return True
