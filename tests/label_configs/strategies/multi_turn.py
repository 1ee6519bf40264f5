"""Records of `multi_turn`."""

from hypothesis import strategies as st

from label_configs.multi_turn import MultiTurn, Turn
from tests.label_configs.strategies.common import choices_of, texts

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
TASK = {
    "messages": [
        {"role": role, "content": f"{role}, {i}"}
        for i in range(12)
        for role in ("user", "assistant")
    ],
    "context": {"tier": "gold"},
}
