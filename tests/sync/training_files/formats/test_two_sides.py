"""Conversations in formats of two sides: what is written, and what is left out and why."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.training_files.example import Completion, Conversation, Judgement, PreferenceExample
from sync.training_files.formats import FORMATS, Unsuitable
from tests.sync.training_files.formats.golden_examples import TOOLS, assistant, call, system, user

CONVERSATIONS = ("sharegpt", "gemini", "bedrock-conversation")


def called(*calls: Any, **keys: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": None, "tool_calls": list(calls), **keys}


def answered(number: str, text: str = "12") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": number, "content": text}


def test_sharegpt_puts_the_system_prompt_first_and_names_both_sides() -> None:
    line = FORMATS["sharegpt"].encode(
        Conversation([system("Be kind."), user("Hi", name="ann"), assistant("Hello.")])
    )
    assert line == {
        "conversations": [
            {"from": "system", "value": "Be kind."},
            {"from": "human", "value": "Hi"},
            {"from": "gpt", "value": "Hello."},
        ],
        "tools": "[]",
    }


def test_sharegpt_says_calls_and_tools_as_json_text() -> None:
    said = [user("?"), called(call("c", '{"of": "x"}')), answered("c"), assistant("12.")]
    line = FORMATS["sharegpt"].encode(Conversation(said, TOOLS))
    kinds = [turn["from"] for turn in line["conversations"]]
    assert kinds == ["human", "function_call", "observation", "gpt"]
    wanted = {"name": "balance", "arguments": {"of": "x"}}
    assert json.loads(line["conversations"][1]["value"]) == wanted
    assert json.loads(line["tools"]) == list(TOOLS)


def test_preferences_and_judgements_keep_the_earlier_turns() -> None:
    prompt = [user("Hi"), assistant("Hello."), user("Bye")]
    pair = FORMATS["sharegpt-preference"].encode(PreferenceExample(prompt, "Goodbye!", "No."))
    assert len(pair["conversations"]) == 3
    assert (pair["chosen"]["value"], pair["rejected"]["value"]) == ("Goodbye!", "No.")
    judged = FORMATS["sharegpt-kto"].encode(Judgement(prompt, "No.", False))
    assert judged["conversations"][-1] == {"from": "gpt", "value": "No."}
    assert judged["kto_tag"] is False


def test_alpaca_asks_what_the_user_said_last_and_keeps_the_rest_as_history() -> None:
    prompt = [system("Be kind."), user("Hi"), assistant("Hello."), user("Bye")]
    line = FORMATS["alpaca"].encode(Completion(prompt, assistant("Goodbye!")))
    assert line == {
        "instruction": "Bye",
        "input": "",
        "output": "Goodbye!",
        "system": "Be kind.",
        "history": [["Hi", "Hello."]],
    }


def test_gemini_has_calls_and_their_answers_as_parts() -> None:
    said = [
        user("?"),
        called(call("a", '{"of": "x"}'), call("b", "{}"), content="Let me look."),
        answered("a", '{"is": 12}'),
        answered("b", "nothing"),
        assistant("12."),
    ]
    line = FORMATS["gemini"].encode(Conversation(said, TOOLS))
    turns = line["contents"]
    assert [turn["role"] for turn in turns] == ["user", "model", "user", "model"]
    assert turns[1]["parts"] == [
        {"text": "Let me look."},
        {"functionCall": {"name": "balance", "args": {"of": "x"}}},
        {"functionCall": {"name": "balance", "args": {}}},
    ]
    assert turns[2]["parts"] == [
        {"functionResponse": {"name": "balance", "response": {"is": 12}}},
        {"functionResponse": {"name": "balance", "response": {"output": "nothing"}}},
    ]
    assert [f["name"] for f in line["tools"][0]["functionDeclarations"]] == ["balance"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [("gemini", [("contents", "parts")]), ("bedrock-conversation", [("messages", "content")])],
)
def test_two_turns_of_one_side_become_one(name: str, parts: list[tuple[str, str]]) -> None:
    line = FORMATS[name].encode(Conversation([user("Hi"), user("Bye"), assistant("Goodbye!")]))
    ((turns, texts),) = parts
    assert line[turns][0][texts] == [{"text": "Hi"}, {"text": "Bye"}]


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_a_turn_that_nobody_vouched_for_is_never_learnt(name: str) -> None:
    early = [user("Hi"), assistant("Hello.", weight=0), user("Bye"), assistant("Goodbye!")]
    with pytest.raises(Unsuitable, match="not vouched for, and this format teaches every turn"):
        FORMATS[name].encode(Conversation(early))
    late = [user("Hi"), assistant("Hello."), user("Bye"), assistant("Nonsense", weight=0)]
    assert "Nonsense" not in json.dumps(FORMATS[name].encode(Conversation(late)))


HI = user("Hi")
LOOKED = called(call("a", "{}"))
# whatever the format: (messages, why)
CONVERSED: list[tuple[list[Any], str]] = [
    ([assistant("Hello."), HI, assistant("?")], "does not begin"),
    ([HI, system("Be kind."), assistant("?")], "system message after"),
    ([user(" "), assistant("?")], "an empty message"),
]
TEXT_ALONE = ("sharegpt", "gemini")
NO_PICTURE = HI | {"content": [{"type": "image_url"}]}
THOUGHT = [
    [HI, assistant("12", reasoning_content="3 * 4")],
    [HI, LOOKED | {"reasoning_content": "A balance is asked for."}],
]
BOTH = [HI, called(call("a", "{}"), call("b", "{}")), answered("a"), answered("b"), assistant("?")]
NAMED_OTHERWISE = [{"type": "function", "function": {"name": "get.balance"}}]
UNSUITABLE: list[tuple[str, Any, str]] = [
    *((name, Conversation(said), why) for name in CONVERSATIONS for said, why in CONVERSED),
    *((name, Conversation(said), "<think>") for name in TEXT_ALONE for said in THOUGHT),
    *((name, Conversation([NO_PICTURE, assistant("?")]), "text alone") for name in TEXT_ALONE),
    ("bedrock-conversation", Conversation([NO_PICTURE, assistant("?")]), "from S3 alone"),
    ("sharegpt", Conversation([HI, HI, assistant("?")]), "two turns of one side"),
    ("sharegpt", Conversation(BOTH), "several tools"),
    ("sharegpt", Conversation([HI, called(call("a", "[]"))]), "not a JSON object"),
    ("sharegpt", Conversation([HI, LOOKED | {"content": "</tool_call>"}]), "words beside a call"),
    ("gemini", Conversation([HI, LOOKED, HI, assistant("?")]), "without an answer"),
    ("gemini", Conversation([HI, called(*(call("a", "{}"),) * 2)]), "the same id"),
    ("sharegpt-preference", PreferenceExample([HI, assistant("?")], "a", "b"), "does not end with"),
    ("sharegpt-preference", PreferenceExample([], "a", "b"), "does not end with"),
    ("gemini", Conversation([HI, called(call("a", "7"))]), "not a JSON object"),
    ("gemini", Conversation([HI, answered("x"), assistant("?")]), "to no call"),
    ("bedrock-conversation", Conversation([HI, assistant("?")], NAMED_OTHERWISE), "not take"),
    ("bedrock-conversation", Conversation([HI, LOOKED]), "does not declare"),
    ("bedrock-conversation", Conversation([HI, LOOKED, HI, assistant("?")], TOOLS), "without an"),
    ("bedrock-conversation", Conversation([user("User: hi"), assistant("?")]), "keeps for itself"),
    ("alpaca", Completion([HI], assistant("?"), TOOLS), "no place for"),
    ("alpaca", Completion([HI], LOOKED), "no place for"),
    ("alpaca", Completion([HI, LOOKED, answered("a"), HI], assistant("?")), "no place for"),
    ("alpaca", Completion([HI, assistant("?")], assistant("?")), "does not end with"),
    ("alpaca", Completion([assistant("Hello."), HI], assistant("?")), "does not begin"),
    ("alpaca", Completion([HI, HI], assistant("?")), "two turns of one side"),
]


@pytest.mark.parametrize(("name", "example", "why"), UNSUITABLE)
def test_what_cannot_be_said_is_left_out_with_a_reason(name: str, example: Any, why: str) -> None:
    with pytest.raises(Unsuitable, match=why):
        FORMATS[name].encode(example)


texts = st.sampled_from(["Hi", " ", "", "é 🏦", "User: 1", '{"a": 1}', "<image>"])
calls = st.lists(st.builds(call, st.sampled_from("ab"), st.sampled_from(["{}", "[]", "x"])))
messages = st.lists(
    st.builds(user, texts)
    | st.builds(system, texts)
    | st.builds(assistant, texts, weight=st.sampled_from([0, 1]))
    | st.builds(answered, st.sampled_from("abc"), texts)
    | st.builds(lambda some: called(*some), calls.filter(bool)),
    max_size=6,
)
tools = st.sampled_from([(), TOOLS])
EXAMPLES = {
    Conversation: st.builds(
        Conversation, st.builds(lambda some: [*some, assistant("Yes.")], messages), tools
    ),
    Completion: st.builds(Completion, messages, st.builds(assistant, texts), tools),
    PreferenceExample: st.builds(
        PreferenceExample, messages, st.just("Yes."), st.just("No."), tools
    ),
    Judgement: st.builds(Judgement, messages, st.just("Yes."), st.booleans(), tools),
}


@pytest.mark.parametrize("name", [*CONVERSATIONS, "sharegpt-preference", "sharegpt-kto", "alpaca"])
@given(st.data())
def test_what_is_written_breaks_no_rule(name: str, data: st.DataObject) -> None:
    form = FORMATS[name]
    try:
        line = form.encode(data.draw(EXAMPLES[form.takes]))  # type: ignore[index]
    except Unsuitable:
        return
    # Bedrock's own service might fail at tools
    assert [fault for fault in form.check(line) if fault.rule != "tools"] == []
