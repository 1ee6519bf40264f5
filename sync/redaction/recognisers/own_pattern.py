"""A kind of value that a user describes by a regular expression."""

import re
from collections.abc import Iterator

from sync.redaction.recognisers.recogniser import Recogniser, Scored


class OwnPattern(Recogniser):
    """Every match of one regular expression, with full certainty."""

    def __init__(self, name: str, regex: str) -> None:
        super().__init__(name)
        self._pattern = re.compile(regex)

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        for match in self._pattern.finditer(text):
            if match[0].strip():
                yield *match.span(), 1.0
