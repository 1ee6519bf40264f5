"""What a provider is: who trains on a file, and what it asks beyond the file's format."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from sync.common.json_text import Json
from sync.training_files.formats import FORMATS
from sync.training_files.formats.format import Fault, FaultSeverity, FileRules, Format
from sync.training_files.trainers.jobs import JobRules

MB = 1024 * 1024
GB = 1024 * MB

LineRules = Callable[[str, Json], Iterator[Fault]]


def no_rules(form: str, line: Json) -> Iterator[Fault]:
    """Of a provider that asks nothing of a line beyond its format."""
    return iter(())


def no_other(form: Format) -> bool:
    """Of a provider that reads what it names, and nothing else."""
    return False


@dataclass(frozen=True)
class Provider:
    """Who trains on a file.

    Attributes:
        name: as on the command line.
        summary: one line for `--list-providers`.
        takes: formats that it reads, by name, and what it asks of a file of each as a whole; this
            stands in place of the format's own rules for files.
        reads: whether it reads another format, too, since the format itself says how.
        line_rules: what it asks of a line beyond its format: (format, line) -> faults.
        severities: how bad it is to it that a line breaks a rule of the format's, by rule or
            "rule: detail", where that is not what the format says.
        aliases: other names of it.
        bom: whether a file begins with UTF-8's byte order mark; others refuse one.
        token_limits: tokens of one example that are trained on, by how a model's name begins.
        cuts: what becomes of the tokens above the limit, to follow "the rest".
        needs_validation: formats that are trained with a second file only.
        most_validation: examples of a validation file, or None for any number.
        takes_datasets: whether it reads whatever `datasets` loads: one JSON array and Parquet, too.
        job: what it asks of a job's settings.
        note: what a user of it should know.
    """

    name: str
    summary: str
    takes: Mapping[str, FileRules]
    reads: Callable[[Format], bool] = no_other
    line_rules: LineRules = no_rules
    severities: Mapping[str, FaultSeverity] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    bom: bool = False
    token_limits: Mapping[str, int] = field(default_factory=dict)
    cuts: str = "is cut off"
    needs_validation: frozenset[str] = frozenset()
    most_validation: int | None = None
    takes_datasets: bool = False
    job: JobRules = field(default_factory=JobRules)
    note: str | None = None

    @property
    def formats(self) -> Mapping[str, FileRules]:
        """Every format that it reads, by name, and what it asks of a file of each as a whole."""
        others = {form.name: FileRules() for form in FORMATS.values() if self.reads(form)}
        return {**self.takes, **{name: others[name] for name in others if name not in self.takes}}

    def check(self, form: str, line: Json) -> Iterator[Fault]:
        """Every rule that a line breaks beyond those of its format.

        Args:
            form: the name of a format that the provider reads.
            line: whatever it holds; the format's own rules may be broken.
        """
        return self.line_rules(form, line)

    def faults(self, form: Format, line: Json) -> Iterator[Fault]:
        """Every rule that a line breaks, the format's as the provider sees them, then its own."""
        for fault in form.check(line):
            yield self.judged(fault)
        yield from self.check(form.name, line)

    def judged(self, fault: Fault) -> Fault:
        """A fault of a format, as bad as it is to the provider."""
        by_detail = self.severities.get(f"{fault.rule}: {fault.detail}")
        severity = by_detail or self.severities.get(fault.rule)
        if severity is None or severity == fault.severity:
            return fault
        takes = "takes" if severity == "warning" else "refuses"
        return fault._replace(
            severity=severity, message=f"{fault.message} ({self.name} {takes} it)"
        )

    def token_limit(self, model: str) -> int | None:
        """The tokens of one example that a model is trained on, or None where that is unknown."""
        begins = [start for start in self.token_limits if model.startswith(start)]
        return self.token_limits[max(begins, key=len)] if begins else None
