"""`multi_turn` where the conversation calls tools: calls corrected, taken out, left alone."""

from dataclasses import replace
from typing import Any

import label_configs
from label_configs import items
from label_configs.content import ToolCall, call_messages, calls_of
from label_configs.edited_calls import AS_IT_WAS, TAKEN_OUT
from label_configs.lessons import PreferencePair
from label_configs.multi_turn import LEAVE_OUT, MultiTurn, Turn

MULTI = label_configs.load("multi_turn")


def call(id_: str, arguments: str) -> dict[str, Any]:
    return {"id": id_, "type": "function", "function": {"name": "fee_of", "arguments": arguments}}


def result(id_: str, said: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id_, "content": said}


ASKED = {"role": "user", "content": "What does a new card cost?"}
CALLING = {
    "role": "assistant",
    "content": "",
    "reasoning_content": "Both plans may be meant.",
    "tool_calls": [call("c1", '{"plan": "Gold"}'), call("c2", '{ "plan": "Plus" }')],
}
ANSWERED = {"role": "assistant", "content": "It is free."}
DATA: dict[str, Any] = {
    "messages": [ASKED, CALLING, result("c1", "0"), result("c2", "5"), ANSWERED],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "fee_of",
                "parameters": {"properties": {"plan": {"enum": ["Plus", "Gold"]}}},
            },
        }
    ],
}
PLUS = ToolCall("fee_of", '{"plan": "Plus"}')
GOLD = ToolCall("fee_of", '{"plan": "Gold"}')
DRAFT = MultiTurn((Turn("It is free."),), calls=(GOLD, PLUS))


def weights(turns: list[dict[str, Any]] | None) -> list[int]:
    assert turns is not None
    return [turn["weight"] for turn in turns if turn["role"] == "assistant"]


def test_the_conversation_is_its_draft_with_its_calls() -> None:
    assert MULTI.own_draft(DATA) == DRAFT
    completed = MULTI.complete_task(DATA)
    titles = [row["title"] for row in completed["call_rows"]]
    assert titles == ["", "", "add to the last turn", "add to the last turn"]
    assert len(completed["turns"]) == 1
    assert completed["turns"][0]["before_html"].count('"lt-call"') == 2


def test_a_conversation_without_tools_has_no_list_of_calls() -> None:
    completed = MULTI.complete_task({"messages": [ASKED, ANSWERED]})
    assert not set(completed) & set(MULTI.page_fields)


def test_calls_that_stand_are_learnt_as_the_turn_after_them() -> None:
    turns = MULTI.training_turns(replace(DRAFT, verdict="accept"), DATA)
    assert turns == [
        ASKED,
        {**CALLING, "weight": 1},
        *DATA["messages"][2:4],
        {**ANSWERED, "weight": 1},
    ]
    left_out = replace(DRAFT, turns=(Turn("It is free.", train=LEAVE_OUT),))
    assert MULTI.training_turns(left_out, DATA) is None


def test_an_annotation_of_before_calls_could_be_edited_stays_what_it_was() -> None:
    older = [items.textarea("turn_0", "before_0", "It is free.")]
    record = MULTI.decode(older)
    assert record == MultiTurn((Turn("It is free."),))
    turns = MULTI.training_turns(record, DATA)
    assert weights(turns) == [0, 1]
    assert turns is not None
    assert turns[1] == {**CALLING, "weight": 0}


def test_a_corrected_call_keeps_its_id_and_its_result() -> None:
    record = replace(DRAFT, calls=(PLUS, AS_IT_WAS), verdict="edit")
    turns = MULTI.training_turns(record, DATA)
    assert turns is not None
    assert calls_of(turns[1]) == (
        replace(PLUS, id="c1"),
        ToolCall("fee_of", '{ "plan": "Plus" }', "c2"),
    )
    assert "reasoning_content" not in turns[1]
    assert turns[2:4] == DATA["messages"][2:4]
    assert weights(turns) == [1, 1]
    chosen = {"role": "assistant", "content": "", "tool_calls": turns[1]["tool_calls"]}
    rejected = {**chosen, "tool_calls": CALLING["tool_calls"]}
    assert MULTI.preference_pairs(record, DATA, DRAFT) == [
        PreferencePair([chosen], [rejected], prompt=[ASKED])
    ]


