"""Records of `review`."""

from hypothesis import strategies as st

import label_configs
from label_configs.review import Review
from label_configs.review_task import LETTERS
from tests.label_configs.strategies.common import choices_of, texts

_config = label_configs.load("review").check_config(label_configs.load("review").xml)
_kinds = _config.control("error_kinds")
assert _kinds is not None

RECORDS = st.builds(
    Review,
    decision=choices_of("review", "decision"),
    best=st.none() | st.integers(0, len(LETTERS) - 1),
    amended=texts,
    reason=texts,
    error_kinds=st.lists(st.sampled_from(_kinds.choices), unique=True).map(tuple),
    note=texts,
)
EXAMPLE = Review(
    decision="approve",
    best=1,
    amended="A replacement card costs GBP 5.00.",
    reason="The fee is wrong.",
    error_kinds=("factual", "tone"),
    note="The fee is new.",
)
TASK = {k: v for k, v in label_configs.load("review").example.items() if k != "id"}
