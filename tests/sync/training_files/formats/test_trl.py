"""What each of TRL's formats writes for an example, and what it can't say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.training_files.example import (
    Completion,
    Conversation,
    Judgement,
    PreferenceExample,
    Steps,
)
from sync.training_files.formats import FORMATS, Unsuitable
from tests.sync.training_files.formats.golden_examples import CALLED, TOOLS, call

USER = {"role": "user", "content": "Hello?"}
ANSWER = {"role": "assistant", "content": "Hello."}
UNVOUCHED = ANSWER | {"weight": 0}


def encode(name: str, example: Any) -> dict[str, Any]:
    return FORMATS[name].encode(example)


def modelled(*messages: dict[str, Any]) -> list[Any]:
    return encode("trl-language-modeling", Conversation(messages))["messages"]


def test_a_weight_is_not_written_since_trl_knows_none() -> None:
    assert modelled(USER, ANSWER | {"weight": 1}) == [USER, ANSWER]


def test_turns_after_the_last_one_to_learn_are_cut_off() -> None:
    assert modelled(USER, ANSWER, USER, UNVOUCHED) == [USER, ANSWER]


@pytest.mark.parametrize("earlier", [UNVOUCHED, ANSWER | {"weight": 0.0}])
def test_an_earlier_turn_that_nobody_vouched_for_is_not_taught_silently(
    earlier: dict[str, Any],
) -> None:
    with pytest.raises(Unsuitable, match="trl-prompt-completion takes it"):
        modelled(USER, earlier, USER, ANSWER)


def test_arguments_of_calls_are_objects_and_the_example_stays_as_it_is() -> None:
    line = encode("trl-prompt-completion", Completion(CALLED, ANSWER, TOOLS))
    function = line["prompt"][1]["tool_calls"][0]["function"]
    assert function == {"name": "balance", "arguments": {"account": "main", "currency": "EUR"}}
    assert line["tools"] == list(TOOLS)
    assert isinstance(CALLED[1]["tool_calls"][0]["function"]["arguments"], str)
    assert line["prompt"][0] is CALLED[0], "what needs no change is not copied"


@pytest.mark.parametrize("arguments", ["", "{}"])
def test_a_call_without_arguments_has_an_empty_object(arguments: str) -> None:
    (asked,) = encode("trl-prompt-completion", Completion([USER], called(arguments)))["completion"]
    assert asked["tool_calls"][0]["function"]["arguments"] == {}


@pytest.mark.parametrize("arguments", ["[1]", "zebra", '"text"', '{"a": '])
def test_arguments_that_are_no_object_are_left_out_with_a_reason(arguments: str) -> None:
    with pytest.raises(Unsuitable, match="not a JSON object") as raised:
        encode("trl-prompt-completion", Completion([USER], called(arguments)))
    assert "zebra" not in str(raised.value)


@pytest.mark.parametrize("odd", ["zebra", [], {"function": None}, {"function": "zebra"}])
def test_what_is_no_call_is_left_out_too(odd: Any) -> None:
    prompt = [USER, {"role": "assistant", "content": None, "tool_calls": [odd]}]
    examples = {
        "trl-prompt-completion": Completion(prompt, ANSWER),
        "trl-preference": PreferenceExample(prompt, "Good.", "Bad."),
        "trl-unpaired-preference": Judgement(prompt, "Good.", True),
        "trl-stepwise": Steps(prompt, ("One.",), (True,)),
    }
    for name, example in examples.items():
        with pytest.raises(Unsuitable) as raised:
            encode(name, example)
        assert "zebra" not in str(raised.value)


def called(arguments: str) -> dict[str, Any]:
    return {"role": "assistant", "content": None, "tool_calls": [call("c1", arguments)]}


def test_answers_of_pairs_and_judgements_are_messages() -> None:
    assert encode("trl-preference", PreferenceExample([USER], "Good.", "Bad.")) == {
        "prompt": [USER],
        "chosen": [{"role": "assistant", "content": "Good."}],
        "rejected": [{"role": "assistant", "content": "Bad."}],
    }
    assert encode("trl-unpaired-preference", Judgement([USER], "Bad.", False)) == {
        "prompt": [USER],
        "completion": [{"role": "assistant", "content": "Bad."}],
        "label": False,
    }


def test_steps_follow_the_question_itself() -> None:
    assert encode("trl-stepwise", Steps([USER], ("One.", "Two."), (True, False))) == {
        "prompt": "Hello?",
        "completions": ["One.", "Two."],
        "labels": [True, False],
    }


def test_a_conversation_before_the_steps_is_written_with_its_speakers() -> None:
    system = {"role": "system", "content": "Be brief."}
    parts = {"role": "user", "content": [{"type": "text", "text": "What do I have?"}]}
    line = encode("trl-stepwise", Steps([system, parts, *CALLED[1:]], ("One.",), (True,)))
    assert line["prompt"] == (
        "System: Be brief.\n\nUser: What do I have?\n\n"
        'Assistant: balance({"account": "main", "currency": "EUR"})\n\nTool: {"amount": 12.5}'
    )


def test_an_image_cannot_be_said_in_text() -> None:
    image = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "zebra"}}]}
    with pytest.raises(Unsuitable, match="image") as raised:
        encode("trl-stepwise", Steps([image], ("One.",), (True,)))
    assert "zebra" not in str(raised.value)


words = st.text(min_size=1).filter(str.strip)
turns = st.lists(
    st.tuples(words, words, st.sampled_from([0, 1, None]), st.booleans()), min_size=1, max_size=4
)


@given(turns, words, words)
def test_every_example_is_valid_or_unsuitable(
    said: list[tuple[str, str, int | None, bool]], answer: str, step: str
) -> None:
    messages: list[dict[str, Any]] = []
    for asked, told, weight, calls in said:
        turn: dict[str, Any] = {"role": "assistant", "content": told}
        if weight is not None:
            turn["weight"] = weight
        messages.append({"role": "user", "content": asked})
        messages += [*CALLED[1:], turn] if calls else [turn]
    prompt = [{k: v for k, v in m.items() if k != "weight"} for m in messages[:-1]]
    final = {"role": "assistant", "content": answer}
    examples = {
        "trl-language-modeling": Conversation([*messages, USER, final]),
        "trl-prompt-completion": Completion(prompt, final),
        "trl-preference": PreferenceExample(prompt, answer, f"{answer}!"),
        "trl-unpaired-preference": Judgement(prompt, answer, True),
        "trl-stepwise": Steps(prompt, (step, answer), (True, False)),
    }
    for name, example in examples.items():
        try:
            line = encode(name, example)
        except Unsuitable:
            assert name == "trl-language-modeling"
            assert any(m.get("weight") == 0 for m in messages)
            continue
        assert [f for f in FORMATS[name].check(line) if f.severity == "error"] == []
