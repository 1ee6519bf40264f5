"""What a model's server left in the answers of a file: reasoning, tokens of a turn, a fence."""

from array import array
from collections.abc import Iterator

from label_configs.raw_reply import holds_closed_reasoning, leftover
from sync.training_files.formats.example_texts import Said
from sync.training_files.formats.format import Fault


class Leftovers:
    """Looks at what is learnt, a line at a time.

    A whole block of reasoning before the answer is how reasoning models are taught, so it is told
    only where most answers of the file have none. It costs 8 bytes of memory for each such line.
    """

    def __init__(self) -> None:
        self._answers = 0
        self._reasoned = array("Q")

    def add(self, said: Said, number: int) -> Fault | None:
        """The fault of a line, known at once.

        Args:
            number: of the line.
        """
        self._answers += bool(said.trained)
        for text in said.trained:
            left = leftover(text)
            if left is None:
                continue
            if holds_closed_reasoning(text):
                self._reasoned.append(number)
                return None
            unless = "" if left.certain else " unless it is meant"
            return Fault(
                "leftover", f"what is learnt holds {left.what}; take it out{unless}", "warning"
            )
        return None

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
