"""Two answers to compare: checked, and put side by side in an order that hides their sources."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from label_configs import rendering
from label_configs.errors import LabelConfigError

_FIRST = 8  # words
NO_DRAFT = '<p class="lt-hint">No draft yet</p>'


@dataclass(frozen=True)
class Answer:
    """One of the two; `source` is the model or sample that it comes from, "" when unknown."""

    text: str = ""
    source: str = ""


@dataclass(frozen=True)
class AnswerPair:
    """Two answers and their sides, as a task's data records them under `pair`."""

    left: Answer
    right: Answer

    def to_json(self) -> dict[str, Any]:
        """Plain values for task data; nothing before there is a draft."""
        return {} if self == EMPTY else asdict(self)

    def html(self) -> dict[str, str]:
        """What the page shows of them: their texts only, since a source would bias the choice."""
        return {"left_html": _html(self.left.text), "right_html": _html(self.right.text)}


EMPTY = AnswerPair(Answer(), Answer())


def in_order(messages: Sequence[Mapping[str, Any]], one: Answer, another: Answer) -> AnswerPair:
    """Two answers on the sides that a hash of conversation and texts gives them.

    So neither the side nor the order in which they came tells anything of an answer, and the same
    two come out alike again.
    """
    first, second = sorted((one, another), key=lambda answer: answer.text)
    said = [[turn["role"], turn["content"]] for turn in messages]
    hashed = hashlib.sha256(json.dumps([said, first.text, second.text]).encode()).digest()
    return AnswerPair(second, first) if hashed[0] % 2 else AnswerPair(first, second)


def recorded_pair(data: Mapping[str, Any]) -> AnswerPair:
    """The pair in a task's data; `EMPTY` before there is one."""
    pair = data.get("pair")
    return AnswerPair(_answer(pair["left"]), _answer(pair["right"])) if pair else EMPTY


def task_pair(data: Mapping[str, Any]) -> AnswerPair:
    """The pair that a task's own `answers` make, else the recorded one.

    Once recorded, the sides stay, even if somebody corrects the conversation later: annotations
    name sides, not texts.
    """
    recorded = recorded_pair(data)
    own = [_answer(answer) for answer in data.get("answers") or ()]
    sides = {recorded.left.text, recorded.right.text}
    if not own or sides == {answer.text for answer in own}:
        return recorded
    return in_order(data["messages"], *own)


def check_answers(answers: Any, where: str) -> None:
    """Check the answers that a task brings along: two that differ, or nothing.

    Raises:
        LabelConfigError: naming the answer, what was expected and what came.
    """
    if answers is None:
        return
    if not isinstance(answers, list) or len(answers) != 2:
        found = len(answers) if isinstance(answers, list) else type(answers).__name__
        raise LabelConfigError(
            f"{where}: 'answers' must be a list of exactly two {{text, source}}, found {found}; "
            "leave it out to have both drafted"
        )
    for i, answer in enumerate(answers, start=1):
        text = answer.get("text") if isinstance(answer, Mapping) else None
        if not isinstance(text, str) or not text.strip():
            raise LabelConfigError(
                f"{where}: answer {i} must hold 'text' that is not blank; add it, or leave "
                "'answers' out to have both drafted"
            )
        source = answer.get("source")
        if source is not None and not isinstance(source, str):
            raise LabelConfigError(
                f"{where}: answer {i} has a source that is no text but {type(source).__name__}; "
                "name its model, or leave the source out"
            )
    if alike(*(answer["text"] for answer in answers)):
        raise LabelConfigError(
            f"{where}: both answers say the same, so there is nothing to compare; correct one, "
            "or leave 'answers' out to have both drafted"
        )


def alike(one: str, another: str) -> bool:
    """Whether two texts differ in blanks and line breaks at most."""
    # most that differ do so in their first words, and then the rest need not be cut up
    first, other = one.split(None, _FIRST)[:_FIRST], another.split(None, _FIRST)[:_FIRST]
    return first == other and one.split() == another.split()


def _answer(raw: Mapping[str, Any]) -> Answer:
    return Answer(raw["text"], raw.get("source") or "")


def _html(text: str) -> str:
    if not text:
        return NO_DRAFT
    return f'<div class="lt-markdown">{rendering.markdown_html(text)}</div>'
