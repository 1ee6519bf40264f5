"""The base of our recognisers: a text comes in, places with a score come out."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from sync.intake.redaction.recognisers.writing import plain

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
