"""What a finished record teaches: conversations, better and worse answers, judged steps."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from label_configs.answer_turns import TextOrTurns, Turns, answer_text, same_answer
from label_configs.source_reasoning import answer_turn
from label_configs.visible_text import visible_text

Record = TypeVar("Record")
TrainingTurn = dict[str, Any]


@dataclass(frozen=True)
class PreferencePair:
    """What preference training learns from: two answers that differ.

    Attributes:
        chosen: the better answer, as the expert left it.
        rejected: the worse one, as it was drafted.
        slight: the expert called the difference slight.
        prompt: what both of them answer; None: the turns that the model was asked with.
    """

    chosen: TextOrTurns
    rejected: TextOrTurns
    slight: bool = False
    prompt: Turns | None = None


@dataclass(frozen=True)
class JudgedAnswer:
    """An answer that is not blank, and whether an expert found it good.

    Attributes:
        prompt: as `PreferencePair.prompt`.
    """

    answer: TextOrTurns
    good: bool
    prompt: Turns | None = None


@dataclass(frozen=True)
class JudgedSteps:
    """A chain of reasoning, and whether each step is right.

    Attributes:
        steps: at least one, none of them blank.
        labels: as many; only the last may be False.
    """

    steps: tuple[str, ...]
    labels: tuple[bool, ...]


class Lessons(ABC, Generic[Record]):
    """What is learnt from the records of an interface.

    The defaults suit a record with one answer and, where it has one, a `verdict` on its draft:
    accept / edit / rewrite / reject. In all of it `draft` is the record that the expert opened, or
    None where there was none or it is gone.

    Attributes:
        judges_turns: whether the expert says of every turn of the assistant's if it is learnt.
        answers_compare: whether two tasks that ask the same should be answered alike.
    """

    judges_turns: ClassVar[bool] = False
    answers_compare: ClassVar[bool] = True

    @abstractmethod
    def answer(self, record: Record) -> str:
        """The text that the end user would read; drafts are compared by it."""

    @abstractmethod
    def accepted_answer(self, record: Record, data: Mapping[str, Any]) -> str | None:
        """The answer to train on, or None when the expert rejected it or left none."""

    def training_turns(self, record: Record, data: Mapping[str, Any]) -> list[TrainingTurn] | None:
        """The conversation to train on, or None when nothing in it was accepted.

        Returns:
            Messages as the task holds them, which nobody may change, then the accepted answer. An
            assistant's turn with `weight` 0 is not to be learnt: no expert vouched for it.
        """
        turn = self.accepted_turn(record, data)
        if turn is None:
            return None
        turns = [
            {**turn, "weight": 0} if turn["role"] == "assistant" else turn
            for turn in data["messages"]
        ]
        return [*turns, turn]

    def accepted_turn(self, record: Record, data: Mapping[str, Any]) -> TrainingTurn | None:
        """The accepted answer as the turn that training has, or None."""
        answer = self.accepted_answer(record, data)
        return None if answer is None else answer_turn(answer, data)

    def preference_pairs(
        self, record: Record, data: Mapping[str, Any], draft: Record | None
    ) -> list[PreferencePair]:
        """Better and worse answers to the same; they differ in more than white space.

        The accepted answer is better than the draft that it was made of.
        """
        pair = preferred(self._accepted(record, data), self._drafted(draft))
        return [] if pair is None else [pair]

    def judged_answers(
        self, record: Record, data: Mapping[str, Any], draft: Record | None
    ) -> list[JudgedAnswer]:
        """Answers that are good or bad by themselves, none of them twice.

        The accepted answer is good. The draft is bad where it was rejected or written anew; one
        that was edited is neither. Of a rejected answer whose draft is gone nobody knows what the
        expert saw, so it teaches nothing.
        """
        verdict = getattr(record, "verdict", None)
        bad = [self._drafted(draft)] if verdict in ("rewrite", "reject") else []
        return judged([self._accepted(record, data)], bad)

    def judged_steps(self, record: Record, data: Mapping[str, Any]) -> list[JudgedSteps]:
        """Chains of reasoning with a verdict on each step; none where answers have no steps."""
        return []

    def reasoning(self, record: Record, data: Mapping[str, Any]) -> str | None:
        """The reasoning that leads to the accepted answer, as one text, or None."""
        return None

    def reasoning_parts(self, record: Record, data: Mapping[str, Any]) -> Sequence[str]:
        """The same reasoning, step by step; none where there is none."""
        whole = self.reasoning(record, data)
        return () if whole is None else (whole,)

    def cut_short(self, record: Record, data: Mapping[str, Any]) -> str | None:
        """Why less is learnt than what the expert accepted, as a sentence's beginning; or None."""
        return None

    def with_answer(self, record: Record, text: str) -> Record | None:
        """The record with this text as its accepted answer, as a reviewer amended it.

        Returns:
            None where the record has no place for it, or the text is blank.
        """
        return None

    def _accepted(self, record: Record, data: Mapping[str, Any]) -> TextOrTurns | None:
        """The accepted answer as it is compared with others: whole, but for its reasoning."""
        return self.accepted_answer(record, data)

    def _drafted(self, draft: Record | None) -> TextOrTurns:
        return "" if draft is None else self.answer(draft).strip()


def preferred(
    chosen: TextOrTurns | None,
    rejected: TextOrTurns,
    slight: bool = False,
    prompt: Turns | None = None,
) -> PreferencePair | None:
    """A pair, or None where one of the two is missing or they differ in white space at most."""
    if not chosen or not rejected or same_answer(chosen, rejected):
        return None
    return PreferencePair(chosen, rejected, slight, prompt)


def judged(
    good: Sequence[TextOrTurns | None],
    bad: Sequence[TextOrTurns | None],
    prompt: Turns | None = None,
) -> list[JudgedAnswer]:
    """Answers and whether they are good; blank and repeated answers are left out.

    One that stands in both lists is good: that is what the expert let pass in the end.
    """
    found: list[JudgedAnswer] = []
    for answers, label in ((good, True), (bad, False)):
        for answer in answers:
            blank = not answer or not visible_text(answer_text(answer))
            if answer and not blank and not any(same_answer(answer, f.answer) for f in found):
                found.append(JudgedAnswer(answer, label, prompt))
    return found


def with_answer_verdict(verdict: str | None) -> str | None:
    """The verdict on a draft whose answer was amended afterwards: it was not as good as it is."""
    return {"reject": "rewrite", "accept": "edit"}.get(verdict or "", verdict)
