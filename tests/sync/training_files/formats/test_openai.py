"""What each of OpenAI's formats writes for an example."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.json_text import to_json_line
from sync.training_files.example import Conversation, GradedPrompt, PreferenceExample
from sync.training_files.formats import FORMATS, Unsuitable
from tests.sync.training_files.formats.golden_examples import CALLED, TOOLS

USER = {"role": "user", "content": "Hello?"}
ANSWER = {"role": "assistant", "content": "Hello."}
SYSTEM = {"role": "system", "content": "Be kind."}


def test_a_conversation_is_written_with_its_weights_and_ends_with_the_answer() -> None:
    messages = [USER, ANSWER | {"weight": 0}, USER, ANSWER]
    assert FORMATS["openai-chat"].encode(Conversation(messages)) == {"messages": messages}


def test_tools_stand_beside_the_messages_with_arguments_as_text() -> None:
    line = FORMATS["openai-chat"].encode(Conversation([*CALLED, ANSWER], TOOLS))
    assert line == {"messages": [*CALLED, ANSWER], "tools": list(TOOLS)}
    call = line["messages"][1]["tool_calls"][0]
    assert call["function"]["arguments"] == '{"account": "main", "currency": "EUR"}'


def test_a_preference_has_one_input_and_one_message_in_each_output() -> None:
    line = FORMATS["openai-preference"].encode(
        PreferenceExample([SYSTEM, USER], "Good.", "Bad.", TOOLS)
    )
    assert line == {
        "input": {"messages": [SYSTEM, USER], "tools": list(TOOLS)},
        "preferred_output": [{"role": "assistant", "content": "Good."}],
        "non_preferred_output": [{"role": "assistant", "content": "Bad."}],
    }


def test_a_graded_prompt_has_the_reference_and_the_facts_beside_it() -> None:
    example = GradedPrompt([SYSTEM, USER], "Hello.", facts={"category": "fees"})
    assert FORMATS["openai-reinforcement"].encode(example) == {
        "messages": [SYSTEM | {"role": "developer"}, USER],
        "reference_answer": "Hello.",
        "category": "fees",
    }
    assert SYSTEM["role"] == "system", "the example stays as it is"


@pytest.mark.parametrize("name", ["messages", "tools", "reference_answer"])
def test_a_fact_never_takes_the_place_of_the_formats_own_keys(name: str) -> None:
    with pytest.raises(Unsuitable, match="rename it") as raised:
        FORMATS["openai-reinforcement"].encode(GradedPrompt([USER], "x", facts={name: "zebra"}))
    assert "zebra" not in str(raised.value)


@pytest.mark.parametrize("name", ["openai-chat", "openai-preference", "openai-reinforcement"])
def test_openai_takes_no_file_above_512_mb_nor_below_ten_examples(name: str) -> None:
    rules = FORMATS[name].rules
    assert rules.max_bytes == 512 * 1024 * 1024
    assert (rules.least_examples, rules.recommended_examples) == (10, 50)


words = st.text(min_size=1).filter(str.strip)
prompts = st.lists(words, min_size=1, max_size=3).map(
    lambda texts: [m for t in texts for m in ({"role": "user", "content": t}, ANSWER)][:-1]
)


@given(prompts, words)
def test_every_conversation_is_one_valid_line_that_keeps_the_answer(
    prompt: list[dict[str, Any]], answer: str
) -> None:
    form = FORMATS["openai-chat"]
    unvouched = [m | {"weight": 0} if m["role"] == "assistant" else m for m in prompt]
    example = Conversation([*unvouched, {"role": "assistant", "content": answer}])
    raw = to_json_line(form.encode(example)).decode()
    assert raw.splitlines(keepends=True) == [raw]
    line = json.loads(raw)
    assert list(form.check(line)) == []
    assert line["messages"][-1] == {"role": "assistant", "content": answer}


@given(prompts, words, words.map(lambda text: {"value": text}))
def test_every_pair_and_every_graded_prompt_is_valid(
    prompt: list[dict[str, Any]], answer: str, facts: dict[str, str]
) -> None:
    pair = FORMATS["openai-preference"]
    assert list(pair.check(pair.encode(PreferenceExample(prompt, answer, f"{answer}!")))) == []
    graded = FORMATS["openai-reinforcement"]
    assert list(graded.check(graded.encode(GradedPrompt(prompt, answer, facts=facts)))) == []


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_the_registry_knows_each_format_by_its_name(form: Any) -> None:
    assert FORMATS[form.name] is form
    assert form.summary
    assert form.rules.least_examples <= max(1, form.rules.recommended_examples)
