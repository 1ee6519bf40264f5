"""Our verdicts on lines beside a reader's own: who refuses what."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.training_files.formats import FORMATS
from sync.training_files.formats.format import Fault
from sync.training_files.trainers import PROVIDERS


def errors(form: str, provider: str, line: Any) -> list[Fault]:
    """What is an error in a line to a provider."""
    found = PROVIDERS[provider].faults(FORMATS[form], line)
    return [fault for fault in found if fault.severity == "error"]


@dataclass
class Compared:
    """Lines on which two verdicts differ.

    Attributes:
        lines: how many there were.
        taken: how many both take.
        passed: what the reader refuses and we pass: (its words, the line).
        refused: what we refuse and it takes: lines by our rule.
    """

    lines: int = 0
    taken: int = 0
    passed: list[tuple[str, Any]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


def compared(
    form: str, provider: str, lines: Sequence[Any], verdicts: Iterable[str | None]
) -> Compared:
    """Compare our verdicts with a reader's; null is a line that it takes."""
    found = Compared(len(lines))
    for line, verdict in zip(lines, verdicts, strict=True):
        ours = errors(form, provider, line)
        if verdict is not None and not ours:
            found.passed.append((verdict, line))
        elif verdict is None and ours:
            found.refused.update({fault.rule for fault in ours})
        elif verdict is None:
            found.taken += 1
    return found
