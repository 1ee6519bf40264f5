"""Records of `multi_turn`."""

from typing import Any

from hypothesis import strategies as st

from label_configs.content import ToolCall
from label_configs.edited_calls import AS_IT_WAS, TAKEN_OUT
from label_configs.multi_turn import MultiTurn, Turn
from tests.label_configs.strategies.common import choices_of, texts

edits = st.just(TAKEN_OUT) | st.builds(
    ToolCall,
    name=st.sampled_from(["fee_of", "freeze_card"]),
    arguments=st.sampled_from(["{}", '{"plan": "Plus"}', "{no json"]),
)


def _ends_with_an_edit(left: list[Any]) -> tuple[Any, ...]:
    while left and left[-1] in (AS_IT_WAS, None):
        left = left[:-1]
    return tuple(left)


RECORDS = st.builds(
    MultiTurn,
    turns=st.lists(
        st.builds(
            Turn,
            text=texts,
            quality=choices_of("multi_turn", "quality_{{idx}}"),
            train=choices_of("multi_turn", "train_{{idx}}"),
        ),
        max_size=12,
    ).map(tuple),
    verdict=choices_of("multi_turn", "verdict"),
    category=choices_of("multi_turn", "category"),
    note=texts,
    # not one that was left as it was at the end: annotations end before it
    calls=st.lists(edits | st.just(AS_IT_WAS), max_size=2).map(_ends_with_an_edit),
    reasoning=st.lists(st.none() | texts, max_size=2).map(_ends_with_an_edit),
)
EXAMPLE = MultiTurn(
    turns=(
        Turn("Have you frozen it in the app?", "good"),
        Turn("", "poor", "leave out"),
        Turn("A replacement card is GBP 5.00.", "acceptable", "train on it"),
    ),
    verdict="edit",
    category="billing",
    note="The fee schedule changed in April.",
)
# a conversation with a row for every turn of any of these records
TASK: dict[str, Any] = {
    "messages": [
        {"role": role, "content": f"{role}, {i}"}
        for i in range(12)
        for role in ("user", "assistant")
    ],
    "context": {"tier": "gold"},
}
_CALLS = [
    {"id": f"c{i}", "type": "function", "function": {"name": "fee_of", "arguments": "{}"}}
    for i in range(2)
]
_RESULTS = [{"role": "tool", "tool_call_id": f"c{i}", "content": "5"} for i in range(2)]
TASK["messages"][1:1] = [{"role": "assistant", "content": "", "tool_calls": _CALLS}, *_RESULTS]
for _at in (1, 4):
    TASK["messages"][_at]["reasoning_content"] = f"Why {_at}."
