"""What a format is, and what is wrong with a file of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from label_configs import Interface
from sync.records import LabelledRecord

Json = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """A rule of the file's consumer that a line breaks.

    Attributes:
        line: from 1; 0 for the file as a whole.
        rule: a stable name, for filtering.
        severity: an error is refused by the consumer, a warning costs quality only.
    """

    line: int
    rule: str
    severity: Literal["error", "warning"]
    message: str


class Format(Protocol):
    """A fine-tuning file format.

    Attributes:
        name: as on the command line.
        summary: one line for `--list-formats`.
        filename: of the file in an export.
    """

    @property
    def name(self) -> str: ...

    @property
    def summary(self) -> str: ...

    @property
    def filename(self) -> str: ...

    def encode(self, record: LabelledRecord, interface: Interface[Any]) -> Json | None:
        """One line's object, or None when the expert accepted no answer."""

    def validate(self, lines: Iterable[bytes]) -> list[Problem]:
        """Everything that is wrong with a file's lines."""
