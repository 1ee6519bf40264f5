"""Checks of finished work as a whole, one module each, and one entry in `CHECKS`.

Each reads `WorkToCheck` and gives a `CheckResult`: its findings, and what it could not judge. Those
of `FOLLOW_UPS` run after all others, by what those found.
What one answer alone tells is for `sync.quality.text_checks`.
Open first: `check`.
"""

from typing import Any

from sync.quality.checks import (
    agreement,
    annotators,
    answered_twice,
    contradictions,
    drift,
    fatigue,
    imbalance,
    incomplete,
    judge,
    label_errors,
    leftovers,
    one_template,
    outliers,
    personal_data,
    tool_calls,
    uncovered,
    unequal_answers,
    unlisted,
    unreadable,
    unsupported_claims,
    unusual_length,
)
from sync.quality.checks.check import (
    SEVERITIES,
    Check,
    CheckResult,
    Finding,
    FindingSeverity,
    FollowUp,
    WorkToCheck,
)
from sync.quality.judge.connect import JudgeOptions

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
    "unequal_answer": unequal_answers.check,
    "unsupported_claim": unsupported_claims.check,
    "answered_twice": answered_twice.check,
    "outlier": outliers.check,
    "imbalance": imbalance.check,
    "drift": drift.check,
    "one_template": one_template.check,
    "uncovered_question": uncovered.check,
    "unusual_length": unusual_length.check,
    "judge": judge.check,
    "agreement": agreement.check,
}

# judge by what the others found, text checks among them
FOLLOW_UPS: dict[str, FollowUp] = {
    "annotator": annotators.check,
    "fatigue": fatigue.check,
}

# the options of those that have some: name in `labeltune.toml` -> frozen dataclass
OPTIONS: dict[str, type[Any]] = {
    "contradiction": contradictions.ContradictionOptions,
    "unequal_answer": unequal_answers.UnequalAnswerOptions,
    "unsupported_claim": unsupported_claims.UnsupportedClaimOptions,
    "answered_twice": answered_twice.AnsweredTwiceOptions,
    "outlier": outliers.OutlierOptions,
    "imbalance": imbalance.ImbalanceOptions,
    "drift": drift.DriftOptions,
    "one_template": one_template.OneTemplateOptions,
    "uncovered_question": uncovered.UncoveredOptions,
    "unusual_length": unusual_length.LengthOptions,
    "judge": JudgeOptions,
    "annotator": annotators.AnnotatorOptions,
    "fatigue": fatigue.FatigueOptions,
}

# the ones that run only where `labeltune.toml` or a profile says so
OFF_UNLESS_ASKED: frozenset[str] = frozenset({"judge", "unsupported_claim"})

__all__ = [
    "CHECKS",
    "FOLLOW_UPS",
    "OFF_UNLESS_ASKED",
    "OPTIONS",
    "SEVERITIES",
    "Check",
    "CheckResult",
    "Finding",
    "FindingSeverity",
    "FollowUp",
    "WorkToCheck",
]
