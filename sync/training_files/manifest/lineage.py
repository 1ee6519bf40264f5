"""`lineage.jsonl`: where every line of a release comes from, one line a record.

A record is a finished task. General-purpose examples that were mixed in have lines of their own,
which name the file and line that they were taken from.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from label_configs.annotations.reviews import ReviewDecision
from label_configs.source_reasoning import DRAFT_CALLS, DRAFT_FIELD
from sync.common.errors import SyncError
from sync.common.json_text import from_json_line
from sync.common.source_task import ID_FIELD
from sync.records.draft_use import outcome_of
from sync.records.record import LabelledRecord
from sync.training_files.manifest import LINEAGE
from sync.training_files.manifest.line_writer import LineWriter

# numbers from 1, by file name
TracedLines = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Traced:
    """Where some lines of a release come from: one finished task.

    Attributes:
        lines: of every file that has any of this record.
        key: what splits and other releases know the record by.
        source_id: what `push` gave the task, if it did.
        annotator: Label Studio's id of who wrote the annotation.
        chosen_by: why this annotation and no other.
        review: a reviewer's `decision`, the `reviewer`, and the `task_id` and `annotation_id` of
            the review; None without one.
        draft_version: of the draft that the annotator opened.
        outcome: what became of the draft: accepted / edited / rewritten / rejected / no draft.
        copies: how often balancing wrote it.
        verdict: what the expert said of the draft; None: nothing, so its text tells the outcome.
        changed: the share of the draft's text that was changed, in [0, 1]; None: not known.
        draft_from: "source" where the draft was the answer that the task's source brought along;
            else None: it was the model's.
        acceptance: how likely the draft was thought to be accepted unchanged; None: not known.
        audit: the task was picked at random.
        history: who made what it says, from the draft to the last reviewer, where reviewers
            amended it, or several of them decided.
    """

    lines: TracedLines
    task_id: int
    key: str
    source_id: str | None
    annotation_id: int
    annotator: int | None
    chosen_by: str | None
    review: Mapping[str, Any] | None
    draft_version: str | None
    outcome: str
    split: str | None
    categories: Mapping[str, str]
    copies: int = 1
    verdict: str | None = None
    changed: float | None = None
    draft_from: str | None = None
    acceptance: float | None = None
    audit: bool = False
    history: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Mixed:
    """Where some lines of a release come from: a line of a general-purpose file."""

    lines: TracedLines
    mixed_from: str
    line: int


class LineageWriter(LineWriter):
    """A new `lineage.jsonl`."""

    def __init__(self, folder: Path) -> None:
        """Make the file in a release's folder.

        Raises:
            SyncError: it can't be written.
        """
        super().__init__(folder / LINEAGE)

    def record(
        self, record: LabelledRecord, lines: TracedLines, split: str | None = None, copies: int = 1
    ) -> None:
        """Add the lines that a record became.

        Raises:
            SyncError: the file can't be written.
        """
        made = record.provenance
        of_source = any(record.data.get(field) for field in (DRAFT_FIELD, DRAFT_CALLS))
        brought = made.draft_version is not None and of_source
        entry = {
            "task_id": record.task_id,
            "key": record.key,
            "source_id": record.data.get(ID_FIELD),
            "annotation_id": record.annotation_id,
            "annotator": record.completed_by,
            "chosen_by": record.chosen_by,
            "review": None if record.review is None else _verdict(record.review),
            "draft_version": made.draft_version,
            "outcome": outcome_of(record),
            "verdict": record.verdict,
            "changed": None if made.edit_distance is None else round(made.edit_distance, 4),
            **({"draft_from": "source"} if brought else {}),
            **({} if record.acceptance is None else {"acceptance": record.acceptance}),
            **({"audit": True} if record.is_audit else {}),
            **_history(record),
            "split": split,
            "categories": record.categories,
            "lines": lines,
        }
        if copies > 1:
            entry["copies"] = copies
        self.write(entry)

    def mixed(self, source: str, line: int, lines: TracedLines) -> None:
        """Add the lines that a general-purpose example became.

        Args:
            source: the file that it was taken from.
            line: its number there, from 1.

        Raises:
            SyncError: the file can't be written.
        """
        self.write({"mixed_from": source, "line": line, "lines": lines})


def _history(record: LabelledRecord) -> dict[str, Any]:
    """Who made what a record says; nothing where draft, annotator and review tell it already."""
    if record.before_review is None and not record.earlier_reviews:
        return {}
    version = record.provenance.draft_version
    drafted = [] if version is None else [{"by": "model", "draft_version": version}]
    written = {
        "by": "annotator",
        "annotator": record.completed_by,
        "annotation_id": record.annotation_id,
    }
    decided = (*record.earlier_reviews, *([] if record.review is None else [record.review]))
    reviews = [
        {"by": "reviewer", **({"tier": each.tier_name} if each.tier_name else {}), **_verdict(each)}
        for each in decided
    ]
    return {"history": [*drafted, written, *reviews]}


def _verdict(review: ReviewDecision) -> dict[str, Any]:
    return {
        "decision": review.decision,
        "reviewer": review.reviewer,
        "task_id": review.task_id,
        "annotation_id": review.annotation_id,
    }


def read_lineage(folder: Path) -> Iterator[Traced | Mixed]:
    """The lineage of a release, entry by entry.

    Raises:
        SyncError: there is none, or it can't be read.
    """
    path = folder / LINEAGE
    number = 1
    try:
        with path.open("rb") as file:
            for line in file:
                entry = from_json_line(line)
                yield Mixed(**entry) if "mixed_from" in entry else Traced(**entry)
                number += 1
    except OSError as error:
        raise SyncError(f"{path}: can't be read ({error.strerror or error})") from error
    except (ValueError, TypeError) as error:
        raise SyncError(
            f"{path}, line {number}: not the lineage of an export of this version; export again"
        ) from error


def tasks_of_lines(folder: Path, file: str, numbers: Collection[int]) -> dict[int, Traced | Mixed]:
    """Where lines of a file come from, by number, in one pass that stops at the last of them.

    Args:
        file: the name of a file of the release.
        numbers: of its lines, from 1; those that it does not have are not in the result.

    Raises:
        SyncError: there is no lineage, or it can't be read.
    """
    wanted = set(numbers)
    found: dict[int, Traced | Mixed] = {}
    for entry in read_lineage(folder) if wanted else ():
        for number in wanted.intersection(entry.lines.get(file, ())):
            found[number] = entry
            wanted.remove(number)
        if not wanted:
            break
    return found


def task_of_line(folder: Path, file: str, line: int) -> Traced | Mixed | None:
    """Where one line of a file comes from; None where the file has no such line.

    Raises:
        SyncError: there is no lineage, or it can't be read.
    """
    return tasks_of_lines(folder, file, [line]).get(line)


def keys_of_lines(folder: Path, file: str) -> dict[int, str | None]:
    """What the key file knows the tasks of all lines of a file by, by number; None for others.

    Raises:
        SyncError: there is no lineage, or it can't be read.
    """
    return {
        number: entry.key if isinstance(entry, Traced) else None
        for entry in read_lineage(folder)
        for number in entry.lines.get(file, ())
    }
