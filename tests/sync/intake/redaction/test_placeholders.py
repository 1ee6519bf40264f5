"""A task's placeholders: consistent, reversible, and nothing that was found is left anywhere."""

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync.intake.redaction.placeholders import placeholders, redact, restore
from sync.intake.redaction.spans import analysis
from sync.settings.redaction import RedactionSection

FIND = analysis(RedactionSection(on=True)).spans


def redacted(data: Any) -> Any:
    return redact(data, FIND)[0]


def test_arguments_of_a_call_stay_json_and_come_back() -> None:
    """Also where a number is personal data, which would leave no JSON behind."""
    for arguments in (
        '{"phone": 99668472, "n": 1}',
        '{"phone": "99 668472", "note": "joe@example.com \\"J\\""}',
        '{"of": {"card": 4111111111111111}, "list": ["joe@example.com"]}',
    ):
        call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": arguments}}
        turn = {"role": "assistant", "content": "One moment.", "tool_calls": [call]}
        new, secrets = redact({"messages": [turn]}, FIND)
        held = new["messages"][0]["tool_calls"][0]["function"]["arguments"]
        assert secrets
        assert placeholders(json.loads(held)) == placeholders(held) > 0
        back = restore(new, secrets)["messages"][0]["tool_calls"][0]["function"]["arguments"]
        assert json.loads(back) == json.loads(arguments)


def test_arguments_without_personal_data_stay_as_they_are_written() -> None:
    turn = {"role": "assistant", "function": {"arguments": '{ "q":"plain" }'}}
    data = {"messages": [turn, {"role": "user", "content": "joe@example.com"}]}
    assert redacted(data)["messages"][0] == turn


def test_one_value_has_one_placeholder_in_the_whole_task() -> None:
    data = {
        "messages": [
            {"role": "user", "content": "I am joe@example.com, call me at 99 668472."},
            {"role": "assistant", "content": "99 668472, right? Or ann@example.com?"},
        ],
        "context": {"phone": "467 3395", "plan": "gold"},
        "documents": [{"title": "Note", "text": "joe@example.com wrote."}],
        "column": "99 668472",
    }
    new, secrets = redact(data, FIND)
    assert new == {
        "messages": [
            {"role": "user", "content": "I am <EMAIL_1>, call me at <PHONE_1>."},
            {"role": "assistant", "content": "<PHONE_1>, right? Or <EMAIL_2>?"},
        ],
        "context": {"phone": "<PHONE_2>", "plan": "gold"},
        "documents": [{"title": "Note", "text": "<EMAIL_1> wrote."}],
        "column": "<PHONE_1>",
    }
    assert secrets == {
        "<EMAIL_1>": "joe@example.com",
        "<PHONE_1>": "99 668472",
        "<EMAIL_2>": "ann@example.com",
        "<PHONE_2>": "467 3395",
    }


def test_what_looks_like_a_placeholder_already_is_never_given_out() -> None:
    data = {"a": "joe@example.com", "b": "<EMAIL_1> and <EMAIL_3>", "c": "ann@example.com"}
    new, secrets = redact(data, FIND)
    assert new == {"a": "<EMAIL_2>", "b": "<EMAIL_1> and <EMAIL_3>", "c": "<EMAIL_4>"}
    assert restore(new, secrets) == data


def test_a_role_that_looks_like_a_placeholder_is_not_turned_into_a_value() -> None:
    data = {"messages": [{"role": "<EMAIL_1>", "content": "joe@example.com"}]}
    new, secrets = redact(data, FIND)
    assert secrets == {"<EMAIL_2>": "joe@example.com"}
    assert restore(new, secrets) == data


def test_numbers_come_back_as_numbers() -> None:
    data = {"card": 4111111111111111, "phoneNumber": 5403926876.0, "balance": 12000000, "n": 3}
    new, secrets = redact(data, FIND)
    assert new == {"card": "<CARD_1>", "phoneNumber": "<PHONE_1>", "balance": 12000000, "n": 3}
    whole = restore(new, secrets)
    assert whole == data
    assert [type(v) for v in whole.values()] == [type(v) for v in data.values()]


