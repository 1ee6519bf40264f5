"""Finished answers that still hold what a model's server left in the draft, and would be learnt."""

from collections.abc import Iterator

from label_configs.content import text_of
from label_configs.raw_reply import Leftover, leftover
from sync.quality.checks.check import CheckResult, FindingSeverity, WorkToCheck
from sync.records import LabelledRecord

# where it may be meant, such as in an answer about prompts
DOUBTFUL = 0.5


def check(work: WorkToCheck) -> CheckResult:
    """One finding for each task: an error where a server leaves it so, else a warning."""
    found = []
    for record in work.labelled.records:
        left = _worst(work, record)
        if left is not None:
            advice = "take it out" if left.certain else "take it out unless it is meant"
            message = f"the answer holds {left.what}, which would be learnt with it; {advice}"
            severity: FindingSeverity = "error" if left.certain else "warning"
            score = 0.0 if left.certain else DOUBTFUL
            found.append(work.finding(record, "leftover", severity, score, message))
    return CheckResult(tuple(found))


def _worst(work: WorkToCheck, record: LabelledRecord) -> Leftover | None:
    found = [left for text in _learnt(work, record) if (left := leftover(text)) is not None]
    return min(found, key=lambda left: not left.certain, default=None)


def _learnt(work: WorkToCheck, record: LabelledRecord) -> Iterator[str]:
    """Every text of the assistant's that a release would teach."""
    accepted = work.interface.accepted_answer(record.record, record.data)
    if accepted is not None:
        yield accepted
    for turn in work.interface.training_turns(record.record, record.data) or ():
        content = text_of(turn.get("content"))
        learnt = turn["role"] == "assistant" and turn.get("weight", 1) != 0
        if learnt and content != accepted:
            yield content
