"""What each annotator did, and the names by which a report calls them."""

import json
import re
import statistics
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.records import LabelledRecord
from sync.records.draft_use import DraftOutcome
from sync.table.data_folder import DataFolder
from sync.table.task_rows import Annotation, TaskRow

# which letter stands for whom, so that it stays the same in the next report
LETTERS = "annotator-letters.json"
# of a page that was left open, no more than this counts as work
MOST_SECONDS = 3600.0
# as findings and figures call somebody
_NUMBERED = re.compile(
    r"\b(?:[Aa]nnotators?|user|completed_by) #?(\d+)((?:(?:,| and|, and) #?\d+)*)"
)


@dataclass(frozen=True)
class AnnotatorFigures:
    """What one annotator did.

    Attributes:
        id: Label Studio's number; None for annotations that tell nobody.
        answers: finished annotations; `skipped`: tasks that were skipped.
        kept: answers that count for their task, by what became of the draft.
        findings: errors and warnings about these answers.
        median_seconds: for an answer; None when unknown.
        last_at: when the last answer was changed.
    """

    id: int | None
    answers: int
    skipped: int
    kept: Mapping[str, int]
    findings: int
    median_seconds: float | None
    last_at: datetime | None

    @property
    def drafted(self) -> int:
        """Answers that began from a draft."""
        return sum(n for outcome, n in self.kept.items() if outcome != "no draft")

    @property
    def accepted_share(self) -> float | None:
        """Drafts that were accepted as they were, in [0, 1]; None without drafts."""
        return self.kept.get("accepted", 0) / self.drafted if self.drafted else None

    @property
    def findings_share(self) -> float | None:
        """Findings for each answer that counts; None without such answers."""
        kept = sum(self.kept.values())
        return self.findings / kept if kept else None


class AnnotatorCounts:
    """Counts annotations by who made them."""

    def __init__(self, of_annotations: Mapping[int, int]) -> None:
        """Nothing is counted yet.

        Args:
            of_annotations: findings by annotation.
        """
        self._of_annotations = of_annotations
        self._answers: Counter[int | None] = Counter()
        self._skipped: Counter[int | None] = Counter()
        self._findings: Counter[int | None] = Counter()
        self._kept: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
        self._seconds: defaultdict[int | None, array[float]] = defaultdict(lambda: array("d"))
        self._skipped_seconds = array("d")
        self._last: dict[int | None, datetime] = {}

    @property
    def answers(self) -> int:
        """Finished annotations of all."""
        return self._answers.total()

    @property
    def timed(self) -> int:
        """Annotations that tell how long they took."""
        return sum(map(len, self._seconds.values())) + len(self._skipped_seconds)

    @property
    def seconds(self) -> float:
        """That these took together."""
        return sum(map(sum, self._seconds.values())) + sum(self._skipped_seconds)

    def add_row(self, row: TaskRow, done: Sequence[Annotation]) -> None:
        """Count a task's annotations.

        Args:
            done: the finished ones.
        """
        for each in done:
            who = each.completed_by
            self._answers[who] += 1
            self._findings[who] += self._of_annotations.get(each.id, 0)
            self._last[who] = max(each.updated_at, self._last.get(who, each.updated_at))
            if each.lead_time is not None:
                self._seconds[who].append(_worked(each.lead_time))
        for each in row.annotations:
            if each.was_cancelled:
                self._skipped[each.completed_by] += 1
                if each.lead_time is not None:
                    self._skipped_seconds.append(_worked(each.lead_time))

    def add_record(self, record: LabelledRecord, outcome: DraftOutcome) -> None:
        """Count the annotation that counts."""
        self._kept[record.completed_by][outcome] += 1

    def figures(self) -> tuple[AnnotatorFigures, ...]:
        """Everybody, those with most answers first."""
        everybody = {*self._answers, *self._skipped}
        order = sorted(everybody, key=lambda who: (-self._answers[who], who is None, who or 0))
        return tuple(
            AnnotatorFigures(
                id=who,
                answers=self._answers[who],
                skipped=self._skipped[who],
                kept=dict(self._kept[who]),
                findings=self._findings[who],
                median_seconds=statistics.median(self._seconds[who])
                if self._seconds[who]
                else None,
                last_at=self._last.get(who),
            )
            for who in order
        )


@dataclass(frozen=True)
class AnnotatorNames:
    """What a report calls each annotator.

    Attributes:
        letters: by Label Studio's number; None: they go by their number.
    """

    letters: Mapping[int, str] | None = None

    def of(self, annotator: int | None) -> str:
        """`Annotator 7`, or `A` where names are hidden."""
        if annotator is None:
            return "unknown"
        if self.letters is None:
            return f"Annotator {annotator}"
        return self.letters.get(annotator, "?")

    def place(self, annotator: int | None) -> tuple[int, str]:
        """Sorts by letter, where there are letters: an order by work would tell who is who."""
        letter = "" if self.letters is None else self.of(annotator)
        return len(letter), letter

    def hidden_in(self, text: str) -> str:
        """A sentence of a finding without the numbers of annotators, where names are hidden."""
        return text if self.letters is None else _NUMBERED.sub(self._named, text)

    def _named(self, found: re.Match[str]) -> str:
        numbers = [found[1], *re.findall(r"\d+", found[2])]
        letters = [self.of(int(number)) for number in numbers]
        return f"annotator{'s' if len(letters) > 1 else ''} {', '.join(letters)}"


def hidden_names(folder: DataFolder, annotators: Iterable[int | None]) -> AnnotatorNames:
    """A letter for each annotator, the same in every report of the project.

    Raises:
        SyncError: the folder can't be read or written.
    """
    try:
        stored = json.loads(folder.read(LETTERS) or b"{}")
        letters = {int(number): str(letter) for number, letter in stored.items()}
    except (ValueError, AttributeError):
        letters = {}
    known = len(letters)
    for annotator in sorted({each for each in annotators if each is not None} - letters.keys()):
        letters[annotator] = _letter(len(letters))
    if len(letters) > known:
        folder.write(LETTERS, json.dumps(letters) + "\n")
    return AnnotatorNames(letters)


def _median(seconds: Sequence[float]) -> float | None:
    return statistics.median(seconds) if seconds else None


def _worked(lead_time: float) -> float:
    return min(max(0.0, lead_time), MOST_SECONDS)


def _letter(place: int) -> str:
    """A, B, … Z, AA, AB, …"""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
