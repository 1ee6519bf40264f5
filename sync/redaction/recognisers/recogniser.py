"""What our recognisers share: they give spans with a score, presidio does the rest."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from presidio_analyzer import LocalRecognizer, RecognizerResult

from sync.redaction.recognisers.writing import plain

Scored = tuple[int, int, float]


class Recogniser(LocalRecognizer):
    """A recogniser of one entity that is written as a generator of spans.

    Attributes:
        ENTITY: presidio's name of what it finds.
        AS_WRITTEN: whether it looks at the text itself, and not at its `plain` form.
    """

    ENTITY = ""
    AS_WRITTEN = False

    def __init__(self, entity: str | None = None) -> None:
        super().__init__(supported_entities=[entity or self.ENTITY], supported_language="en")

    def load(self) -> None:
        """Nothing is loaded: all of it is patterns and arithmetic."""

    @abstractmethod
    def scored(self, text: str) -> Iterator[Scored]:
        """Start, end and score in [0, 1] of each value in the text, which is in plain form."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """What presidio calls; see its `EntityRecognizer`."""
        marks = {
            RecognizerResult.RECOGNIZER_NAME_KEY: type(self).__name__,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }
        return [
            RecognizerResult(
                self.supported_entities[0], start, end, score, recognition_metadata=marks
            )
            for start, end, score in self.scored(text if self.AS_WRITTEN else plain(text))
        ]
