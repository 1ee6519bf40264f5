"""`multi_turn`: edit every assistant turn of a conversation and choose which to train on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from label_configs import (
    call_cards,
    call_rows,
    drafted_turn,
    edited_reasoning,
    lessons,
    multi_turn_items,
    rendering,
)
from label_configs.added_calls import added_calls, without_result
from label_configs.answer_turns import answer_text, same_answer
from label_configs.assistant_turns import LEAVE_OUT, TRAIN, Turn, standing, with_reply
from label_configs.call_pairs import TaskMessage
from label_configs.content import calls_of
from label_configs.drafted_conversation import as_it_stands, with_drafted
from label_configs.edited_calls import AS_IT_WAS, TAKEN_OUT, faults_of_edits
from label_configs.edited_conversation import compared_turns, edited_conversation
from label_configs.errors import LabelConfigError
from label_configs.interface import Interface, ResultItem
from label_configs.lessons import JudgedAnswer, PreferencePair, TrainingTurn
from label_configs.multi_turn_items import MultiTurn
from label_configs.task_tools import tools_of
from label_configs.turn_rows import listed_calls, turn_rows
from label_configs.visible_text import visible_text

__all__ = ["LEAVE_OUT", "TRAIN", "MultiTurn", "Turn", "interface"]


class MultiTurnInterface(Interface[MultiTurn]):
    """The conversation from top to bottom, each assistant turn in an open editor with its marks.

    A conversation may be finished, then it is its own draft; or end with the user or with a tool's
    result, then the model drafts the reply. Calls of tools are cards where they stand, and listed
    beside the conversation to be corrected; the turns that only call tools are learnt as the turn
    after them is, and the last one by marks of its own.
    """

    name: ClassVar[str] = "multi_turn"
    summary: ClassVar[str] = "edit a conversation's assistant turns and choose which to train on"
    required: ClassVar[Mapping[str, str]] = {"turn_{{idx}}": "TextArea", "verdict": "Choices"}
    optional: ClassVar[Mapping[str, str]] = {
        "quality_{{idx}}": "Choices",
        "train_{{idx}}": "Choices",
        "category": "Choices",
        "note": "TextArea",
        "tool_{{idx}}": "Choices",
        "arguments_{{idx}}": "TextArea",
        "reasoning_{{idx}}": "TextArea",
        # never shown: by it Label Studio knows rows whose controls describe no row of their own
        "tool_facts": "Choices",
    }
    page_fields: ClassVar[Sequence[str]] = (
        call_rows.ROWS,
        call_rows.CHOICES,
        edited_reasoning.ROWS,
    )
    takes_calls: ClassVar[bool] = True
    category_controls: ClassVar[Sequence[str]] = ("category",)
    judges_turns: ClassVar[bool] = True
    label_controls: ClassVar[Sequence[str]] = ("verdict", "category")
    ordered_controls: ClassVar[Mapping[str, Sequence[str]]] = {
        **Interface.ordered_controls,
        "quality_{{idx}}": ("good", "acceptable", "poor"),
    }
    instruction: ClassVar[str] = "Write the assistant's next turn. Answer with its text only."
    example: ClassVar[Mapping[str, Any]] = {
        "id": "card-4",
        "messages": [
            {"role": "user", "content": "My card is lost. What now?"},
            {"role": "assistant", "content": "Have you frozen it in the app?"},
            {"role": "user", "content": "Just did. What does a new one cost?"},
            {"role": "assistant", "content": "A replacement card is free."},
            {"role": "user", "content": "And how long does it take?"},
            {"role": "assistant", "content": "Three to five working days, by post."},
        ],
        "context": {"customer_tier": "Plus", "fee_schedule": "Replacement card: GBP 5.00"},
    }

    def check_conversation(self, messages: Sequence[TaskMessage], where: str) -> None:
        """Check that a reply stands at the end or can be drafted there.

        Raises:
            LabelConfigError: somebody else spoke last, or the user never did.
        """
        if with_reply(messages)[-1]["role"] != "assistant":
            raise LabelConfigError(
                f"{where}: the last message must be the user's, the assistant's or a tool's; "
                f"found role {messages[-1]['role']!r}: remove the turns after the last reply"
            )
        if not any(message["role"] == "user" for message in messages):
            raise LabelConfigError(
                f"{where}: no message is the user's, so nothing is answered; add the user's turns"
            )

    def shown_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """`turns`, a row each: who speaks, what was said before, and the turn as it stands."""
        context = rendering.context_html(data["context"], data["documents"])
        context = call_cards.tools_html(tools_of(data)) + context
        return {
            "turns": turn_rows(data),
            "context_html": context,
            **listed_calls(data),
            **edited_reasoning.page_fields(data),
        }

    def prompt_messages(self, data: Mapping[str, Any]) -> Sequence[TaskMessage]:
        messages = data.get("messages") or []
        asked = [at for at, m in enumerate(messages) if m["role"] in ("user", "tool")]
        return messages[: asked[-1] + 1] if asked else []

    def read_reply(self, reply: str, data: Mapping[str, Any]) -> MultiTurn:
        """The turns as they stand, with the whole reply as the last; an empty one is refused."""
        return with_drafted({"content": reply}, data)

    def read_turn(self, turn: TrainingTurn, data: Mapping[str, Any]) -> MultiTurn:
        """As `read_reply`, with calls of its own where the last reply is missing."""
        return with_drafted(turn, data)

    def own_draft(self, data: Mapping[str, Any]) -> MultiTurn | None:
        """A finished conversation as it stands; None when its last reply is missing."""
        return as_it_stands(data)

    def answer(self, record: MultiTurn) -> str:
        """The last turn: the one that the model's replies are compared with."""
        return record.turns[-1].text if record.turns else ""

    def written(self, record: MultiTurn) -> str:
        calls = [call.written() for call in record.calls if call != AS_IT_WAS]
        thoughts = filter(None, record.reasoning)
        return "\n\n".join([*(turn.text for turn in record.turns), *calls, *thoughts])

    def encode(self, record: MultiTurn) -> list[ResultItem]:
        return multi_turn_items.encode(record)

    def decode(self, results: Sequence[Mapping[str, Any]]) -> MultiTurn:
        return multi_turn_items.decode(results)

    def accepted_answer(self, record: MultiTurn, data: Mapping[str, Any]) -> str | None:
        """The last turn to train on, with its calls."""
        learnt = [m for m in self.training_turns(record, data) or [] if m.get("weight")]
        return answer_text(learnt[-1:]) if learnt else None

    def example_reply(self, record: MultiTurn, data: Mapping[str, Any]) -> str | None:
        """The last turn, which is what the model is asked for; None when it is not to be learnt.

        So it is where tools are called at the end, which no reply of text can show.
        """
        all_there = len(record.turns) == len(standing(data))
        last = edited_conversation(data, record)[-1]
        if not all_there or not last.learnt or last.turn is None or calls_of(last.message):
            return None
        return last.turn.text.strip() or None

    def training_turns(
        self, record: MultiTurn, data: Mapping[str, Any]
    ) -> list[TrainingTurn] | None:
        """The conversation as edited, `weight` 1 on the turns to train on, 0 on the others.

        A turn that was emptied keeps its old words as context for what follows; without any,
        the conversation ends before it. It also ends with the first turn that calls were added
        to, since what follows was said without their results.
        """
        built = [
            {**one.message, "weight": int(one.learnt)}
            if one.message["role"] == "assistant"
            else one.message
            for one in edited_conversation(data, record)
        ]
        while built and not _says_something(built[-1]):
            built.pop()
        return built if any(message.get("weight") for message in built) else None

    def preference_pairs(
        self, record: MultiTurn, data: Mapping[str, Any], draft: MultiTurn | None
    ) -> list[PreferencePair]:
        """Each turn to train on, words and calls, against what stood there before it was edited."""
        pairs = (
            lessons.preferred(turn.now, turn.stood, prompt=turn.prompt)
            for turn in compared_turns(data, record, draft)
            if turn.edited.learnt
        )
        return [pair for pair in pairs if pair is not None]

    def judged_answers(
        self, record: MultiTurn, data: Mapping[str, Any], draft: MultiTurn | None
    ) -> list[JudgedAnswer]:
        """The turns to train on are good; bad is a poor one that stands as it was.

        One that was left out without a mark may have been good. The verdict is on the whole
        conversation, so it judges a turn only where there is no other. A turn that only calls
        tools is judged where it is the last: an earlier one has no marks.
        """
        alone = len(record.turns) == 1 and record.verdict in ("rewrite", "reject")
        found: list[JudgedAnswer] = []
        for turn in compared_turns(data, record, draft):
            if turn.edited.turn is not None:
                poor = turn.edited.turn.quality == "poor" and same_answer(turn.now, turn.stood)
                good = turn.now if turn.edited.learnt else None
                found += lessons.judged([good], [turn.stood] if poor or alone else [], turn.prompt)
        return found

    def call_faults(self, record: MultiTurn, data: Mapping[str, Any]) -> list[str]:
        """What is wrong with calls that were changed; the others are the source's own."""
        return [] if record.verdict == "reject" else faults_of_edits(record.calls, data)

    def cut_short(self, record: MultiTurn, data: Mapping[str, Any]) -> str | None:
        """That the conversation ends early for training, since a call was added within it."""
        cut = without_result(data, record.calls)
        if cut is None or record.verdict == "reject":
            return None
        number, call = cut
        return f"call {number} ({call.name}) has no result, so nothing after it is learnt"

    def missing(self, record: MultiTurn, data: Mapping[str, Any]) -> str | None:
        faults, words = self.call_faults(record, data), replace(record, calls=(), reasoning=())
        if faults or added_calls(data, record.calls):
            return faults[0] if faults else None
        last = edited_conversation(data, record)[-1]
        if record.calls and last.turn is not None and calls_of(last.message):
            return None
        return super().missing(words, data)

    def with_answer(self, record: MultiTurn, text: str) -> MultiTurn | None:
        """The record with another text in the last turn to train on; None without such a turn."""
        stood = [call for call in record.calls if call not in (AS_IT_WAS, TAKEN_OUT)]
        read = drafted_turn.amended(text, stood)
        if not record.trained_on or read is None:
            return None
        words, calls = read
        if not visible_text(words) or not {c.written() for c in calls} <= {
            c.written() for c in stood
        }:
            return None  # of other calls, nobody could tell which became which
        at = max(i for i, turn in enumerate(record.turns) if turn.trained_on)
        amended = replace(record.turns[at], text=words)
        turns = (*record.turns[:at], amended, *record.turns[at + 1 :])
        return replace(record, turns=turns, verdict=lessons.with_answer_verdict(record.verdict))


def _says_something(turn: Mapping[str, Any]) -> bool:
    return turn["role"] == "assistant" and bool(turn["content"] != "" or turn.get("tool_calls"))


interface = MultiTurnInterface()
