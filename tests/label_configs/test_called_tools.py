"""`chat_response` where the answer calls tools: drafted, corrected, learnt, and found faulty."""

import json
from dataclasses import replace
from typing import Any

import pytest

import label_configs
from label_configs import ReplyError
from label_configs.answer_turns import answer_text
from label_configs.chat_response import ChatResponse
from label_configs.content import ToolCall, call_messages
from label_configs.lessons import JudgedAnswer, PreferencePair
from label_configs.validation import check_results

CHAT = label_configs.load("chat_response")
FEE_OF = {
    "name": "fee_of",
    "description": "Looks a fee up.",
    "parameters": {
        "type": "object",
        "properties": {"plan": {"type": "string", "enum": ["Plus"]}, "year": {"type": "integer"}},
        "required": ["plan"],
    },
}
DATA: dict[str, Any] = {
    "messages": [{"role": "user", "content": "What does a new card cost?"}],
    "tools": [{"type": "function", "function": FEE_OF}],
}
RIGHT, WRONG = ToolCall("fee_of", '{"plan": "Plus"}'), ToolCall("fee_of", '{"plan": "Gold"}')


def turn(*calls: ToolCall, content: str = "", **more: Any) -> dict[str, Any]:
    called = {"tool_calls": call_messages(calls)} if calls else {}
    return {"role": "assistant", "content": content, **called, **more}


def test_a_task_without_tools_is_as_it_always_was() -> None:
    completed = CHAT.complete_task({"messages": DATA["messages"]})
    assert not set(completed) & set(CHAT.page_fields)
    plain = ChatResponse("Five pounds.", verdict="edit")
    assert [item["from_name"] for item in CHAT.encode(plain)] == ["response", "verdict"]


def test_the_page_offers_the_tools_of_the_task() -> None:
    completed = CHAT.complete_task(DATA)
    assert completed["tool_choices"] == [
        {"value": "fee_of", "hotkey": "f19", "hint": "Looks a fee up."}
    ]
    assert len(completed["call_rows"]) == 8


def test_tools_that_were_called_are_offered_where_none_is_declared() -> None:
    called = turn(ToolCall("old_tool", "{}", "c1"))
    messages = [*DATA["messages"], called, {"role": "tool", "tool_call_id": "c1", "content": "5"}]
    draft = {"labeltune_draft": "", "labeltune_draft_calls": call_messages([ToolCall("new_tool")])}
    completed = CHAT.complete_task({"messages": messages, **draft})
    assert [choice["value"] for choice in completed["tool_choices"]] == ["old_tool", "new_tool"]


def test_a_task_that_lost_its_tools_loses_their_rows() -> None:
    completed = CHAT.complete_task(DATA)
    again = CHAT.complete_task({k: v for k, v in completed.items() if k != "tools"})
    assert not set(again) & set(CHAT.page_fields)


def test_a_draft_of_many_calls_has_rows_for_all() -> None:
    many = ChatResponse(calls=(RIGHT,) * 12)
    patch = CHAT.task_patch(many)
    completed = CHAT.complete_task(DATA) | patch
    check_results(CHAT.config, completed, CHAT.encode(many))
    assert len(CHAT.complete_task(completed)["call_rows"]) == 14
    assert CHAT.task_patch(ChatResponse(calls=(RIGHT,))) == {}


def test_a_models_turn_is_read_whole() -> None:
    drafted = turn(RIGHT, content="I look.", reasoning_content="The fee is not known.")
    assert CHAT.read_turn(drafted, DATA) == ChatResponse(
        "I look.", calls=(RIGHT,), reasoning="The fee is not known."
    )
    pretty = ToolCall("fee_of", '{\n "plan": "Plus"}', "call_9")
    assert CHAT.read_turn(turn(pretty), DATA) == ChatResponse(calls=(RIGHT,))
    assert CHAT.read_turn(turn(content="Five."), DATA) == ChatResponse("Five.")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (ToolCall("refund", "{}"), r"calls 'refund'; the task's tools: fee_of$"),
        (ToolCall("fee_of", "[1]"), "no JSON object"),
        (ToolCall("fee_of", '{"plan": NaN}'), "no JSON object"),
    ],
)
def test_calls_that_no_tool_could_take_make_no_draft(call: ToolCall, said: str) -> None:
    with pytest.raises(ReplyError, match=said):
        CHAT.read_turn(turn(call), DATA)


