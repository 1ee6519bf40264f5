"""Personal data in calls of tools, in their results, in reasoning and in pictures' addresses."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.intake.redaction.packed_json import changed_json
from sync.intake.redaction.placeholders import redact, restore
from sync.intake.redaction.spans import analysis
from sync.settings.redaction import RedactionSection
from sync.training_files.example import Conversation
from sync.training_files.formats import FORMATS

FIND = analysis(RedactionSection(on=True)).spans
MAIL, PHONE, NUMBER = "ada@example.com", "+44 20 7946 0018", 99668472
PICTURE = "https://example.org/users/ada.png"
DATA = "data:image/png;base64,AA+447946001899668472"


def called(arguments: str, result: str, **more: Any) -> list[dict[str, Any]]:
    call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": arguments}}
    return [
        {"role": "user", "content": f"I am {MAIL}."},
        {"role": "assistant", "content": "", "tool_calls": [call], **more},
        {"role": "tool", "tool_call_id": "c1", "content": result},
        {"role": "assistant", "content": "Done."},
    ]


def there_and_back(data: dict[str, Any]) -> dict[str, Any]:
    """The redacted data; restored, it is what it was."""
    new, secrets = redact(data, FIND)
    assert restore(json.loads(json.dumps(new)), secrets) == data
    told = json.dumps(new, ensure_ascii=False)
    assert MAIL not in told
    assert PHONE not in told
    return new


def test_arguments_keep_their_blanks_and_their_order() -> None:
    arguments = (
        f'{{ "phone": {NUMBER},\n "of": {{"mail": "{MAIL}", "n": 1.50}}, "list": ["{MAIL}"]}}'
    )
    new = there_and_back({"messages": called(arguments, "")})
    held = new["messages"][1]["tool_calls"][0]["function"]["arguments"]
    assert held == (
        '{ "phone": "<PHONE_1>",\n "of": {"mail": "<EMAIL_1>", "n": 1.50}, "list": ["<EMAIL_1>"]}'
    )


def test_a_result_in_json_stays_json_and_its_names_help() -> None:
    result = f'[{{"fax": "467 3395", "phone": {NUMBER}, "{MAIL}": "he said \\"{PHONE}\\""}}]'
    new = there_and_back({"messages": called("{}", result)})
    (row,) = json.loads(new["messages"][2]["content"])
    assert row == {"fax": "<PHONE_1>", "phone": "<PHONE_2>", "<EMAIL_1>": 'he said "<PHONE_3>"'}
    text = there_and_back({"messages": called("{}", f"{MAIL} has {NUMBER}.")})
    assert text["messages"][2]["content"].startswith("<EMAIL_1> has ")


def test_reasoning_and_names_are_reached() -> None:
    data = {"messages": called("{}", "", reasoning_content=f"Write to {MAIL}.")}
    data["messages"][0]["name"] = MAIL
    new = there_and_back(data)
    assert new["messages"][1]["reasoning_content"] == "Write to <EMAIL_1>."
    assert new["messages"][0]["name"] == "<EMAIL_1>"


def test_what_holds_a_conversation_together_stays() -> None:
    said = called("{}", f"Call {PHONE}.")
    said[1]["tool_calls"][0]["id"] = said[2]["tool_call_id"] = "99 668472"
    said[1]["tool_calls"][0]["function"]["name"] = "call_99668472"
    said[3]["content"] = "Call me at 99 668472."
    new = there_and_back({"messages": said, "tools": [{"function": {"name": "call_99668472"}}]})
    assert new["messages"][1]["tool_calls"] == said[1]["tool_calls"]
    assert new["messages"][2]["tool_call_id"] == "99 668472"
    assert new["messages"][3]["content"] == "Call me at <PHONE_2>."
    assert new["tools"][0]["function"]["name"] == "call_99668472"


@pytest.mark.parametrize(
    ("address", "then"),
    [
        (PICTURE, PICTURE),
        (f"https://example.org/{MAIL}/a.png?size=2", "https://example.org/<EMAIL_1>/a.png?size=2"),
        (DATA, DATA),
        ("/data/upload/1/99668472-a.png", "/data/upload/1/99668472-a.png"),
    ],
)  # fmt: skip
def test_a_picture_keeps_its_address_but_for_personal_data_in_it(address: str, then: str) -> None:
    """Its name at the source is a text like any other."""
    part = {"type": "image_url", "image_url": {"url": address}, "name": f"{MAIL} 1.png"}
    words = {"type": "text", "text": f"I am {MAIL}, {PHONE}, see {PICTURE} or call 99668472"}
    new = there_and_back({"messages": [{"role": "user", "content": [words, part]}]})
    shown = new["messages"][0]["content"][1]
    assert shown == {**part, "image_url": {"url": then}, "name": "<EMAIL_1> 1.png"}


@pytest.mark.parametrize(
    "name", ["openai-chat", "trl-language-modeling", "sharegpt", "gemini", "bedrock-conversation"]
)
@pytest.mark.parametrize("words", ["", "Let me look."])
def test_a_line_of_each_format_is_restored_with_its_numbers(name: str, words: str) -> None:
    arguments = f'{{"phone": {NUMBER}, "mail": "{MAIL}"}}'
    said = called(arguments, f'{{"phone": {NUMBER}}}')
    said[1]["content"] = words
    tools = [{"type": "function", "function": {"name": "look"}}]
    new, secrets = redact({"messages": said}, FIND)
    whole = FORMATS[name].encode(Conversation(said, tools))
    line = FORMATS[name].encode(Conversation(new["messages"], tools))
    assert MAIL not in json.dumps(line)
    assert str(NUMBER) not in json.dumps(line)
    restored = json.dumps(restore(line, secrets)).replace("\\\\u003c", "<")
    assert restored.replace(" ", "") == json.dumps(whole).replace(" ", "")


VALUES = st.recursive(
    st.text(max_size=4) | st.integers() | st.floats(allow_nan=False) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@given(VALUES, st.sampled_from([None, 2]), st.booleans())
def test_unchanged_json_is_the_same_text(value: Any, indent: int | None, is_ascii: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=is_ascii)
    told = changed_json(text, lambda name, value: value)
    assert told == (text if isinstance(value, dict | list) else None)


@given(VALUES)
def test_changed_json_has_every_text_changed(value: Any) -> None:
    told = changed_json(json.dumps([value]), lambda name, v: f"{v}!" if isinstance(v, str) else v)
    assert told is not None
    assert json.loads(told) == [_loud(value)]


def _loud(value: Any) -> Any:
    if isinstance(value, dict):
        return {f"{key}!": _loud(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [_loud(inside) for inside in value]
    return f"{value}!" if isinstance(value, str) else value
