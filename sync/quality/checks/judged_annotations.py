"""Annotations as right or faulty, by what the other checks found and reviewers decided."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sync.quality.checks.check import CheckResult, WorkToCheck
from sync.records import LabelledRecord

# what a check says for sure enough to be held against somebody
_COUNTS = ("error", "warning")
_REVIEWED = "review"


@dataclass(frozen=True)
class JudgedAnnotation:
    """One person's finished task.

    Attributes:
        faults: the kinds of findings about it, and `review` where a reviewer rejected or amended
            it; none: it is right as far as anybody knows.
        stratum: tasks that are alike in difficulty, as far as a category tells.
    """

    annotator: int
    finished_at: datetime
    lead_time_s: float | None
    faults: frozenset[str]
    stratum: str

    @property
    def faulty(self) -> bool:
        return bool(self.faults)


def judged_annotations(
    work: WorkToCheck, results: Mapping[str, CheckResult]
) -> list[JudgedAnnotation]:
    """Those of everybody who is known, rejected ones, too.

    Args:
        results: of the other checks, by name.
    """
    faults: dict[int, set[str]] = {}
    for result in results.values():
        for finding in result.findings:
            if finding.annotation_id is not None and finding.severity in _COUNTS:
                faults.setdefault(finding.annotation_id, set()).add(finding.kind)
    every = (*work.labelled.records, *work.rejected)
    control = _commonest_control(work, every)
    return [
        JudgedAnnotation(
            record.completed_by,
            record.updated_at,
            record.provenance.lead_time_s,
            frozenset(faults.get(record.annotation_id, set()) | _by_review(record)),
            _labels(work, record).get(control, ""),
        )
        for record in every
        if record.completed_by is not None
    ]


def _by_review(record: LabelledRecord) -> set[str]:
    said = record.review
    return {_REVIEWED} if said is not None and said.decision in ("reject", "amend") else set()


def _labels(work: WorkToCheck, record: LabelledRecord) -> dict[str, str]:
    chosen = work.interface.labels(record.record)
    own = {name: chosen[name] for name in work.interface.category_controls if name in chosen}
    return {**record.categories, **own}


def _commonest_control(work: WorkToCheck, records: tuple[LabelledRecord, ...]) -> str:
    """The kind of category that most tasks have; "" where they have none."""
    counts = Counter(name for record in records for name in _labels(work, record))
    return max(counts, key=lambda name: (counts[name], name), default="")