def test_a_turn_without_anything_makes_no_draft() -> None:
    with pytest.raises(ReplyError, match="empty"):
        CHAT.read_turn(turn(), DATA)


def test_arguments_are_edited_a_line_each_and_stored_on_one() -> None:
    record = ChatResponse(calls=(RIGHT, ToolCall("fee_of", "{not json")))
    items = {item["from_name"]: item["value"] for item in CHAT.encode(record)}
    assert items["arguments_0"] == {"text": ['{\n  "plan": "Plus"\n}']}
    assert items["arguments_1"] == {"text": ["{not json"]}
    assert items["response"] == {"text": [""]}  # so that no words are asked for
    assert CHAT.decode(CHAT.encode(record)) == record


def test_half_a_character_stays_escaped() -> None:
    record = ChatResponse(calls=(ToolCall("fee_of", '{"plan": "\\ud83d"}'),))
    json.dumps(CHAT.encode(record), ensure_ascii=False).encode()
    assert CHAT.decode(CHAT.encode(record)) == record


def test_a_row_without_a_call_is_none() -> None:
    items = CHAT.encode(ChatResponse(calls=(RIGHT, WRONG, RIGHT)))
    for item in items:
        if item["from_name"] == "tool_1":
            item["value"] = {"choices": ["no call"]}
    assert CHAT.decode(items).calls == (RIGHT, RIGHT)
    without = [item for item in items if item["from_name"] != "tool_0"]
    assert CHAT.decode(without).calls[0] == replace(RIGHT, name="")


# what is learnt


def test_a_call_is_learnt_as_a_call() -> None:
    record = ChatResponse("I look.", verdict="accept", calls=(RIGHT, RIGHT))
    assert CHAT.training_turns(record, DATA) == [
        *DATA["messages"],
        turn(replace(RIGHT, id="call_2_1"), replace(RIGHT, id="call_2_2"), content="I look."),
    ]
    assert CHAT.example_reply(record, DATA) is None


def test_new_ids_differ_from_those_of_the_conversation() -> None:
    called = turn(ToolCall("fee_of", "{}", "call_4_1"))
    answered = {"role": "tool", "tool_call_id": "call_4_1", "content": "5"}
    messages = [*DATA["messages"], called, answered]
    built = CHAT.training_turns(ChatResponse(calls=(RIGHT,)), {**DATA, "messages": messages})
    assert built is not None
    assert built[-1]["tool_calls"][0]["id"] == "call_4_1_"


def test_a_corrected_call_is_preferred_to_the_drafted_one() -> None:
    record, draft = ChatResponse(verdict="edit", calls=(RIGHT,)), ChatResponse(calls=(WRONG,))
    chosen, rejected = [turn(replace(RIGHT, id="call_2_1"))], [turn(WRONG)]
    assert CHAT.preference_pairs(record, DATA, draft) == [PreferencePair(chosen, rejected)]
    assert CHAT.preference_pairs(draft, DATA, draft) == []
    assert CHAT.judged_answers(record, DATA, draft) == [JudgedAnswer(chosen, True)]
    rejected_draft = CHAT.judged_answers(replace(record, verdict="reject"), DATA, draft)
    assert rejected_draft == [JudgedAnswer(rejected, False)]


def test_a_call_in_place_of_words_is_preferred_to_them() -> None:
    record, draft = ChatResponse(verdict="edit", calls=(RIGHT,)), ChatResponse("It is free.")
    (pair,) = CHAT.preference_pairs(record, DATA, draft)
    assert answer_text(pair.chosen) == 'fee_of({"plan": "Plus"})'
    assert pair.rejected == "It is free."


SOURCE = {
    **DATA,
    "labeltune_draft": "I look.",
    "labeltune_draft_calls": call_messages([replace(WRONG, id="c7")]),
    "labeltune_draft_reasoning": "Gold, I think. ",
}


