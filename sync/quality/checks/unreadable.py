"""Annotations that the project's interface can't decode: they would be lost from every release."""

from sync.quality.checks.check import CheckResult, Finding, WorkToCheck


def check(work: WorkToCheck) -> CheckResult:
    """One error for each."""
    return CheckResult(
        tuple(
            Finding(
                kind="unreadable",
                severity="error",
                task_id=found.task_id,
                annotation_id=found.annotation_id,
                score=0.0,
                message=found.reason,
                url=work.url_of(found.task_id),
            )
            for found in work.labelled.unreadable
        )
    )
