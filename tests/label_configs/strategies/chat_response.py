"""Records of `chat_response`."""

import json
from dataclasses import replace

from hypothesis import strategies as st

from label_configs.call_arguments import parsed
from label_configs.chat_response import CRITERIA, ChatResponse
from label_configs.content import ToolCall
from tests.label_configs.strategies.common import choices_of, texts

TOOLS = ("fee_of", "freeze_card")
arguments = st.dictionaries(
    texts,
    st.none() | st.booleans() | st.integers() | texts | st.lists(texts, max_size=2),
    max_size=3,
).map(lambda given: json.dumps(given, ensure_ascii=False))
# what somebody may type that is no object
typed = texts.filter(lambda text: bool(text.strip()) and parsed(text) is None)
calls = st.builds(ToolCall, name=st.sampled_from(TOOLS), arguments=arguments | typed)


def _taken_out(record: ChatResponse, taken: bool) -> ChatResponse:
    return replace(record, unreasoned=taken and not record.reasoning)


RECORDS = st.builds(
    _taken_out,
    st.builds(
        ChatResponse,
        response=texts,
        verdict=choices_of("chat_response", "verdict"),
        quality=st.dictionaries(st.sampled_from(CRITERIA), st.integers(1, 5)),
        category=choices_of("chat_response", "category"),
        flags=st.lists(
            st.sampled_from(["escalate", "sensitive", "hand over to a human"]), unique=True
        ).map(tuple),
        certainty=choices_of("chat_response", "certainty"),
        note=texts,
        instruction=texts,
        calls=st.lists(calls, max_size=2).map(tuple),
        reasoning=texts,
    ),
    st.booleans(),
)
EXAMPLE = ChatResponse(
    response="Sorry to hear that.",
    verdict="edit",
    quality={"accuracy": 4, "tone": 2},
    category="how-to",
    flags=("sensitive",),
    certainty="established",
    note="The fee is new.",
    instruction="shorter\ncite the fee table",
)
TASK = {
    "messages": [{"role": "user", "content": "My card was declined."}],
    "context": {"tier": "gold"},
    "tools": [{"type": "function", "function": {"name": name}} for name in TOOLS],
}
