"""Categories that annotations hold and `labeltune.toml` does not list, as after a rename."""

from sync.quality.checks.check import CheckResult, Finding, WorkToCheck


def check(work: WorkToCheck) -> CheckResult:
    """One warning for each label and each kind, and for a control of somebody's own a note."""
    return CheckResult(
        tuple(
            Finding(
                kind="unlisted_category",
                severity="warning" if each.ours else "info",
                task_id=each.first[0][0],
                annotation_id=each.first[0][1],
                score=0.0 if each.ours else 1.0,
                message=each.sentence(),
                url=work.url_of(each.first[0][0]),
                control=each.kind,
                given=each.label,
            )
            for each in work.unlisted
        )
    )
