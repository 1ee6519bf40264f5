"""The prompt holds everything that the annotator sees, and in which order."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from label_configs import Interface, load
from ml_backend.prompts import build_messages

interfaces = st.sampled_from(["chat_response", "reasoning_steps"]).map(load)
words = st.text(min_size=1).filter(str.strip)
turns = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["system", "user", "assistant"]), "content": words}
    ),
    max_size=5,
)


def test_by_hand() -> None:
    messages = build_messages(
        load("chat_response"),
        {
            "messages": [
                {"role": "system", "content": "You work for a bank."},
                {"role": "user", "content": "Hello?", "name": "left out"},
            ],
            "context": {"tier": "gold", "open cases": 2},
            "guidelines": "Be brief.",
            "steps": [{"text": "never an input"}],
        },
    )
    assert messages == [
        {
            "role": "system",
            "content": "You work for a bank.\n\nBe brief.\n\n"
            "Context:\n- tier: gold\n- open cases: 2\n\n" + load("chat_response").instruction,
        },
        {"role": "user", "content": "Hello?"},
    ]


def test_without_guidelines_and_context() -> None:
    interface = load("chat_response")
    messages = build_messages(interface, {"messages": [{"role": "user", "content": "Hello?"}]})
    assert messages[0] == {"role": "system", "content": interface.instruction}


@given(interfaces, turns, words, st.dictionaries(words, words, max_size=3), words)
def test_nothing_is_lost(
    interface: Interface[Any],
    before: list[dict[str, str]],
    question: str,
    context: dict[str, str],
    guidelines: str,
) -> None:
    asked = [*before, {"role": "user", "content": question}]
    data = {"messages": asked, "context": context, "guidelines": guidelines}
    system, *rest = build_messages(interface, data)
    assert rest == [turn for turn in asked if turn["role"] != "system"]
    assert system["role"] == "system"
    assert system["content"].endswith(interface.instruction)
    told = [turn["content"] for turn in asked if turn["role"] == "system"]
    for part in (*told, guidelines, *context, *context.values()):
        assert part in system["content"]