def test_the_sources_own_answer_is_the_draft_and_is_learnt_as_it_stands() -> None:
    draft = CHAT.own_draft(SOURCE)
    assert draft == ChatResponse("I look.", calls=(WRONG,), reasoning="Gold, I think.")
    built = CHAT.training_turns(replace(draft, verdict="accept"), SOURCE)
    assert built is not None
    assert built[-1] == turn(
        replace(WRONG, id="c7"), content="I look.", reasoning_content="Gold, I think. "
    )
    older = replace(draft, reasoning="", verdict="accept")  # made before reasoning could be edited
    assert CHAT.training_turns(older, SOURCE) == built


@pytest.mark.parametrize(
    ("changed", "thought"),
    [
        ({"calls": (RIGHT,)}, None),
        ({"response": "Let me look."}, None),
        ({"calls": ()}, None),
        ({"reasoning": "", "unreasoned": True}, None),
        ({"reasoning": "Plus, surely."}, "Plus, surely."),
        ({"reasoning": "Plus, surely.", "calls": (RIGHT,)}, "Plus, surely."),
    ],
)
def test_reasoning_stays_with_the_answer_that_it_led_to(
    changed: dict[str, Any], thought: str | None
) -> None:
    draft = CHAT.own_draft(SOURCE)
    assert draft is not None
    built = CHAT.training_turns(replace(draft, **changed), SOURCE)
    assert built is not None
    assert built[-1].get("reasoning_content") == thought


def test_drafted_reasoning_that_nobody_touched_goes_with_the_words_it_led_to() -> None:
    items = CHAT.encode(ChatResponse("It is free.", reasoning="Premium."))
    response, reasoning = items
    marked = [{**response, "origin": "prediction"}, {**reasoning, "origin": "prediction"}]
    assert CHAT.decode(marked).reasoning == "Premium."
    marked[0] = {**response, "origin": "prediction-changed"}
    assert CHAT.decode(marked).reasoning == ""
    marked[1] = {**reasoning, "origin": "prediction-changed"}
    assert CHAT.decode(marked).reasoning == "Premium."


def test_reasoning_counts_as_written_and_not_as_an_answer() -> None:
    record = ChatResponse("", verdict="edit", reasoning="Only this.")
    assert CHAT.written(record) == "Only this."
    assert CHAT.missing(record, DATA) == "the answer is empty, though the draft was not rejected"


# what is wrong


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (RIGHT, None),
        (ToolCall("fee_of", '{"plan": "Plus", "year": 2026, "new": 1}'), None),
        (WRONG, 'call 1 (fee_of) plan: expected one of "Plus", found "Gold"'),
        (ToolCall("fee_of", "{}"), "call 1 (fee_of) lacks 'plan', which is required"),
        (
            ToolCall("fee_of", '{"plan": "Plus", "year": "2026"}'),
            'call 1 (fee_of) year: expected integer, found string "2026"',
        ),
        (
            ToolCall("fee_of", '{"plan": Plus}'),
            "call 1 (fee_of) has arguments that are no JSON object: Expecting value in line 1, "
            "column 10",
        ),
        (
            ToolCall("fee", "{}"),
            "call 1 (fee) calls a tool that is not declared (there are fee_of)",
        ),
        (ToolCall("", '{"plan": 1}'), "call 1 (no tool) has arguments, but no tool is chosen"),
    ],
)
def test_a_call_is_held_against_its_tools_schema(call: ToolCall, fault: str | None) -> None:
    record = ChatResponse(verdict="edit", calls=(call,))
    assert CHAT.missing(record, DATA) == fault
    assert CHAT.missing(replace(record, verdict="reject"), DATA) is None


def test_a_call_alone_is_an_answer() -> None:
    assert CHAT.missing(ChatResponse(verdict="accept", calls=(RIGHT,)), DATA) is None


def test_an_amended_answer_has_its_calls_again() -> None:
    record = ChatResponse("I look.", verdict="accept", calls=(WRONG,), reasoning="Gold.")
    written = CHAT.answer(record)
    assert written == 'I look.\nfee_of({"plan": "Gold"})'
    amended = CHAT.with_answer(record, written.replace("Gold", "Plus"))
    assert amended == ChatResponse("I look.", verdict="edit", calls=(RIGHT,))
    assert CHAT.with_answer(record, 'I look.\nfee_of({"plan": ') is None
    assert CHAT.with_answer(record, "It is free.") == ChatResponse("It is free.", verdict="edit")
