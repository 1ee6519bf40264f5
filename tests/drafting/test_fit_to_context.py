"""A prompt that is too long loses the least important first, and never what must stay."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.llm_turns import PromptMessage
from drafting.fit_to_context import SHORTEST, estimated_tokens, prompts
from drafting.prompts import FewShotExample, build_messages
from label_configs import load

CHAT = load("chat_response")
MARK = "left out for length"
EXAMPLES = [FewShotExample("Other question?", "Other reply.")]


def length(messages: list[PromptMessage]) -> int:
    """Of all that is sent."""
    return sum(len(message["content"]) for message in messages)


def conversation(turns: int) -> list[dict[str, str]]:
    """User and assistant in turn, ending with the user."""
    roles = [("user", "assistant")[i % 2] for i in range(turns)]
    return [{"role": role, "content": f"{role} {i}"} for i, role in enumerate(roles)]


def task(**more: Any) -> dict[str, Any]:
    """A task with everything in it."""
    return {
        "messages": [{"role": "system", "content": "You work for a bank."}, *conversation(5)],
        "context": {"history": "h" * 1500, "tier": "gold", "cases": [1, 2]},
        "documents": [{"title": "Long", "text": "L" * 4000}, {"title": "Short", "text": "S" * 900}],
        "guidelines": "Be brief. " * 200,
        **more,
    }


def test_a_short_task_has_one_prompt() -> None:
    data = {"messages": conversation(1)}
    assert list(prompts(CHAT, data)) == [build_messages(CHAT, data)]


def test_a_document_is_not_cut_for_less_than_the_mark_of_the_cut() -> None:
    documents = [{"title": "Fees", "text": "f" * (SHORTEST + 20)}]
    assert len(list(prompts(CHAT, {"messages": conversation(1), "documents": documents}))) == 1


def test_the_order_in_which_things_go() -> None:
    data = task()
    found = list(prompts(CHAT, data, EXAMPLES))
    assert found[0] == build_messages(CHAT, data, EXAMPLES)
    assert found[1] == build_messages(CHAT, data)
    systems = [messages[0]["content"] for messages in found]
    assert [s.count("L") - 1 for s in systems[1:6]] == [4000, 2000, 1000, 500, SHORTEST]
    assert [s.count("S") - 1 for s in systems[1:6]] == [900, 900, 900, 500, SHORTEST]
    assert [s.count("h" * SHORTEST) for s in systems[1:6]] == [3, 3, 2, 1, 1]
    assert [s.count(MARK) for s in systems[1:6]] == [0, 1, 2, 3, 3]
    assert all("- tier: gold\n- cases: [1, 2]" in s for s in systems)
    assert [[m["content"] for m in messages[1:]] for messages in found[5:]] == [
        ["user 0", "assistant 1", "user 2", "assistant 3", "user 4"],
        ["user 4"],
    ]


def test_what_is_left_of_the_turns_begins_with_the_user() -> None:
    data = {"messages": conversation(13)}
    tails = [[m["content"] for m in messages[1:]] for messages in prompts(CHAT, data)]
    assert [tail[0] for tail in tails] == ["user 0", "user 8", "user 12"]
    assert all(tail[-1] == "user 12" for tail in tails)


@given(
    turns=st.integers(1, 9),
    facts=st.dictionaries(st.text("ab"), st.text() | st.just("f" * 3000), max_size=3),
    texts=st.lists(st.text("xy") | st.just("z" * 5000), max_size=3),
    examples=st.sampled_from([[], EXAMPLES]),
    name=st.sampled_from(["chat_response", "multi_intent", "multi_turn"]),
)
def test_ever_smaller_and_what_must_stay_stays(
    turns: int, facts: dict[str, str], texts: list[str], examples: list[FewShotExample], name: str
) -> None:
    interface = load(name)
    asked = conversation(2 * turns - 1)
    data = task(
        messages=asked, context=facts, documents=[{"title": "t", "text": text} for text in texts]
    )
    found = list(prompts(interface, data, examples))
    sizes = [length(messages) for messages in found]
    assert sizes[0] == length(build_messages(interface, data, examples))
    assert all(later < earlier for earlier, later in itertools.pairwise(sizes))
    for messages in found:
        assert data["guidelines"] in messages[0]["content"]
        assert messages[0]["content"].endswith(interface.asked())
        assert messages[-1] == asked[-1]
    assert len(found[-1]) == 2


@pytest.mark.parametrize("limit", [1100, 1300, 2000, 10_000])
def test_a_limit_leaves_out_what_is_longer(limit: int) -> None:
    every = list(prompts(CHAT, task(), EXAMPLES))
    fitting = list(prompts(CHAT, task(), EXAMPLES, limit))
    assert fitting == [m for m in every if estimated_tokens(m) <= limit]
    assert fitting


def test_the_smallest_is_tried_though_it_looks_too_long() -> None:
    every = list(prompts(CHAT, task(), EXAMPLES))
    assert list(prompts(CHAT, task(), EXAMPLES, 10)) == [every[-1]]


def test_tokens_by_their_bytes() -> None:
    assert estimated_tokens([{"role": "user", "content": "word" * 100}]) == 104
    assert estimated_tokens([{"role": "user", "content": "字" * 100}]) == 79
