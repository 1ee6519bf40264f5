"""Checks of finished work: one module each, which reads `Work` and gives an `Outcome`."""

from sync.checks import contradictions, label_errors, unreadable
from sync.checks.finding import SEVERITIES, Check, Finding, Outcome, Severity, Work

CHECKS: dict[str, Check] = {
    "unreadable": unreadable.check,
    "label_error": label_errors.check,
    "contradiction": contradictions.check,
}

__all__ = ["CHECKS", "SEVERITIES", "Check", "Finding", "Outcome", "Severity", "Work"]
