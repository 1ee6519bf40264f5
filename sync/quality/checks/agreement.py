"""How far annotators agree on the tasks that several of them finished; it finds nothing by itself.

Its figures are an `AgreementReport` as plain values, and its notes a line a control.
"""

from dataclasses import asdict

from sync.quality.agreement.measure import agreement
from sync.quality.checks.check import CheckResult, WorkToCheck

KIND = "agreement"


def check(work: WorkToCheck) -> CheckResult:
    """Measure every control and the answers; nothing is said where no task is shared."""
    if not work.shared.tasks:
        return CheckResult()
    report = agreement(work.shared, work.interface, work.shared_answers, work.unread_shared)
    several = f"{report.shared_tasks:,} of {report.finished_tasks:,} finished tasks"
    notes = [f"Agreement, on {several}: {said}" for said in report.sentences()]
    return CheckResult(notes=tuple(notes), figures=asdict(report))
