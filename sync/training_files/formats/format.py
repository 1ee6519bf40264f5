"""What a file format is: how an example is written in it, and the rules that its readers have."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from sync.common.json_text import Json
from sync.training_files.example import Kind

Severity = Literal["error", "warning"]


class Unsuitable(Exception):  # noqa: N818  (nothing went wrong: it is left out and counted)
    """An example that can't be said in a format; the text says why, without any of its words."""


class Fault(NamedTuple):
    """A rule that a line breaks.

    Attributes:
        rule: a stable name, for filtering.
        message: what was expected, what came, what to do; no text of the example.
    """

    rule: str
    message: str
    severity: Severity = "error"


@dataclass(frozen=True)
class FileRules:
    """What readers ask of a file as a whole.

    Attributes:
        max_bytes: the largest file, or None.
        below: the limit itself is too large already.
        least_examples: fewer are refused.
        recommended_examples: fewer are worth a warning.
        most_examples: more are refused; None: any number.
    """

    max_bytes: int | None = None
    below: bool = False
    least_examples: int = 1
    recommended_examples: int = 0
    most_examples: int | None = None


class Format(Protocol):
    """A fine-tuning file format: one JSON object a line.

    Attributes:
        name: as on the command line; the file is `NAME.jsonl`, or `NAME.SPLIT.jsonl`.
        summary: one line for `--list-formats`.
        takes: the kind of example that it holds.
        rules: of the file as a whole, whoever reads it.
    """

    @property
    def name(self) -> str: ...

    @property
    def summary(self) -> str: ...

    @property
    def takes(self) -> Kind: ...

    @property
    def rules(self) -> FileRules: ...

    def encode(self, example: Any) -> Json:
        """One line's object; `example` is of the kind that the format takes, and stays as it is.

        Raises:
            Unsuitable: the format has no way to say it.
        """

    def check(self, line: Json) -> Iterator[Fault]:
        """Every rule that one line's object breaks, whatever it holds."""
