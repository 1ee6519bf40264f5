"""E-mail addresses, also a company's inner ones and those spelled out (`joe [at] mail.com`)."""

import re
from collections.abc import Iterator

from sync.redaction.recognisers.recogniser import Recogniser, Scored

_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}"
_LABEL = r"\w(?:[\w-]{0,61}\w)?"
_ADDRESS = re.compile(rf"(?<![\w@]){_LOCAL}@{_LABEL}(?:\.{_LABEL})+")
_SPELLED = re.compile(
    rf"(?<!\w)[\w.+-]{{1,64}}\s?[\[(]\s?at\s?[\])]\s?{_LABEL}"
    rf"(?:(?:\.|\s?[\[(]\s?dot\s?[\])]\s?){_LABEL})+",
    re.IGNORECASE,
)
# what a sentence puts before an address belongs to the sentence
_LEADING = re.compile(r"[!#$%&'*+/=?^`{|}~.-]*(?:mailto:)?")


class EmailRecogniser(Recogniser):
    """Anything of the form `local@host.domain`; whether the domain exists is not asked."""

    ENTITY = "EMAIL_ADDRESS"

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        for match in _ADDRESS.finditer(text) if "@" in text else ():
            leading = _LEADING.match(match[0])
            start = match.start() + (leading.end() if leading else 0)
            if text[start] != "@":
                yield start, match.end(), 1.0
        for match in _SPELLED.finditer(text):
            yield match.start(), match.end(), 0.8
