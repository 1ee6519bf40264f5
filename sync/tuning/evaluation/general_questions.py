"""What a model may have forgotten: 64 general questions of ours, and whether it still answers them.

They have nothing to do with any project, and no prompt of a project stands before them. They tell
one model before and after its tuning apart; of how good a model is they say little.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from sync.tuning.evaluation.arms.arm import EvaluatedArm
from sync.tuning.evaluation.arms.prompts import ArmRequest, plain_request
from sync.tuning.evaluation.measures.measure import Answers, MeasuredSeries, as_values

FILE = "general_questions.jsonl"
ACCURACY, LOSS = "general.accuracy", "general.loss"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class GeneralQuestion:
    """A question that has one answer.

    Attributes:
        answers: any of them is right.
        reply: a sentence that says it, for the loss.
    """

    kind: str
    question: str
    answers: tuple[str, ...]
    reply: str

    @property
    def messages(self) -> list[Mapping[str, Any]]:
        """As it is asked."""
        return [{"role": "user", "content": self.question}]

    def is_answered(self, reply: str | None) -> bool:
        """Whether a reply says one of the answers, word by word."""
        said = f" {_plain(reply or '')} "
        return any(f" {_plain(answer)} " in said for answer in self.answers)


@cache
def general_questions() -> tuple[GeneralQuestion, ...]:
    """All questions."""
    text = resources.files(__package__ or "").joinpath(FILE).read_text(encoding="utf-8")
    read = (json.loads(line) for line in text.splitlines())
    return tuple(GeneralQuestion(**{**row, "answers": tuple(row["answers"])}) for row in read)


@dataclass(frozen=True)
class GeneralAnswers:
    """What models said to the general questions, by one arm of each.

    Attributes:
        losses: of the sentences that answer them, in nats a byte; arms without are absent.
    """

    answers: Mapping[str, Answers]
    losses: Mapping[str, list[float | None]]


def general_requests() -> list[ArmRequest]:
    """The questions as they are asked."""
    return [plain_request(question.messages) for question in general_questions()]


def one_arm_a_model(arms: tuple[EvaluatedArm, ...]) -> list[EvaluatedArm]:
    """One arm of each model: a project's prompt says nothing of what the model has forgotten."""
    found: dict[tuple[object, ...], EvaluatedArm] = {}
    for arm in arms:
        found.setdefault((arm.base_url, arm.model, arm.made_of, arm.adapter_scale), arm)
    return list(found.values())


def general_series(
    answers: Mapping[str, Answers], losses: Mapping[str, list[float | None]]
) -> Iterator[MeasuredSeries]:
    """The share that is answered, and the loss on the sentences that answer them.

    Args:
        answers, losses: by arm, one a question.
    """
    asked = general_questions()
    right = {
        arm: as_values([q.is_answered(reply) for q, reply in zip(asked, replies, strict=True)])
        for arm, replies in answers.items()
    }
    yield MeasuredSeries(
        ACCURACY,
        "general questions answered",
        "share",
        passes=True,
        higher_is_better=True,
        values=right,
    )
    if losses:
        told = {arm: as_values(values) for arm, values in losses.items()}
        yield MeasuredSeries(
            LOSS,
            "loss on general answers",
            "number",
            passes=False,
            higher_is_better=False,
            values=told,
        )


def loss_rise(series: MeasuredSeries, arm: str, base: str) -> float | None:
    """By what share the mean general loss of an arm is above its base's; None: not measured."""
    if arm not in series.values or base not in series.values:
        return None
    first, second = series.values[arm], series.values[base]
    both = ~(np.isnan(first) | np.isnan(second))
    if not both.any():
        return None
    return float(first[both].mean() / second[both].mean() - 1)


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold().replace("\u2082", "2")))
