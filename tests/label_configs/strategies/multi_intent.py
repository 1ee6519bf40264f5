"""Records of `multi_intent`."""

from hypothesis import strategies as st

from label_configs.multi_intent import MultiIntent
from label_configs.multi_intent_items import Intent, QuerySpan
from tests.label_configs.strategies.common import choices_of, texts

intents = choices_of("multi_intent", "intent")
rows = st.builds(
    Intent,
    intent=choices_of("multi_intent", "intent_{{idx}}"),
    priority=choices_of("multi_intent", "priority_{{idx}}").map(lambda place: place and int(place)),
    lead=texts,
    segment=texts,
)
spans = st.builds(
    QuerySpan, start=st.integers(0, 20), end=st.integers(0, 20), text=texts, intent=intents
)
RECORDS = st.builds(
    MultiIntent,
    intents=st.lists(rows, max_size=8).map(tuple),
    spans=st.lists(spans, max_size=6).map(tuple),
    opening=texts,
    plan=texts,
    verdict=choices_of("multi_intent", "verdict"),
    note=texts,
)
EXAMPLE = MultiIntent(
    intents=(
        Intent("technical", 2, "As for the decline:", "The limit was reached."),
        Intent(),
        Intent("complaint", 1, "", "Sorry that it took so long."),
        Intent(None, None, "By the way,", ""),
    ),
    spans=(QuerySpan(0, 7, "My card", "account"), QuerySpan(8, 21, "was declined.", "technical")),
    opening="Thank you for writing.",
    plan="We call you tomorrow.",
    verdict="edit",
    note="The second time this month.",
)
