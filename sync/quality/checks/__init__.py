"""Checks of finished work, one module each, and one entry in `CHECKS`.

Each reads `WorkToCheck` and gives a `CheckResult`: its findings, and what it could not judge.
Open first: `check`.
"""

from sync.quality.checks import (
    contradictions,
    incomplete,
    label_errors,
    leftovers,
    personal_data,
    tool_calls,
    unlisted,
    unreadable,
)
from sync.quality.checks.check import (
    SEVERITIES,
    Check,
    CheckResult,
    Finding,
    FindingSeverity,
    WorkToCheck,
)

CHECKS: dict[str, Check] = {
    "unreadable": unreadable.check,
    "incomplete": incomplete.check,
    "tool_call": tool_calls.check,
    "unlisted_category": unlisted.check,
    "leftover": leftovers.check,
    "personal_data": personal_data.check,
    "invented_placeholder": personal_data.check_placeholders,
    "label_error": label_errors.check,
    "contradiction": contradictions.check,
}

__all__ = [
    "CHECKS",
    "SEVERITIES",
    "Check",
    "CheckResult",
    "Finding",
    "FindingSeverity",
    "WorkToCheck",
]