def test_a_number_and_its_text_are_both_replaced_and_told_apart() -> None:
    data = {"a": "my card is 4111111111111112", "n": 4111111111111112}
    new, secrets = redact(data, FIND)
    assert new == {"a": "my card is <CARD_1>", "n": "<CARD_2>"}
    assert restore(new, secrets) == data


def test_names_of_facts_are_redacted_and_of_columns_are_not() -> None:
    data = {"joe@example.com": {"joe@example.com": "owner"}, "l": [{"ann@example.com": 1}]}
    assert redacted(data) == {
        "joe@example.com": {"<EMAIL_1>": "owner"},
        "l": [{"<EMAIL_2>": 1}],
    }


def test_roles_stay_even_where_they_are_a_value() -> None:
    data = {"messages": [{"role": "joe@example.com", "content": "joe@example.com"}], "role": "a"}
    assert redacted(data)["messages"] == [{"role": "joe@example.com", "content": "<EMAIL_1>"}]


def test_a_fact_s_name_tells_what_a_number_is() -> None:
    facts = {"order": "99668472", "mobile_2": "99668472x", "fax": "21284698"}
    assert redacted({"context": facts})["context"] == {**facts, "fax": "<PHONE_1>"}


def test_a_task_without_personal_data_is_unchanged() -> None:
    data = {"messages": [{"role": "user", "content": "I paid 12.50 on 2026-01-02"}], "n": None}
    assert redact(data, FIND) == (data, {})


VALUES = st.sampled_from(
    [
        *("joe@example.com", "ann.lee@mail.example.org", "+44 20 7946 0018", "(202) 555-0143"),
        *("4111 1111 1111 1111", "5500000000000004", "GB82 WEST 1234 5698 7654 32"),
        *("078-05-1120", "192.0.2.17", "2001:db8::1", "https://example.com/a?b=c", "www.x.org"),
    ]
)
WORDS = st.sampled_from(
    [*("my", "card", "call me at", "order", "is", "<EMAIL_1>", "<PHONE_2>", "ü", "12.50", "\n")]
)
LEAVES = st.lists(st.one_of(VALUES, WORDS, st.text(max_size=4)), max_size=6).map(" ".join)
DATA = st.dictionaries(
    st.sampled_from(["messages", "context", "phone", "note", "answers"]),
    st.recursive(
        st.one_of(LEAVES, st.integers(), st.floats(allow_nan=False), st.none(), st.booleans()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.one_of(st.sampled_from(["content", "role"]), LEAVES), inner),
        ),
        max_leaves=8,
    ),
)


@given(DATA)
def test_restoring_gives_back_what_was(data: dict[str, Any]) -> None:
    new, secrets = redact(data, FIND)
    assert json.dumps(restore(json.loads(json.dumps(new)), secrets)) == json.dumps(data)


@given(DATA)
def test_redacting_again_changes_nothing(data: dict[str, Any]) -> None:
    new, _ = redact(data, FIND)
    assert redact(new, FIND) == (new, {})


@given(st.lists(LEAVES, min_size=1, max_size=5), st.lists(VALUES, min_size=1, max_size=3))
def test_no_planted_value_is_left_and_each_has_a_placeholder_of_its_own(
    texts: list[str], planted: list[str]
) -> None:
    turns = [f"{text} {planted[i % len(planted)]} {text}" for i, text in enumerate(texts)]
    data = {"messages": [{"role": "user", "content": turn} for turn in turns]}
    new, secrets = redact(data, FIND)
    text = json.dumps(new, ensure_ascii=False)
    for value in secrets.values():
        assert not re.search(rf"(?<!\w){re.escape(str(value))}(?!\w)", text)
    for value in planted[: len(turns)]:
        assert not re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text)
    assert len(set(secrets.values())) == len(secrets)
    assert placeholders(new) >= len(turns)
