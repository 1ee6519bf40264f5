"""Finished annotations that lack something: Label Studio's page takes an emptied editor."""

from sync.quality.checks.check import CheckResult, Finding, WorkToCheck


def check(work: WorkToCheck) -> CheckResult:
    """One error for each; what is wrong with calls of tools is `tool_calls`' matter."""
    return CheckResult(
        tuple(
            Finding(
                kind="incomplete",
                severity="error",
                task_id=record.task_id,
                annotation_id=record.annotation_id,
                score=0.0,
                message=f"{missing}; complete it or reject the draft",
                url=work.url_of(record.task_id),
            )
            for record, missing in zip(work.labelled.records, work.missing, strict=True)
            if missing is not None and not work.interface.call_faults(record.record, record.data)
        )
    )
