"""The base of our recognisers: a text comes in, places with a score come out."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator

from sync.intake.redaction.recognisers.writing import latin_only, plain

Scored = tuple[int, int, float]


class Recogniser(ABC):
    """Finds the values of one entity in a text.

    Attributes:
        ENTITY: presidio's name of what it finds.
        AS_WRITTEN: whether it looks at the text itself, and not at its `plain` form.
        entity: what it finds here.
    """

    ENTITY = ""
    AS_WRITTEN = False

    def __init__(self, entity: str | None = None) -> None:
        self.entity = entity or self.ENTITY

    @abstractmethod
    def scored(self, text: str) -> Iterator[Scored]:
        """Start, end and score in [0, 1] of each value in the text, which is in plain form."""

    def found(self, text: str) -> Iterator[Scored]:
        """Start, end and score in [0, 1] of each value in any text."""
        return self.scored(text if self.AS_WRITTEN else plain(text))


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
