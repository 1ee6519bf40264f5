"""What should not be taught: what a model's server left in an answer, and personal data."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from label_configs.raw_reply import holds_closed_reasoning, leftover, may_hold_leftovers
from sync.intake.redaction.in_finished_work import for_answers, said
from sync.intake.redaction.spans import analysis
from sync.settings.redaction import RedactionSection
from sync.training_files.formats.example_texts import Said
from sync.training_files.formats.format import Fault

PERSONAL_DATA = "personal-data"

# texts with findings that are remembered
_MOST_TOLD = 10_000


class Leftovers:
    """Looks at what is learnt, some lines at a time.

    A whole block of reasoning before the answer is how reasoning models are taught, so it is told
    only where most answers of the file have none. It costs 8 bytes of memory for each such line.
    """

    def __init__(self) -> None:
        self._answers = 0
        self._reasoned = array("Q")

    def add_all(self, lines: Sequence[Said], numbers: Sequence[int]) -> Iterator[tuple[int, Fault]]:
        """(index, fault) of each line whose fault is known at once.

        Args:
            numbers: of the lines.
        """
        learnt = [line.trained for line in lines]
        self._answers += sum(map(bool, learnt))
        if not may_hold_leftovers(list(chain.from_iterable(learnt))):
            return
        for index, texts in enumerate(learnt):
            for text in texts:
                left = leftover(text)
                if left is None:
                    continue
                if holds_closed_reasoning(text):
                    self._reasoned.append(numbers[index])
                    break
                unless = "" if left.certain else " unless it is meant"
                message = f"what is learnt holds {left.what}; take it out{unless}"
                yield index, Fault("leftover", message, "warning")
                break

    def of_the_whole(self) -> Iterator[tuple[int, Fault]]:
        """(line, fault) of what is only known at the end of the file."""
        if 2 * len(self._reasoned) >= self._answers:
            return
        message = (
            "the answer begins with the model's reasoning, and those of most other lines do not; "
            "take it out, or give it to all"
        )
        for number in self._reasoned:
            yield number, Fault("leftover", message, "warning")


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
        return Fault(PERSONAL_DATA, message, "warning")

    def _is_new(self, text: str) -> bool:
        known = hash(text)
        if known in self._told:
            return False
        if len(self._told) < _MOST_TOLD:
            self._told.add(known)
        return True
