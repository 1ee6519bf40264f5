"""Records of `preference`."""

from hypothesis import strategies as st

from label_configs.preference import PreferenceRecord
from tests.label_configs.strategies.common import choices_of, texts

RECORDS = st.builds(
    PreferenceRecord,
    left=texts,
    right=texts,
    preference=choices_of("preference", "preference"),
    criteria=st.lists(
        st.sampled_from(["accuracy", "completeness", "tone", "safety", "groundedness"]),
        unique=True,
    ).map(tuple),
    reason=texts,
    category=choices_of("preference", "category"),
    sources=st.tuples(texts, texts),
)
EXAMPLE = PreferenceRecord(
    left="A new card is free.",
    right="A new card costs GBP 5.00.",
    preference="right slightly better",
    criteria=("accuracy", "tone"),
    reason="The left one contradicts the fee schedule.",
    category="billing",
)
