"""`multi_turn`: edit every assistant turn of a conversation and choose which to train on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from label_configs import call_cards, call_rows, lessons, multi_turn_items, rendering
from label_configs.answer_turns import answer_text
from label_configs.assistant_turns import (
    LEAVE_OUT,
    TRAIN,
    Turn,
    as_edited,
    in_place,
    is_editable,
    standing,
    weighted,
    with_reply,
)
from label_configs.call_pairs import TaskMessage
from label_configs.edited_calls import (
    AS_IT_WAS,
    added_calls,
    corrected_calls,
    faults_of_edits,
    standing_calls,
    with_added,
)
from label_configs.errors import LabelConfigError
from label_configs.interface import Interface, ResultItem
from label_configs.lessons import JudgedAnswer, PreferencePair
from label_configs.multi_turn_items import MultiTurn
from label_configs.reply import reply_answer
from label_configs.task_tools import tools_of
from label_configs.turn_rows import listed_calls, turn_rows

__all__ = ["LEAVE_OUT", "TRAIN", "MultiTurn", "Turn", "interface"]

_Turns = list[dict[str, Any]]


class MultiTurnInterface(Interface[MultiTurn]):
    """The conversation from top to bottom, each assistant turn in an open editor with its marks.

    A conversation may be finished, then it is its own draft; or end with the user, then the model
    drafts the reply. Calls of tools are cards where they stand, and listed beside the conversation
    to be corrected; the turns that only call tools are learnt as the turn after them is.
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
    }
    page_fields: ClassVar[Sequence[str]] = (call_rows.ROWS, call_rows.CHOICES)
    category_controls: ClassVar[Sequence[str]] = ("category",)
    judges_turns: ClassVar[bool] = True
    label_controls: ClassVar[Sequence[str]] = ("verdict", "category")
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
        if not is_editable(with_reply(messages)[-1]):
            raise LabelConfigError(
                f"{where}: the last message must be the user's, or the assistant's with text; "
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
        return {"turns": turn_rows(data), "context_html": context, **listed_calls(data)}

    def prompt_messages(self, data: Mapping[str, Any]) -> Sequence[TaskMessage]:
        messages = data.get("messages") or []
        asked = [i for i, message in enumerate(messages) if message["role"] == "user"]
        return messages[: asked[-1] + 1] if asked else []

    def read_reply(self, reply: str, data: Mapping[str, Any]) -> MultiTurn:
        """The turns as they stand, with the whole reply as the last; an empty one is refused."""
        turns = (*standing(data)[:-1], Turn(reply_answer(reply)))
        return MultiTurn(turns=turns, calls=standing_calls(data))

    def own_draft(self, data: Mapping[str, Any]) -> MultiTurn | None:
        """A finished conversation as it stands; None when its last reply is missing."""
        turns = standing(data)
        if not turns or not turns[-1].text:
            return None
        return MultiTurn(turns=tuple(turns), calls=standing_calls(data))

    def answer(self, record: MultiTurn) -> str:
        """The last turn: the one that the model's replies are compared with."""
        return record.turns[-1].text if record.turns else ""

    def written(self, record: MultiTurn) -> str:
        calls = [call.written() for call in record.calls if call != AS_IT_WAS]
        return "\n\n".join([*(turn.text for turn in record.turns), *calls])

    def encode(self, record: MultiTurn) -> list[ResultItem]:
        return multi_turn_items.encode(record)

    def decode(self, results: Sequence[Mapping[str, Any]]) -> MultiTurn:
        return multi_turn_items.decode(results)

    def accepted_answer(self, record: MultiTurn, data: Mapping[str, Any]) -> str | None:
        """The last turn to train on, with the calls that were added to it."""
        added, last = added_calls(data, record.calls), next(reversed(record.turns), Turn())
        if added and last.chosen and record.verdict != "reject":
            return answer_text(with_added([{"role": "assistant"}], added, last.text.strip()))
        return record.trained_on[-1].text.strip() if record.trained_on else None

    def example_reply(self, record: MultiTurn, data: Mapping[str, Any]) -> str | None:
        """The last turn, which is what the model is asked for; None when it is not to be learnt."""
        all_there = len(record.turns) == len(standing(data))
        last = record.turns[-1] if all_there and record.turns else None
        if added_calls(data, record.calls):
            return None  # which no reply of text can show
        return last.text.strip() if last and last in record.trained_on else None

    def training_turns(self, record: MultiTurn, data: Mapping[str, Any]) -> _Turns | None:
        """The conversation as edited, `weight` 1 on the turns to train on, 0 on the others.

        A turn that was emptied keeps its old words as context for what follows; without any,
        the conversation ends before it.
        """
        edited = as_edited(data["messages"], record.turns, record.calls)
        built = weighted(edited, record.trained_on, calls_too=bool(record.calls))
        added, last = added_calls(data, record.calls), edited[-1][1]
        if added and last is not None:
            built = with_added(built, added, last.text.strip())
            built[-1]["weight"] = int(last.chosen and record.verdict != "reject")
        while built and not _says_something(built[-1]):
            built.pop()
        return built if any(message.get("weight") for message in built) else None

    def preference_pairs(
        self, record: MultiTurn, data: Mapping[str, Any], draft: MultiTurn | None
    ) -> list[PreferencePair]:
        """Each turn to train on against the words that stood there before it was edited."""
        added = added_calls(data, record.calls)
        pairs = (
            lessons.preferred(turn.text.strip(), stood, prompt=prompt)
            for turn, stood, prompt in self._in_place(record, data, draft)
            if turn in record.trained_on and not (added and turn is record.turns[-1])
        )
        return [
            *(pair for pair in pairs if pair is not None),
            *corrected_calls(data, self.training_turns(record, data) or [], record.calls),
        ]

    def judged_answers(
        self, record: MultiTurn, data: Mapping[str, Any], draft: MultiTurn | None
    ) -> list[JudgedAnswer]:
        """The turns to train on are good; bad is a poor one that stands as it was.

        One that was left out without a mark may have been good. The verdict is on the whole
        conversation, so it judges a turn only where there is no other.
        """
        added = added_calls(data, record.calls)
        found: list[JudgedAnswer] = []
        for turn, stood, prompt in self._in_place(record, data, draft):
            if added and turn is record.turns[-1]:
                continue  # its words are not all of it
            good = turn.text.strip() if turn in record.trained_on else None
            poor = turn.quality == "poor" and turn.text.split() == stood.split()
            alone = len(record.turns) == 1 and record.verdict in ("rewrite", "reject")
            found += lessons.judged([good], [stood] if poor or alone else [], prompt)
        return found

    def _in_place(
        self, record: MultiTurn, data: Mapping[str, Any], draft: MultiTurn | None
    ) -> Iterator[tuple[Turn, str, _Turns]]:
        return in_place(data, record.turns, draft.turns if draft else None, record.calls)

    def call_faults(self, record: MultiTurn, data: Mapping[str, Any]) -> list[str]:
        """What is wrong with calls that were changed; the others are the source's own."""
        return [] if record.verdict == "reject" else faults_of_edits(record.calls, data)

    def missing(self, record: MultiTurn, data: Mapping[str, Any]) -> str | None:
        faults, words = self.call_faults(record, data), replace(record, calls=())
        if faults or added_calls(data, record.calls):
            return faults[0] if faults else None
        return super().missing(words, data)

    def with_answer(self, record: MultiTurn, text: str) -> MultiTurn | None:
        """The record with another text in the last turn to train on; None without such a turn."""
        if not record.trained_on or not text.strip():
            return None
        at = max(i for i, turn in enumerate(record.turns) if turn.trained_on)
        amended = replace(record.turns[at], text=text)
        turns = (*record.turns[:at], amended, *record.turns[at + 1 :])
        return replace(record, turns=turns, verdict=lessons.with_answer_verdict(record.verdict))


def _says_something(turn: Mapping[str, Any]) -> bool:
    return turn["role"] == "assistant" and bool(turn["content"] != "" or turn.get("tool_calls"))


interface = MultiTurnInterface()
