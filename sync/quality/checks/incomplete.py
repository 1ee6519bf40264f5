"""Finished annotations that lack something: Label Studio's page takes an emptied editor."""

from sync.quality.checks.check import CheckResult, WorkToCheck


def check(work: WorkToCheck) -> CheckResult:
    """One error for each; what is wrong with calls of tools is `tool_calls`' matter."""
    return CheckResult(
        tuple(
            work.finding(
                record, "incomplete", "error", 0.0, f"{missing}; complete it or reject the draft"
            )
            for record, missing in zip(work.labelled.records, work.missing, strict=True)
            if missing is not None and not work.interface.call_faults(record.record, record.data)
        )
    )
