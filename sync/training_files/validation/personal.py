"""Personal data in the lines of a file: which kinds, never the values."""

from collections import Counter

from sync.intake.redaction.finished_work import for_answers, said
from sync.intake.redaction.spans import analysis
from sync.settings.redaction import RedactionSection
from sync.training_files.formats.example_texts import Said
from sync.training_files.formats.format import Fault

RULE = "personal-data"

# texts with findings that are remembered
_MOST_TOLD = 10_000


class PersonalLines:
    """Looks at lines one after the other."""

    def __init__(self, settings: RedactionSection) -> None:
        """Raises ConfigError where an entity is unknown, or the spaCy model isn't installed."""
        self._find = analysis(for_answers(settings)).spans
        self._told: set[int] = set()

    def fault(self, line: Said) -> Fault | None:
        """What is personal in a line, or None.

        A text that stands in many lines, such as a system prompt, is told where it comes first.
        """
        values: dict[str, str] = {}
        for text in (*line.prompt, *line.answer):
            spans = self._find(text)
            if spans and self._is_new(text):
                values.update((text[span.start : span.end], span.entity) for span in spans)
        if not values:
            return None
        message = f"personal data: {said(Counter(values.values()))}; take it out or redact it"
        return Fault(RULE, message, "warning")

    def _is_new(self, text: str) -> bool:
        known = hash(text)
        if known in self._told:
            return False
        if len(self._told) < _MOST_TOLD:
            self._told.add(known)
        return True
