"""What the last check found about single annotations, as a review needs it."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sync.common.errors import SyncError
from sync.quality.checks import SEVERITIES, FindingSeverity
from sync.table import last_runs
from sync.table.data_folder import DataFolder

FINDINGS = "findings.jsonl"


@dataclass(frozen=True, slots=True)
class ReviewFinding:
    """One finding about an annotation.

    Attributes:
        kind: the check's name.
        score: in [0, 1], low = look at this first.
        suggested: the label that fits better; None where the check knows none.
    """

    kind: str
    severity: FindingSeverity
    message: str
    score: float
    suggested: str | None = None

    def to_data(self) -> dict[str, Any]:
        """As a review's page shows it; a score to a tenth, since each check moves it a little."""
        return {"check": self.kind, "message": self.message, "score": round(self.score, 1)}


@dataclass(frozen=True)
class KnownFindings:
    """Findings of the last check by annotation, the worst first.

    Attributes:
        table_version: of the work that was checked; None: nothing was checked yet.
        at: when it was checked.
    """

    by_annotation: Mapping[int, Sequence[ReviewFinding]] = field(default_factory=dict)
    table_version: int | None = None
    at: datetime | None = None

    @classmethod
    def read(cls, folder: DataFolder) -> "KnownFindings":
        """Those that the last check wrote.

        Raises:
            SyncError: the folder, or what a check wrote, can't be read.
        """
        noted = last_runs.recall(folder, "check")
        if noted is None:
            return cls()
        content = folder.read(FINDINGS) or b""
        try:
            # not splitlines: a message may hold other line breaks
            found = _by_annotation(json.loads(line) for line in content.split(b"\n") if line)
            at = datetime.fromisoformat(str(noted["at"]))
            return cls(found, int(noted["table_version"]), at)
        except (ValueError, TypeError, LookupError) as error:
            raise SyncError(
                f"{folder.location(FINDINGS)}: can't be read as findings of this LabelTune; run "
                "`labeltune check` again"
            ) from error

    def about(
        self, annotation_ids: Iterable[int], least: FindingSeverity
    ) -> tuple[ReviewFinding, ...]:
        """Findings about any of these annotations that are as severe as this, or more."""
        severe = SEVERITIES[: SEVERITIES.index(least) + 1]
        found = (one for each in annotation_ids for one in self.by_annotation.get(each, ()))
        return tuple(one for one in found if one.severity in severe)

    def is_older_than(self, work: Iterable[datetime]) -> bool:
        """Whether anything was answered after the check; drafts that arrive change no finding."""
        return self.at is not None and any(self.at < at for at in work)

    def annotations(self) -> Collection[int]:
        """Those about which there is any."""
        return self.by_annotation.keys()


def _by_annotation(lines: Iterable[Mapping[str, Any]]) -> dict[int, list[ReviewFinding]]:
    found: dict[int, list[ReviewFinding]] = {}
    for line in lines:
        if line["annotation_id"] is None or line["severity"] not in SEVERITIES:
            continue
        one = ReviewFinding(
            kind=str(line["kind"]),
            severity=line["severity"],
            message=str(line["message"]),
            score=float(line["score"]),
            suggested=line.get("suggested"),
        )
        found.setdefault(int(line["annotation_id"]), []).append(one)
    for several in found.values():
        several.sort(key=lambda one: (SEVERITIES.index(one.severity), one.score, one.kind))
    return found
