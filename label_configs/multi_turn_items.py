"""The record of `multi_turn`, and the result items of its page: turns, calls and the judgement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from label_configs import call_rows, items
from label_configs.assistant_turns import Turn
from label_configs.content import ToolCall
from label_configs.edited_calls import read_calls
from label_configs.items import ResultItem

OBJECT = "facts"
THOUGHT = "reasoning"
PARTS = ("turn", "quality", "train")  # of a row


@dataclass(frozen=True)
class MultiTurn:
    """The assistant's side of a conversation, and the expert's judgement of it.

    Attributes:
        turns: one for each assistant message with words, then the reply that is missing if the
            user spoke last.
        calls: what became of each call of the conversation, in order; none in annotations that
            were made before calls could be edited, and where there are no calls.
        verdict: accept / edit / rewrite / reject, of the whole; None in a draft. Nothing of a
            rejected conversation is trained on, whatever its turns say.
        note: for the team; never exported as training text.
        reasoning: of each turn that brought some along, in order: as it reads now, "" where it was
            taken out, None where nothing is said of it, as in annotations of before.
        other: result items of controls that this interface does not know.
    """

    turns: tuple[Turn, ...] = ()
    verdict: str | None = None
    category: str | None = None
    note: str = ""
    calls: tuple[ToolCall, ...] = ()
    reasoning: tuple[str | None, ...] = ()
    other: tuple[ResultItem, ...] = ()

    @property
    def trained_on(self) -> tuple[Turn, ...]:
        """The turns to learn, in order."""
        return tuple(t for t in self.turns if t.trained_on and self.verdict != "reject")


def encode(record: MultiTurn) -> list[ResultItem]:
    """A record as the result items that the page shows."""
    built: list[ResultItem] = []
    for at, turn in enumerate(record.turns):
        row = f"before_{at}"
        # always with a text, so that an emptied turn keeps its place
        built.append(items.textarea(f"turn_{at}", row, turn.text))
        for part, chosen in (("quality", turn.quality), ("train", turn.train)):
            if chosen is not None:
                built.append(items.choices(f"{part}_{at}", row, chosen))
    built += call_rows.encode(record.calls, OBJECT)
    for at, thought in enumerate(record.reasoning):
        if thought is not None:
            built.append(items.textarea(f"{THOUGHT}_{at}", OBJECT, thought))
    for control, chosen in (("verdict", record.verdict), ("category", record.category)):
        if chosen is not None:
            built.append(items.choices(control, OBJECT, chosen))
    if record.note:
        built.append(items.textarea("note", OBJECT, record.note))
    return [*built, *(dict(item) for item in record.other)]


def decode(results: Sequence[Mapping[str, Any]]) -> MultiTurn:
    """A saved annotation's result items as a record."""
    rows = range(items.row_count(results, PARTS))
    known = {f"{part}_{at}" for at in rows for part in PARTS}
    count = items.row_count(results, call_rows.PARTS)
    known |= {"verdict", "category", "note"} | call_rows.controls(count)
    thoughts = [f"{THOUGHT}_{at}" for at in range(items.row_count(results, (THOUGHT,)))]
    mine = items.find(results, known | set(thoughts))
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
        calls=read_calls(mine, count),
        reasoning=tuple(mine.text(name) if name in mine.mine else None for name in thoughts),
        other=mine.other,
    )
