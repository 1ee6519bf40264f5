"""What a corrected chain of reasoning teaches: which steps are right, and how it should run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from label_configs.answer_pair import alike
from label_configs.lessons import JudgedSteps
from label_configs.step_rows import Step

CORRECT, WRONG = "correct", "wrong"


def with_drafts(steps: Sequence[Step], data: Mapping[str, Any]) -> Iterator[tuple[Step, str]]:
    """Each step with the words that were drafted for it; "" for what the expert inserted.

    Args:
        steps: all of a record.
        data: of the task; its `steps` hold a text each, in the order of the rows.
    """
    rows: Iterator[Mapping[str, Any]] = iter(data.get("steps") or ())
    for step in steps:
        row: Mapping[str, Any] = {} if step.inserted else next(rows, {})
        yield step, row.get("text", "").strip()


def judged_draft(steps: Sequence[Step], data: Mapping[str, Any]) -> JudgedSteps | None:
    """The chain as it was drafted, up to and including the first step that is wrong.

    What follows a wrong step rests on it, so it is not labelled, as in PRM800K (Lightman et al.
    2023, "Let's Verify Step by Step"). A doubtful step, or one without a verdict, ends the chain
    before it: the expert called it neither right nor wrong, so either label would be a guess.
    """
    texts: list[str] = []
    labels: list[bool] = []
    for step, drafted in with_drafts(steps, data):
        if step.inserted:
            continue
        if not drafted or step.verdict not in (CORRECT, WRONG):
            break
        texts.append(drafted)
        labels.append(step.verdict == CORRECT)
        if step.verdict == WRONG:
            break
    return JudgedSteps(tuple(texts), tuple(labels)) if texts else None


def judged_correction(steps: Sequence[Step], data: Mapping[str, Any]) -> JudgedSteps | None:
    """The chain as the expert left it, all of it right.

    It ends before a step that stands as drafted and was not called correct.
    """
    texts: list[str] = []
    for step, drafted in with_drafts(steps, data):
        if step.dropped or not step.text.strip():
            continue
        if _stands(step, drafted) and step.verdict != CORRECT:
            break
        texts.append(step.text.strip())
    return JudgedSteps(tuple(texts), (True,) * len(texts)) if texts else None


def adds_to(found: JudgedSteps, known: JudgedSteps | None) -> bool:
    """Whether a chain of right steps is not just the beginning of a known chain."""
    if known is None:
        return True
    right = tuple(text for text, label in zip(known.steps, known.labels, strict=True) if label)
    return right[: len(found.steps)] != found.steps


def holds_wrong(steps: Sequence[Step], data: Mapping[str, Any]) -> bool:
    """Whether a step that was called wrong still stands in the chain as it was drafted."""
    return any(
        step.verdict == WRONG and not step.dropped and step.text.strip() and _stands(step, drafted)
        for step, drafted in with_drafts(steps, data)
    )


def _stands(step: Step, drafted: str) -> bool:
    """Whether a step still has its drafted words, or the draft is not known."""
    return not step.inserted and (not drafted or alike(step.text, drafted))
