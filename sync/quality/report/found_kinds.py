"""The findings of a check as a page lists them: by severity and kind, the first of each."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sync.common.json_text import from_json_line
from sync.quality.checks import SEVERITIES, FindingSeverity
from sync.quality.report.quotes import harmless, one_line

# findings of a kind that are shown, and of all kinds together; the rest is counted
MOST_OF_A_KIND, MOST_SHOWN, LEAST_OF_A_KIND = 20, 600, 3
_MESSAGE, _NAMED_TASKS = 600, 5
# the check by which a task's words are nobody's business
_PERSONAL = "personal_data"


@dataclass(frozen=True)
class ReportedFinding:
    """A line of findings.jsonl, ready to be shown.

    Attributes:
        task_id, annotation_id: None for a finding about the whole set or an annotator.
        url: the task's or project's page; None where it is no address that a browser should open.
        tasks: some that show what is said of the whole set.
        annotator: whom it is about, by Label Studio's number.
    """

    kind: str
    severity: FindingSeverity
    task_id: int | None
    annotation_id: int | None
    message: str
    url: str | None
    tasks: tuple[int, ...] = ()
    annotator: int | None = None


@dataclass(frozen=True)
class FoundKind:
    """All findings of one check and one severity.

    Attributes:
        number: how many there are; `tasks`: in how many tasks.
        shown: the first of them.
    """

    kind: str
    severity: FindingSeverity
    number: int
    tasks: int
    shown: tuple[ReportedFinding, ...]

    @property
    def left(self) -> int:
        """How many are not shown."""
        return self.number - len(self.shown)


@dataclass(frozen=True)
class AllFound:
    """What a check found.

    Attributes:
        kinds: errors first, and of a severity the kind with most findings first.
        of_annotations: findings by annotation, notes (`info`) left out.
        tasks: with findings of each severity.
        private: tasks that hold personal data, so that nothing of them is quoted.
    """

    kinds: tuple[FoundKind, ...] = ()
    of_annotations: Mapping[int, int] = field(default_factory=dict)
    tasks: Mapping[str, int] = field(default_factory=dict)
    private: frozenset[int] = frozenset()

    @property
    def number(self) -> int:
        """All findings."""
        return sum(each.number for each in self.kinds)

    def of_severity(self, severity: FindingSeverity) -> int:
        """Findings of one severity."""
        return sum(each.number for each in self.kinds if each.severity == severity)

    def by_severity(self) -> Iterator[tuple[FindingSeverity, tuple[FoundKind, ...]]]:
        """The kinds of each severity; severities without any are left out."""
        for severity in SEVERITIES:
            kinds = tuple(each for each in self.kinds if each.severity == severity)
            if kinds:
                yield severity, kinds

    def quoted_tasks(self) -> frozenset[int]:
        """The tasks whose words a page quotes."""
        shown = (f.task_id for each in self.kinds for f in each.shown)
        return frozenset(task for task in shown if task is not None) - self.private

    def renamed(self, change: Callable[[str], str]) -> "AllFound":
        """The same with other words in the findings' sentences."""
        kinds = (
            replace(each, shown=tuple(replace(f, message=change(f.message)) for f in each.shown))
            for each in self.kinds
        )
        return replace(self, kinds=tuple(kinds))


def read_found(lines: Iterable[bytes]) -> AllFound:
    """The findings of findings.jsonl, lowest score first as they stand there.

    Raises:
        ValueError: a line is no finding.
    """
    found: defaultdict[tuple[FindingSeverity, str], list[dict[str, Any]]] = defaultdict(list)
    of_annotations: Counter[int] = Counter()
    tasks: dict[str, set[int]] = {severity: set() for severity in SEVERITIES}
    private: set[int] = set()
    for line in lines:
        raw = from_json_line(line)
        try:
            severity, kind = raw["severity"], one_line(raw["kind"])
            if (task := raw["task_id"]) is not None:
                tasks[severity].add(int(task))
                private.update([int(task)] if kind == _PERSONAL else ())
            if severity != "info" and (annotation := raw["annotation_id"]) is not None:
                of_annotations[int(annotation)] += 1
        except (TypeError, LookupError) as error:
            raise ValueError(f"no finding: {error}") from error
        found[severity, kind].append(raw)
    order = sorted(found, key=lambda key: (SEVERITIES.index(key[0]), -len(found[key]), key[1]))
    most = _most_of_a_kind([len(found[key]) for key in order])
    return AllFound(
        kinds=tuple(_kind(*key, found[key], most) for key in order),
        of_annotations=of_annotations,
        tasks={severity: len(ids) for severity, ids in tasks.items()},
        private=frozenset(private),
    )


def _most_of_a_kind(numbers: Sequence[int]) -> int:
    """How many of each kind are shown, so that all together are not too many to read."""
    most = MOST_OF_A_KIND
    while most > LEAST_OF_A_KIND and sum(min(n, most) for n in numbers) > MOST_SHOWN:
        most -= 1
    return most


def _kind(
    severity: FindingSeverity, kind: str, found: Sequence[Mapping[str, Any]], most: int
) -> FoundKind:
    return FoundKind(
        kind=kind,
        severity=severity,
        number=len(found),
        tasks=len({each["task_id"] for each in found} - {None}),
        shown=tuple(_finding(kind, each) for each in found[:most]),
    )


def _finding(kind: str, raw: Mapping[str, Any]) -> ReportedFinding:
    url = str(raw.get("url") or "")
    return ReportedFinding(
        kind=kind,
        severity=raw["severity"],
        task_id=raw["task_id"],
        annotation_id=raw["annotation_id"],
        message=harmless(raw.get("message") or "", _MESSAGE),
        url=url if url.startswith(("http://", "https://")) else None,
        tasks=tuple(map(int, raw.get("tasks") or ()))[:_NAMED_TASKS],
        annotator=raw.get("annotator"),
    )
