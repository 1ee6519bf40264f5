"""`multi_turn`: edit every assistant turn of a conversation and choose which to train on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from label_configs import call_cards, items, lessons, rendering
from label_configs.assistant_turns import (
    LEAVE_OUT,
    TRAIN,
    Turn,
    as_edited,
    in_place,
    is_editable,
    standing,
    with_reply,
)
from label_configs.call_pairs import TaskMessage
from label_configs.errors import LabelConfigError
from label_configs.interface import Interface, ResultItem
from label_configs.lessons import JudgedAnswer, PreferencePair
from label_configs.reply import reply_answer
from label_configs.task_tools import tools_of
from label_configs.turn_rows import turn_rows

__all__ = ["LEAVE_OUT", "TRAIN", "MultiTurn", "Turn", "interface"]

OBJECT = "facts"
PARTS = ("turn", "quality", "train")  # of a row

_Turns = list[dict[str, Any]]


@dataclass(frozen=True)
class MultiTurn:
    """The assistant's side of a conversation, and the expert's judgement of it.

    Attributes:
        turns: one for each assistant message with words, then the reply that is missing if the
            user spoke last.
        verdict: accept / edit / rewrite / reject, of the whole; None in a draft. Nothing of a
            rejected conversation is trained on, whatever its turns say.
        note: for the team; never exported as training text.
        other: result items of controls that this interface does not know.
    """

    turns: tuple[Turn, ...] = ()
    verdict: str | None = None
    category: str | None = None
    note: str = ""
    other: tuple[ResultItem, ...] = ()

    @property
    def trained_on(self) -> tuple[Turn, ...]:
        """The turns to learn, in order."""
        return tuple(t for t in self.turns if t.trained_on and self.verdict != "reject")


class MultiTurnInterface(Interface[MultiTurn]):
    """The conversation from top to bottom, each assistant turn in an open editor with its marks.

    A conversation may be finished, then it is its own draft; or end with the user, then the model
    drafts the reply. Assistant messages that only call tools are shown and kept, not edited.
    """

    name: ClassVar[str] = "multi_turn"
    summary: ClassVar[str] = "edit a conversation's assistant turns and choose which to train on"
    required: ClassVar[Mapping[str, str]] = {"turn_{{idx}}": "TextArea", "verdict": "Choices"}
    optional: ClassVar[Mapping[str, str]] = {
        "quality_{{idx}}": "Choices",
        "train_{{idx}}": "Choices",
        "category": "Choices",
        "note": "TextArea",
    }
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
        return {"turns": turn_rows(data), "context_html": context}

    def prompt_messages(self, data: Mapping[str, Any]) -> Sequence[TaskMessage]:
        messages = data.get("messages") or []
        asked = [i for i, message in enumerate(messages) if message["role"] == "user"]
        return messages[: asked[-1] + 1] if asked else []

    def read_reply(self, reply: str, data: Mapping[str, Any]) -> MultiTurn:
        """The turns as they stand, with the whole reply as the last; an empty one is refused."""
        return MultiTurn(turns=(*standing(data)[:-1], Turn(reply_answer(reply))))

    def own_draft(self, data: Mapping[str, Any]) -> MultiTurn | None:
        """A finished conversation as it stands; None when its last reply is missing."""
        turns = standing(data)
        return MultiTurn(turns=tuple(turns)) if turns and turns[-1].text else None

    def answer(self, record: MultiTurn) -> str:
        """The last turn: the one that the model's replies are compared with."""
        return record.turns[-1].text if record.turns else ""

    def written(self, record: MultiTurn) -> str:
        return "\n\n".join(turn.text for turn in record.turns)

    def encode(self, record: MultiTurn) -> list[ResultItem]:
        built: list[ResultItem] = []
        for at, turn in enumerate(record.turns):
            row = f"before_{at}"
            # always with a text, so that an emptied turn keeps its place
            built.append(items.textarea(f"turn_{at}", row, turn.text))
            for part, chosen in (("quality", turn.quality), ("train", turn.train)):
                if chosen is not None:
                    built.append(items.choices(f"{part}_{at}", row, chosen))
        for control, chosen in (("verdict", record.verdict), ("category", record.category)):
            if chosen is not None:
                built.append(items.choices(control, OBJECT, chosen))
        if record.note:
            built.append(items.textarea("note", OBJECT, record.note))
        return [*built, *(dict(item) for item in record.other)]

    def decode(self, results: Sequence[Mapping[str, Any]]) -> MultiTurn:
        rows = range(items.row_count(results, PARTS))
        known = {f"{part}_{at}" for at in rows for part in PARTS}
        mine = items.find(results, known | {"verdict", "category", "note"})
        return MultiTurn(
            turns=tuple(
                Turn(
                    text=mine.text(f"turn_{at}"),
                    quality=mine.choice(f"quality_{at}"),
                    train=mine.choice(f"train_{at}"),
                )
                for at in rows
            ),
            verdict=mine.choice("verdict"),
            category=mine.choice("category"),
            note=mine.text("note"),
            other=mine.other,
        )

    def accepted_answer(self, record: MultiTurn, data: Mapping[str, Any]) -> str | None:
        """The last turn to train on."""
        return record.trained_on[-1].text.strip() if record.trained_on else None

    def example_reply(self, record: MultiTurn, data: Mapping[str, Any]) -> str | None:
        """The last turn, which is what the model is asked for; None when it is not to be learnt."""
        all_there = len(record.turns) == len(standing(data))
        last = record.turns[-1] if all_there and record.turns else None
        return last.text.strip() if last and last in record.trained_on else None

    def training_turns(self, record: MultiTurn, data: Mapping[str, Any]) -> _Turns | None:
        """The conversation as edited, `weight` 1 on the turns to train on, 0 on the others.

        A turn that was emptied keeps its old words as context for what follows; without any,
        the conversation ends before it.
        """
        trained_on = record.trained_on
        built: _Turns = []
        for message, turn in as_edited(data["messages"], record.turns):
            if message["role"] == "assistant":
                message["weight"] = int(turn in trained_on)
            built.append(message)
        while built and (built[-1]["role"] != "assistant" or built[-1]["content"] == ""):
            built.pop()
        return built if any(message.get("weight") for message in built) else None

    def preference_pairs(
        self, record: MultiTurn, data: Mapping[str, Any], draft: MultiTurn | None
    ) -> list[PreferencePair]:
        """Each turn to train on against the words that stood there before it was edited."""
        pairs = (
            lessons.preferred(turn.text.strip(), stood, prompt=prompt)
            for turn, stood, prompt in in_place(data, record.turns, draft.turns if draft else None)
            if turn in record.trained_on
        )
        return [pair for pair in pairs if pair is not None]

    def judged_answers(
        self, record: MultiTurn, data: Mapping[str, Any], draft: MultiTurn | None
    ) -> list[JudgedAnswer]:
        """The turns to train on are good; bad is a poor one that stands as it was.

        One that was left out without a mark may have been good. The verdict is on the whole
        conversation, so it judges a turn only where there is no other.
        """
        found: list[JudgedAnswer] = []
        for turn, stood, prompt in in_place(data, record.turns, draft.turns if draft else None):
            good = turn.text.strip() if turn in record.trained_on else None
            poor = turn.quality == "poor" and turn.text.split() == stood.split()
            alone = len(record.turns) == 1 and record.verdict in ("rewrite", "reject")
            found += lessons.judged([good], [stood] if poor or alone else [], prompt)
        return found

    def with_answer(self, record: MultiTurn, text: str) -> MultiTurn | None:
        """The record with another text in the last turn to train on; None without such a turn."""
        if not record.trained_on or not text.strip():
            return None
        at = max(i for i, turn in enumerate(record.turns) if turn.trained_on)
        amended = replace(record.turns[at], text=text)
        turns = (*record.turns[:at], amended, *record.turns[at + 1 :])
        return replace(record, turns=turns, verdict=lessons.with_answer_verdict(record.verdict))


interface = MultiTurnInterface()