def test_a_call_that_is_taken_out_takes_its_result_with_it() -> None:
    one = MULTI.training_turns(replace(DRAFT, calls=(TAKEN_OUT, PLUS)), DATA)
    assert one is not None
    assert [call.id for call in calls_of(one[1])] == ["c2"]
    assert one[2:3] == [result("c2", "5")]
    none = MULTI.training_turns(replace(DRAFT, calls=(TAKEN_OUT, TAKEN_OUT)), DATA)
    assert none == [ASKED, {**ANSWERED, "weight": 1}]


def test_words_beside_a_call_stay_when_it_is_taken_out() -> None:
    spoken = {**CALLING, "content": "I look."}
    data = {**DATA, "messages": [ASKED, spoken, *DATA["messages"][2:]]}
    record = MultiTurn((Turn("I look."), Turn("It is free.")), calls=(TAKEN_OUT, TAKEN_OUT))
    assert MULTI.training_turns(record, data) == [
        ASKED,
        {"role": "assistant", "content": "I look.", "weight": 1},
        {**ANSWERED, "weight": 1},
    ]


def test_only_what_was_changed_is_held_against_the_schema() -> None:
    wrong = ToolCall("fee_of", '{"plan": "Silver"}')
    fault = 'call 2 (fee_of) plan: expected one of "Plus", "Gold", found "Silver"'
    record = replace(DRAFT, calls=(AS_IT_WAS, wrong), verdict="edit")
    assert MULTI.missing(record, DATA) == fault
    assert MULTI.missing(replace(record, verdict="reject"), DATA) is None
    messages = [ASKED, {**CALLING, "tool_calls": [call("c1", '{"plan": "Silver"}')]}, ANSWERED]
    as_source = replace(DRAFT, calls=(wrong,), verdict="accept")
    assert MULTI.missing(as_source, {**DATA, "messages": messages}) is None


def test_an_added_call_is_the_last_turns() -> None:
    record = replace(DRAFT, calls=(GOLD, PLUS, PLUS), verdict="edit")
    turns = MULTI.training_turns(record, DATA)
    assert turns is not None
    assert turns[:-1] == MULTI.training_turns(DRAFT, DATA)[:-1]
    added = replace(PLUS, id="call_5_1")
    assert turns[-1] == {**ANSWERED, "tool_calls": call_messages([added]), "weight": 1}
    assert MULTI.example_reply(record, DATA) is None


def test_a_call_in_place_of_the_last_words_is_an_answer() -> None:
    record = MultiTurn((Turn(),), "rewrite", calls=(GOLD, PLUS, PLUS))
    turns = MULTI.training_turns(record, DATA)
    assert turns is not None
    assert (turns[-1]["content"], turns[-1]["weight"]) == ("", 1)
    assert MULTI.missing(record, DATA) is None
    assert MULTI.accepted_answer(record, DATA) == PLUS.written()
    poor = replace(record, turns=(Turn(quality="poor"),))
    assert weights(MULTI.training_turns(poor, DATA) or [{"role": "assistant", "weight": 0}]) == [0]
    silver = replace(record, calls=(GOLD, PLUS, ToolCall("fee_of", '{"plan": "Silver"}')))
    assert str(MULTI.missing(silver, DATA)).startswith("call 3 (fee_of) plan: expected one of")


def test_an_emptied_conversation_is_incomplete_whatever_it_calls() -> None:
    record = replace(DRAFT, turns=(Turn(),), verdict="edit")
    assert MULTI.missing(record, DATA) == "the answer is empty, though the draft was not rejected"
