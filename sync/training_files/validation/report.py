"""What a validation found."""

from dataclasses import dataclass, field

from sync.training_files.formats.format import FaultSeverity
from sync.training_files.validation.checked_file import FormatBy
from sync.training_files.validation.files_to_check import Role
from sync.training_files.validation.problems import RuleCount, Unit
from sync.training_files.validation.token_statistics import TokenReport


@dataclass(frozen=True)
class Cost:
    """What training on a file costs, by `[training.prices]`.

    Attributes:
        about, at_most: in the currency of the price.
        currency: as the price names it; may be empty.
    """

    model: str
    epochs: int
    about: float
    at_most: float
    currency: str


@dataclass(frozen=True)
class FileReport:
    """What was found in one file.

    Attributes:
        format_by: who said the format: the option, the release's manifest, an entry of a list of
            data sets, or a guess.
        lines: blank and broken ones included.
        examples: lines that are JSON objects.
        rules: what is broken, by rule.
        unit: what `lines` counts: lines of text, or examples of an array or of Parquet.
        complete: whether all bytes were read as examples.
        entry, told_by: the entry that says how rows are read, and the file that it stands in.
    """

    file: str
    role: Role
    format: str
    format_by: FormatBy
    lines: int
    examples: int
    bytes: int
    errors: int
    warnings: int
    tokens: TokenReport | None
    cost: Cost | None
    rules: list[RuleCount] = field(default_factory=list)
    unit: Unit = "line"
    complete: bool = True
    entry: str | None = None
    told_by: str | None = None


@dataclass(frozen=True)
class Report:
    """What was found in all files.

    Attributes:
        notes: what was not checked, or only estimated, and what to do.
    """

    files: list[FileReport]
    provider: str | None
    model: str | None
    errors: int
    warnings: int
    notes: list[str]

    def at_least(self, severity: FaultSeverity) -> int:
        """Problems of this severity or a worse one."""
        return self.errors + (self.warnings if severity == "warning" else 0)
