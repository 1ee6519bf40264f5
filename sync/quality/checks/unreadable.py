"""Annotations that the project's interface can't decode: they would be lost from every release."""

from sync.quality.checks.check import CheckResult, WorkToCheck


def check(work: WorkToCheck) -> CheckResult:
    """One error for each."""
    return CheckResult(
        tuple(
            work.finding(found, "unreadable", "error", 0.0, found.reason)
            for found in work.labelled.unreadable
        )
    )
