"""Two answers to compare and the expert's choice: which side was kept, and how it reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from label_configs.answer_pair import recorded_pair
from label_configs.items import ResultItem
from label_configs.visible_text import visible_text

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
# what is preferred; "tie" and "both bad" prefer neither
PREFERRED: Mapping[str | None, Side] = {
    "left better": "left",
    "left slightly better": "left",
    "right slightly better": "right",
    "right better": "right",
}
# from one side to the other
SCALE = (
    "left better",
    "left slightly better",
    "tie",
    "right slightly better",
    "right better",
)
SLIGHT = frozenset({"left slightly better", "right slightly better"})


@dataclass(frozen=True)
class PreferenceRecord:
    """Two answers to the last message of a conversation, and the expert's choice between them.

    Attributes:
        left: the answer on the left as it should be; "" is as it was drafted.
        right: likewise on the right; "" in a single reply that is no pair yet.
        preference: left better / left slightly better / tie / right slightly better /
            right better / both bad; None in a draft.
        criteria: what decided it: accuracy, completeness, tone, safety, groundedness.
        reason: for the team and for reward models; never exported as an answer.
        category: of the question.
        sources: where the left and the right answer come from. Only a draft knows; it is
            written to the task's data and never shown, so a saved annotation has none and
            records are equal without it.
        other: result items of controls that this interface does not know, kept as they came.
    """

    left: str = ""
    right: str = ""
    preference: str | None = None
    criteria: tuple[str, ...] = ()
    reason: str = ""
    category: str | None = None
    sources: tuple[str, str] = field(default=("", ""), compare=False)
    other: tuple[ResultItem, ...] = ()


def kept_side(record: PreferenceRecord, data: Mapping[str, Any]) -> Side | None:
    """The preferred side; if neither is, the only one that was edited, or None."""
    if record.preference is None or record.preference in PREFERRED:
        return PREFERRED.get(record.preference)
    edited = [side for side in SIDES if is_edited(record, data, side)]
    return edited[0] if len(edited) == 1 else None


def is_edited(record: PreferenceRecord, data: Mapping[str, Any], side: Side) -> bool:
    """Whether the expert changed what was drafted on this side."""
    before = drafted_text(data, side)
    return bool(before) and not same_lines(final_text(record, data, side), before)


def final_text(record: PreferenceRecord, data: Mapping[str, Any], side: Side) -> str:
    """A side as the expert left it; where its editor holds nothing, as it was drafted."""
    text = record.left if side == "left" else record.right
    return visible_text(text) or drafted_text(data, side)


def drafted_text(data: Mapping[str, Any], side: Side) -> str:
    """A side as it was drafted; "" where it says nothing, and before there is a pair."""
    pair = recorded_pair(data)
    return visible_text((pair.left if side == "left" else pair.right).text)


def other_side(side: Side) -> Side:
    """The side beside it."""
    return "right" if side == "left" else "left"


def same_lines(one: str, another: str) -> bool:
    """Whether two texts are the same; an editor changes how lines end."""
    return one.splitlines() == another.splitlines()
