"""What is wrong with a file: counted by rule, the first lines kept, all of them written away."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import IO, Literal

from sync.training_files.formats.format import Fault, FaultSeverity

Unit = Literal["line", "example"]
TaskOf = Callable[[int], tuple[int, str | None] | None]


@dataclass(frozen=True)
class Problem:
    """A rule that a line of a file breaks.

    Attributes:
        line: from 1, of an array or of Parquet the example's number; 0 for the file as a whole.
        message: what was expected, what came, what to do; no text of the example.
        task_id: of the task that the line came from, where that is known.
        task_url: its page in Label Studio.
        provider: against whose rules the file was checked, beside its format's; None: nobody's.
        unit: what `line` counts.
    """

    file: str
    line: int
    rule: str
    severity: FaultSeverity
    message: str
    task_id: int | None = None
    task_url: str | None = None
    provider: str | None = None
    unit: Unit = "line"


Sink = Callable[[Problem], None]


@dataclass
class RuleCount:
    """How often a file breaks a rule; `first` are the first of its problems."""

    rule: str
    severity: FaultSeverity
    count: int = 0
    first: list[Problem] = field(default_factory=list)


class Problems:
    """The problems of all files, in memory that does not grow with their number."""

    def __init__(
        self,
        keep: int,
        log: IO[str] | None = None,
        provider: str | None = None,
        sink: Sink | None = None,
    ) -> None:
        """
        Args:
            keep: problems of a rule and file that stay in memory.
            log: gets every problem as one line of JSON.
            provider: who is to read the files, where somebody was named.
            sink: gets every problem.
        """
        self._provider = provider
        self._keep = keep
        self._log = log
        self._sink = sink
        self._tallies: dict[tuple[str, str, FaultSeverity], RuleCount] = {}

    def add(
        self,
        file: str,
        line: int,
        fault: Fault,
        task_of: TaskOf | None = None,
        unit: Unit = "line",
    ) -> None:
        """Count a fault; `task_of` finds a line's task and its page."""
        rule, message, severity, _ = fault
        tally = self._tallies.get((file, rule, severity))
        if tally is None:
            tally = self._tallies[file, rule, severity] = RuleCount(rule, severity)
        tally.count += 1
        if tally.count > self._keep and self._log is None and self._sink is None:
            return
        task_id, task_url = (task_of(line) if task_of and line else None) or (None, None)
        problem = Problem(
            file, line, rule, severity, message, task_id, task_url, self._provider, unit
        )
        if tally.count <= self._keep:
            tally.first.append(problem)
        if self._log is not None:
            self._log.write(json.dumps(asdict(problem)) + "\n")
        if self._sink is not None:
            self._sink(problem)

    def of(self, file: str) -> list[RuleCount]:
        """A file's tallies: errors first, then the most frequent."""
        found = [tally for (name, _, _), tally in self._tallies.items() if name == file]
        return sorted(found, key=lambda t: (t.severity != "error", -t.count, t.rule))

    def count(self, severity: FaultSeverity, file: str | None = None) -> int:
        """The problems of one severity, of one file or of all."""
        return sum(
            tally.count
            for (name, _, found), tally in self._tallies.items()
            if found == severity and file in (None, name)
        )
