"""What keeps tasks together beside their words."""

from typing import Any

import pytest

from sync.dataset.splits.ties import ties_of
from sync.settings.split import SplitSection


def said(*turns: str) -> list[dict[str, str]]:
    """Turns of user and assistant, one after the other."""
    return [
        {"role": ("user", "assistant")[at % 2], "content": turn} for at, turn in enumerate(turns)
    ]


def tied(one: dict[str, Any], other: dict[str, Any], **settings: Any) -> bool:
    section = SplitSection.model_validate(settings)
    return bool(set(ties_of(one, section)) & set(ties_of(other, section)))


@pytest.mark.parametrize("field", ["conversation_id", "document", "user_id"])
def test_equal_fields_tie(field: str) -> None:
    assert tied({field: "a"}, {field: "a"})
    assert not tied({field: "a"}, {field: "b"})


def test_what_is_missing_or_empty_ties_nothing() -> None:
    for value in (None, "", [], {}, True):
        assert not tied({"user_id": value}, {"user_id": value})
    assert not tied({}, {})


def test_the_same_value_of_another_field_ties_nothing() -> None:
    assert not tied({"user_id": "7"}, {"document": "7"})


def test_numbers_tie_as_tables_and_json_write_them() -> None:
    assert tied({"user_id": 7}, {"user_id": "7"})
    assert tied({"user_id": 7.0}, {"user_id": 7})


def test_paths_go_into_objects_and_lists() -> None:
    path = ["context.account"]
    one, other = {"context": {"account": "x"}}, {"context": {"account": "x", "tier": "gold"}}
    assert tied(one, other, keep_together=path)
    assert not tied(one, other)
    assert not tied({"context": "x"}, {"context": "x"}, keep_together=path)
    sources = [{"documents": [{"title": t} for t in titles]} for titles in ("ab", "bc", "cd")]
    assert tied(sources[0], sources[1], keep_together=["documents.title"])
    assert not tied(sources[0], sources[2], keep_together=["documents.title"])


LONG = "My card was stolen in Rome yesterday."


def test_cuts_of_one_conversation_are_tied() -> None:
    cuts = [
        said(LONG),
        said(LONG, "When?", "At noon."),
        said(f"  {LONG.upper()} ", "When?", "At noon.", "Blocked.", "Thanks!"),
    ]
    for one in cuts:
        for other in cuts:
            assert tied({"messages": one}, {"messages": other})


def test_a_greeting_ties_nobody() -> None:
    greeting = "Hello, how can I help?"
    one = {"messages": said("Hi", greeting, LONG)}
    other = {"messages": said("Hi", greeting, "How do I open an account?")}
    assert not tied(one, other)
    assert not tied({"messages": said("Hi")}, {"messages": said("Hi")})
    assert tied(one, {"messages": said("Hi", greeting, LONG, "When?", "At noon.")})


def test_the_projects_system_turn_ties_nobody() -> None:
    system = [{"role": "system", "content": "You are the assistant of a bank."}]
    one, other = said("How do I open an account?"), said("Where is my new card, please?")
    assert not tied({"messages": system + one}, {"messages": system + other})
    assert tied({"messages": system + one}, {"messages": one})


def test_openings_can_be_switched_off() -> None:
    data = {"messages": said(LONG)}
    assert not tied(data, data, openings=False)


def test_conversations_about_one_picture_are_tied() -> None:
    def shows(name: str, words: str, **image: str) -> dict[str, Any]:
        served = f"/data/upload/1/{image.get('prefix', 'aaaaaaaa')}-{name * 32}.png"
        content = [
            {"type": "text", "text": words},
            {"type": "image_url", "image_url": {"url": served}},
        ]
        return {"messages": [{"role": "user", "content": content}]}

    assert tied(shows("1", "What is it?"), shows("1", "How old is it?", prefix="bbbbbbbb"))
    assert not tied(shows("1", LONG), shows("2", LONG))
    assert not tied(shows("1", "?"), shows("1", "!"), openings=False)


def returned(question: str, result: str, name: str = "look_up") -> dict[str, Any]:
    """A task in which a tool is called."""
    call = {"id": "c", "type": "function", "function": {"name": name, "arguments": "{}"}}
    return {
        "messages": [
            {"role": "user", "content": question},
            {"role": "assistant", "content": "", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c", "content": result},
        ]
    }


def test_the_same_results_tie_however_the_question_was_put() -> None:
    result = '{"account": "main", "balance": 12.5, "currency": "EUR"}'
    one, other = "What do I have in euros?", "How much money is left on my account?"
    assert tied(returned(one, result), returned(other, result))
    assert not tied(returned(one, result), returned(other, result), openings=False)
    assert not tied(returned(one, result), returned(other, result.replace("12", "13")))
    assert not tied(returned(one, result), returned(other, result, "pay"))
    assert not tied(returned(one, "ok"), returned(other, "ok")), "it says next to nothing"
