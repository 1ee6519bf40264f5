"""E-mail addresses, also a company's inner ones and those spelled out (`joe [at] mail.com`).

A Latin address ends where letters of another script begin. An address in another script (RFC 6531)
is found where no letter stands before it. Before a Latin host, letters of a script without blanks
belong to the sentence, since no name can be told from the words around it.
"""

import functools
import re
from collections.abc import Iterator

from sync.intake.redaction.recognisers.domains import endings, without_glued_word
from sync.intake.redaction.recognisers.recogniser import Recogniser, Scored
from sync.intake.redaction.recognisers.writing import AFTER, BEFORE, LATIN, SPACED

_LETTER = f"[A-Za-z0-9_{LATIN}]"
_LOCAL = rf"[A-Za-z0-9_{LATIN}.!#$%&'*+/=?^`{{|}}~-]{{1,64}}"
_LABEL = f"{_LETTER}(?:[A-Za-z0-9_{LATIN}-]{{0,61}}{_LETTER})?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})+"
_ADDRESS = re.compile(f"(?<![A-Za-z0-9_{LATIN}@]){_LOCAL}@{_HOST}")
# the last letter of the local part is of a script with blanks; of others only before an own ending
_OTHER_LOCAL = rf"(?<![\w@])[\w.+-]{{0,63}}{SPACED}@"
_OTHER_LABEL = r"\w(?:[\w-]{0,61}\w)?"
_SPELLED = re.compile(
    rf"{BEFORE}[A-Za-z0-9_{LATIN}.+-]{{1,64}}\s?[\[(]\s?at\s?[\])]\s?{_LABEL}"
    rf"(?:(?:\.|\s?[\[(]\s?dot\s?[\])]\s?){_LABEL})+",
    re.IGNORECASE,
)
# what a sentence or a link puts before an address belongs to it
_LEADING = re.compile(
    r"[!#$%&'*+/=?^`{|}~.-]*(?:mailto:)?(?:(?:e-?mail|mail|user|login|to|from|cc|bcc)=)?",
    re.IGNORECASE,
)


class EmailRecogniser(Recogniser):
    """Anything of the form `local@host.domain`; whether the domain exists is not asked."""

    ENTITY = "EMAIL_ADDRESS"

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        for match in _ADDRESS.finditer(text) if "@" in text else ():
            leading = _LEADING.match(match[0])
            start = match.start() + (leading.end() if leading else 0)
            if text[start] != "@":
                local, _, host = match[0].rpartition("@")
                end = match.start() + len(local) + 1 + len(without_glued_word(host))
                yield start, end, 1.0
        for match in _beyond_latin().finditer(text) if "@" in text and not text.isascii() else ():
            yield *match.span(), 1.0
        for match in _SPELLED.finditer(text):
            yield *match.span(), 0.8


@functools.cache
def _beyond_latin() -> re.Pattern[str]:
    """Addresses with a local part or a host that is not Latin."""
    own = "|".join(sorted((e for e in endings() if not e.isascii()), key=len, reverse=True))
    host_of_own = rf"(?:{_OTHER_LABEL}\.)+(?:{own})"
    return re.compile(
        rf"{_OTHER_LOCAL}(?:{host_of_own}{AFTER}|{_HOST})"
        rf"|{BEFORE}{_LOCAL}@{host_of_own}{AFTER}"
        rf"|(?<![\w@])[\w.+-]{{0,63}}[^\W\d_A-Za-z{LATIN}]@{host_of_own}{AFTER}",
        re.IGNORECASE,
    )
