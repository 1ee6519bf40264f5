"""What further samples pay: policies of drawing them, on the same stored replies."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from benchmarks.ordered.policies import RESAMPLES, Asked, Drawing, compared
from benchmarks.ordered.replies import Stored
from benchmarks.ranked.questions import INTERFACE, SETS, Question, is_right
from benchmarks.ranked.replies import SAMPLES, Replied
from connectors.embedding import Encoder
from drafting.draft_task import Draft
from drafting.project_settings import LLMSettings


def measured(
    asked: Sequence[Question],
    replies: Mapping[str, Replied],
    encoder: Callable[[], Encoder],
    resamples: int = RESAMPLES,
) -> dict[str, Any]:
    """Every policy's figures by set of questions; without sets that are all right or all wrong.

    Args:
        asked: questions of one part, of which some have replies.
    """
    found: dict[str, Any] = {}
    for kind, one in SETS.items():
        tasks = [
            Asked(
                question.data,
                partial(Stored, replies[question.key].reply),
                partial(_is_right, question),
            )
            for question in asked
            if question.kind == kind and question.key in replies
        ]
        settings = LLMSettings(samples=SAMPLES, max_tokens=one.max_tokens, examples=0)
        if tasks:
            compare = Drawing(INTERFACE, settings, encoder)
            figures = compared(compare, tasks, resamples)
            if all(0.0 < row["right"] < 1.0 for row in figures.values()):
                found[kind] = {"questions": len(tasks), "policies": figures}
    return found


def _is_right(question: Question, draft: Draft) -> bool:
    return is_right(question, draft.record.response)
