"""A kind of value that a user describes by a regular expression."""

import re
from collections.abc import Iterator

from sync.intake.redaction.recognisers.recogniser import Recogniser, Scored
from sync.intake.redaction.recognisers.writing import latin_only


class OwnPattern(Recogniser):
    """Every match of one regular expression, with full certainty.

    For `\\b` a Han, Thai or Cyrillic letter is no border, so the text is looked at once more
    without them.
    """

    AS_WRITTEN = True

    def __init__(self, name: str, regex: str) -> None:
        super().__init__(name)
        self._pattern = re.compile(regex)

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        alone = latin_only(text)
        for match in self._pattern.finditer(text):
            if match[0].strip():
                yield *match.span(), 1.0
        for match in self._pattern.finditer(alone) if alone is not None else ():
            if match[0].strip() and match[0] == text[slice(*match.span())]:
                yield *match.span(), 1.0
