"""Personal data in finished work, and placeholders that a model invented; values are never told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from sync.intake.redaction.in_finished_work import said
from sync.intake.redaction.placeholders import Secrets
from sync.quality.checks.check import (
    CheckResult,
    Finding,
    FindingSeverity,
    PersonalTask,
    WorkToCheck,
)

_REDACT = 'set export.personal_data = "redact"'


def check(work: WorkToCheck) -> CheckResult:
    """One finding for each task and place: what a person wrote is worse than what a draft says."""
    return CheckResult(tuple(finding for task in work.personal for finding in _of_task(work, task)))


def check_placeholders(work: WorkToCheck) -> CheckResult:
    """One error for each task whose answer has a placeholder that stands for nothing."""
    return CheckResult(
        tuple(
            work.finding(
                task, "invented_placeholder", "error", 0.0,
                f"{', '.join(task.found.invented)} in the answer stands for nothing in the task; "
                "correct the answer",
            )
            for task in work.personal
            if task.found.invented
        )
    )  # fmt: skip


def without_known(
    tasks: tuple[PersonalTask, ...], secrets: Callable[[], Mapping[str, Secrets]]
) -> tuple[PersonalTask, ...]:
    """Tasks without those placeholders that the key file knows of them.

    Args:
        secrets: reads the key file; asked only where there is a placeholder to look up.
    """
    if not any(task.found.invented for task in tasks):
        return tasks
    known = secrets()
    kept = (_without(task, known.get(task.key, {})) for task in tasks)
    return tuple(task for task in kept if task.found)


def _without(task: PersonalTask, known: Secrets) -> PersonalTask:
    invented = tuple(mark for mark in task.found.invented if mark not in known)
    return replace(task, found=replace(task.found, invented=invented))


def _of_task(work: WorkToCheck, task: PersonalTask) -> Iterator[Finding]:
    found, replaced = task.found, work.exported_as == "redact"
    severity: FindingSeverity = "warning" if replaced else "error"
    if found.answer:
        remedy = "`labeltune export` replaces it" if replaced else f"take it out, or {_REDACT}"
        text = f"personal data in the answer: {said(found.answer)}; {remedy}"
        yield work.finding(task, "personal_data", severity, 0.0, text)
    if found.task:
        remedy = "`labeltune export` replaces it" if replaced else _REDACT
        text = (
            f"personal data in the task itself, which was pushed without redaction: "
            f"{said(found.task)}; {remedy}, or push it again with --overwrite-annotated"
        )
        yield work.finding(task, "personal_data", severity, 0.0, text)
    if found.draft:
        remedy = "`labeltune export` replaces it" if replaced else _REDACT
        text = (
            f"personal data in the draft alone, which formats with bad answers hold: "
            f"{said(found.draft)}; {remedy}"
        )
        yield work.finding(task, "personal_data", "warning", 0.5, text)
