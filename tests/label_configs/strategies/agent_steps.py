"""Records of `agent_steps`."""

from hypothesis import strategies as st

from label_configs.agent_steps import AgentSteps, JudgedStep
from tests.label_configs.strategies.common import choices_of, texts

CALLS = ['book({"day": 3})', 'Now.\nbook({"day": 3})\nbook({})', 'book({"day": "x"})', "book({3})"]
BETTER = texts | st.sampled_from(CALLS)


def _said(steps: list[JudgedStep]) -> tuple[JudgedStep, ...]:
    """Without steps at the end of which nothing is said: no item tells of them."""
    while steps and steps[-1] == JudgedStep():
        steps = steps[:-1]
    return tuple(steps)


RECORDS = st.builds(
    AgentSteps,
    steps=st.lists(
        st.builds(JudgedStep, verdict=choices_of("agent_steps", "judged_{{idx}}"), better=BETTER),
        max_size=6,
    ).map(_said),
    success=choices_of("agent_steps", "success"),
    outcome=texts,
    note=texts,
)
EXAMPLE = AgentSteps(
    steps=(
        JudgedStep("correct"),
        JudgedStep("wasteful", "That day is known."),
        JudgedStep("wrong", 'I book it.\nbook({"day": 3})'),
        JudgedStep(),
        JudgedStep("wrong"),
    ),
    success="partly",
    outcome="It booked another day.",
    note="The third run of this kind.",
)
BOOK = {
    "type": "function",
    "function": {
        "name": "book",
        "parameters": {
            "type": "object",
            "properties": {"day": {"type": "integer"}},
            "required": ["day"],
        },
    },
}


def called(number: int, arguments: str = '{"day": 3}') -> dict[str, object]:
    """A call of the tool, as a message holds it."""
    function = {"name": "book", "arguments": arguments}
    return {"id": f"c{number}", "type": "function", "function": function}


# a trajectory of six steps: words, calls, several at once, and words that answer the user
TASK = {
    "messages": [
        {"role": "user", "content": "Book the third."},
        {"role": "assistant", "content": "I look.", "tool_calls": [called(1)]},
        {"role": "tool", "tool_call_id": "c1", "content": "full"},
        {"role": "assistant", "content": "", "tool_calls": [called(2), called(3)]},
        {"role": "tool", "tool_call_id": "c2", "content": '["a", "b"]'},
        {"role": "tool", "tool_call_id": "c3", "content": ""},
        {"role": "assistant", "content": "It is full. Another day?"},
        {"role": "user", "content": "The fourth, then."},
        {"role": "assistant", "content": "Fine.", "reasoning_content": "The fourth is free."},
        {"role": "assistant", "content": "", "tool_calls": [called(4, '{"day": 4}')]},
        {"role": "tool", "tool_call_id": "c4", "content": "booked"},
        {"role": "assistant", "content": "Booked."},
    ],
    "tools": [BOOK],
    "context": {"tier": "gold"},
}
