"""Checks of finished work as a whole, one module each, and one entry in `CHECKS`.

Each reads `WorkToCheck` and gives a `CheckResult`: its findings, and what it could not judge.
What one answer alone tells is for `sync.quality.text_checks`.
Open first: `check`.
"""

from typing import Any

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

# the options of those that have some: name in `labeltune.toml` -> frozen dataclass
OPTIONS: dict[str, type[Any]] = {
    "contradiction": contradictions.ContradictionOptions,
}

# the ones that run only where `labeltune.toml` or a profile says so
OFF_UNLESS_ASKED: frozenset[str] = frozenset()

__all__ = [
    "CHECKS",
    "OFF_UNLESS_ASKED",
    "OPTIONS",
    "SEVERITIES",
    "Check",
    "CheckResult",
    "Finding",
    "FindingSeverity",
    "WorkToCheck",
]
