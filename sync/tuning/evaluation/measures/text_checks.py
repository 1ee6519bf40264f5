"""The project's own text checks on answers: required phrases, facts of the material, format.

The same checks, with the same settings, that `labeltune check` runs on experts' answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from sync.quality.chosen_checks import chosen_checks
from sync.quality.text_checks.checked_text import CheckedText, TextCheck, checked_text
from sync.tuning.evaluation.measures.measure import (
    AnsweredItems,
    Answers,
    MeasuredSeries,
    as_values,
)
from sync.tuning.evaluation.statistics.intervals import ItemValues

# of all checks together
ALL = "checks"
# what judges an expert's work, or what only an expert says beside the answer
OF_EXPERTS = frozenset({"too_fast", "conclusion", "unanswered_intent"})


def measure(answered: AnsweredItems) -> Iterator[MeasuredSeries]:
    """Whether an answer passes every check, then each check that some answer fails.

    A note is no failure; without an answer, every check fails.
    """
    checks = answers_checks(answered)
    if not checks:
        return
    texts = [
        checked_text(item.record, answered.interface, answered.config.label_studio.profile)
        for item in answered.items
    ]
    own: list[str | None] = [item.reference for item in answered.items]
    passed = {arm: _passed(texts, answers, checks) for arm, answers in answered.answers.items()}
    expert = _passed(texts, own, checks)
    yield _series(ALL, "passes all checks", {a: _all(p) for a, p in passed.items()}, _all(expert))
    for name in checks:
        by_arm = {arm: each[name] for arm, each in passed.items()}
        if any(np.any(values == 0) for values in by_arm.values()):
            yield _series(f"{ALL}.{name}", f"passes {name}", by_arm, expert[name])


def answers_checks(answered: AnsweredItems) -> Mapping[str, TextCheck]:
    """The checks that a model's answer can pass or fail.

    Raises:
        ConfigError: a check or an option is unknown.
    """
    chosen = chosen_checks(answered.config).of_texts
    return {name: check for name, check in chosen.items() if name not in OF_EXPERTS}


def _series(
    name: str, told: str, values: Mapping[str, ItemValues], expert: ItemValues
) -> MeasuredSeries:
    return MeasuredSeries(
        name,
        told,
        "share",
        passes=True,
        higher_is_better=True,
        values=values,
        expert=expert,
        is_main=name == ALL,
    )


def _passed(
    texts: list[CheckedText | None], answers: Answers, checks: Mapping[str, TextCheck]
) -> dict[str, ItemValues]:
    """By check, (n,) of 1 and 0; NaN where a check can't judge."""
    found: dict[str, list[bool | None]] = {name: [] for name in checks}
    for text, answer in zip(texts, answers, strict=True):
        said = None if text is None or answer is None else _as_answered(text, answer)
        for name, check in checks.items():
            outcome = None if text is None else said is not None and _passes(check, said)
            found[name].append(outcome)
    return {name: as_values(values) for name, values in found.items()}


def _as_answered(text: CheckedText, answer: str) -> CheckedText:
    """A finished task as if the model's answer were the expert's."""
    return replace(text, answer=answer, reasoning=(), intents=(), draft=None, lead_time_s=None)


def _passes(check: TextCheck, text: CheckedText) -> bool | None:
    try:
        return not any(fault.severity != "info" for fault in check(text))
    except Exception:  # noqa: BLE001 - one text that a check can't take stops no other
        return None


def _all(passed: Mapping[str, ItemValues]) -> ItemValues:
    """(n,): 1 where every check that could judge passes."""
    rows = np.array(list(passed.values()))
    if not len(rows):
        return np.empty(0)
    whole = np.where(np.isnan(rows), 1.0, rows).min(axis=0)
    return np.where(np.isnan(rows).all(axis=0), np.nan, whole)
