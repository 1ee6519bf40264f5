"""Hypothesis strategies and one worked example for the record of every registered interface.

A new interface adds one entry to `RECORDS` and one to `EXAMPLES`; every test then covers it.
"""

from typing import Any

from hypothesis import strategies as st

import label_configs
from label_configs.chat_response import ChatResponse
from label_configs.reasoning_steps import ReasoningSteps, Step

TASK = {
    "messages": [{"role": "user", "content": "My card was declined."}],
    "context": {"tier": "gold"},
}

# any Unicode that can be sent: hypothesis leaves out lone surrogates
texts = st.text(max_size=40)
replies = texts.filter(lambda text: text.strip())

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def choices_of(interface: str, control: str) -> st.SearchStrategy[str | None]:
    """One of the choices in the shipped XML, or none."""
    loaded = label_configs.load(interface)
    found = loaded.check_config(loaded.xml).control(control)
    assert found is not None
    return st.none() | st.sampled_from(found.choices)


# what other people's controls leave behind; the last four only look like rows of a Repeater
foreign_names = st.sampled_from(
    ["comment", "fix", "ok_", "", "Response", "fix_07", "ok_٣", "kind_-1", "fix_1000"]
)
foreign_items = st.lists(
    st.fixed_dictionaries(
        {"from_name": foreign_names},
        optional={"id": texts, "to_name": texts, "type": texts, "value": json_values},
    ),
    max_size=3,
).map(tuple)

RECORDS: dict[str, st.SearchStrategy[Any]] = {
    "chat_response": st.builds(
        ChatResponse,
        response=texts,
        verdict=choices_of("chat_response", "verdict"),
        quality=st.none() | st.integers(1, 5),
        category=choices_of("chat_response", "category"),
    ),
    "reasoning_steps": st.builds(
        ReasoningSteps,
        steps=st.lists(
            st.builds(
                Step,
                text=texts,
                kind=choices_of("reasoning_steps", "kind_{{idx}}"),
                verdict=choices_of("reasoning_steps", "ok_{{idx}}"),
            ),
            max_size=12,
        ).map(tuple),
        answer=texts,
        verdict=choices_of("reasoning_steps", "verdict"),
    ),
}

EXAMPLES: dict[str, Any] = {
    "chat_response": ChatResponse("Sorry to hear that.", "edit", 4, "how-to"),
    "reasoning_steps": ReasoningSteps(
        steps=(
            Step("The card was declined.", "observation", "correct"),
            Step("", None, "wrong"),
            Step("The limit is reached.", "final conclusion", "doubtful"),
        ),
        answer="Your limit is reached.",
        verdict="rewrite",
    ),
}


def task_data(interface: label_configs.Interface[Any], record: Any) -> dict[str, Any]:
    """A task's data as it is once this draft can be shown."""
    return {**interface.complete_task(TASK), **interface.task_patch(record)}
