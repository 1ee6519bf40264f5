"""`multi_turn` where the conversation calls tools: calls corrected, taken out, left alone."""

from dataclasses import replace
from typing import Any

import pytest

import label_configs
from label_configs import items
from label_configs.content import ToolCall, call_messages, calls_of
from label_configs.edited_calls import AS_IT_WAS, TAKEN_OUT
from label_configs.lessons import JudgedAnswer, PreferencePair
from label_configs.multi_turn import LEAVE_OUT, MultiTurn, Turn
from label_configs.reply import ReplyError
from label_configs.validation import check_results

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
    assert titles == ["", "", *["add to the last turn"] * 2, "add beside call 1"]
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


# at the end of a conversation

ENDING: dict[str, Any] = {**DATA, "messages": [ASKED, CALLING]}
ENDS = MultiTurn((Turn(),), calls=(GOLD, PLUS))


def test_a_call_at_the_end_is_its_own_draft_and_learnt_by_its_own_marks() -> None:
    assert MULTI.own_draft(ENDING) == ENDS
    accepted = replace(ENDS, verdict="accept")
    assert MULTI.missing(accepted, ENDING) is None
    assert MULTI.training_turns(accepted, ENDING) == [ASKED, {**CALLING, "weight": 1}]
    written = f"{GOLD.written()}\n" + 'fee_of({ "plan": "Plus" })'
    assert MULTI.accepted_answer(accepted, ENDING) == written
    assert MULTI.example_reply(accepted, ENDING) is None
    for marks in (Turn(quality="poor"), Turn(train=LEAVE_OUT)):
        assert MULTI.training_turns(replace(ENDS, turns=(marks,)), ENDING) is None
    assert MULTI.training_turns(replace(ENDS, verdict="reject"), ENDING) is None


def test_a_call_at_the_end_is_corrected_or_gives_way_to_words() -> None:
    right = replace(ENDS, verdict="edit", calls=(PLUS, TAKEN_OUT))
    turns = MULTI.training_turns(right, ENDING)
    assert turns is not None
    assert calls_of(turns[-1]) == (replace(PLUS, id="c1"),)
    words = MultiTurn((Turn("Which plan?"),), "rewrite", calls=(TAKEN_OUT, TAKEN_OUT))
    said = {"role": "assistant", "content": "Which plan?"}
    assert MULTI.training_turns(words, ENDING) == [ASKED, {**said, "weight": 1}]
    stood = [{"role": "assistant", "content": "", "tool_calls": CALLING["tool_calls"]}]
    (pair,) = MULTI.preference_pairs(words, ENDING, ENDS)
    assert pair == PreferencePair("Which plan?", stood, prompt=[ASKED])
    nothing = MultiTurn((Turn(),), "edit", calls=(TAKEN_OUT, TAKEN_OUT))
    assert MULTI.training_turns(nothing, ENDING) is None
    assert MULTI.missing(nothing, ENDING) is not None


def test_a_call_at_the_end_is_judged_whole() -> None:
    poor = replace(ENDS, turns=(Turn(quality="poor"),), verdict="edit")
    stood = [{"role": "assistant", "content": "", "tool_calls": CALLING["tool_calls"]}]
    assert MULTI.judged_answers(poor, ENDING, ENDS) == [JudgedAnswer(stood, False, [ASKED])]
    good = replace(ENDS, verdict="accept")
    assert MULTI.judged_answers(good, ENDING, ENDS) == [JudgedAnswer(stood, True, [ASKED])]


# calls within a conversation that an expert adds

TALK: dict[str, Any] = {
    **DATA,
    "messages": [
        *(ASKED, {"role": "assistant", "content": "Which plan?"}, {**ASKED, "content": "Plus."}),
        *DATA["messages"][1:],
    ],
}
STANDS = MultiTurn((Turn("Which plan?"), Turn("It is free.")), calls=(GOLD, PLUS))


def added(row: int, *calls: ToolCall, **changed: Any) -> MultiTurn:
    """A call in the row so many after those that the conversation holds."""
    return replace(
        STANDS, calls=(GOLD, PLUS, *[AS_IT_WAS] * row, *calls), verdict="edit", **changed
    )


def test_each_turn_has_a_row_for_one_more_call() -> None:
    titles = [row["title"] for row in MULTI.complete_task(TALK)["call_rows"]]
    assert titles[4:] == ["add to turn 1", "add beside call 1"]


def test_a_call_that_is_added_within_ends_what_is_learnt() -> None:
    record = added(2, PLUS)
    turns = MULTI.training_turns(record, TALK)
    call = call_messages([replace(PLUS, id="call_2_1")])
    asks = {"role": "assistant", "content": "Which plan?", "tool_calls": call}
    assert turns == [ASKED, {**asks, "weight": 1}]
    assert MULTI.preference_pairs(record, TALK, STANDS) == [
        PreferencePair([asks], "Which plan?", prompt=[ASKED])
    ]
    assert MULTI.judged_answers(record, TALK, STANDS) == [JudgedAnswer([asks], True, [ASKED])]
    cut = "call 5 (fee_of) has no result, so nothing after it is learnt"
    assert MULTI.cut_short(record, TALK) == cut
    assert MULTI.missing(record, TALK) is None
    assert MULTI.accepted_answer(record, TALK) == f"Which plan?\n{PLUS.written()}"
    only = added(2, PLUS, turns=(Turn(), Turn("It is free.")))
    assert MULTI.training_turns(only, TALK) == [ASKED, {**asks, "content": "", "weight": 1}]
    poor = added(2, PLUS, turns=(Turn("Which plan?", "poor"), Turn("It is free.")))
    assert MULTI.training_turns(poor, TALK) is None
    assert MULTI.training_turns(replace(record, verdict="reject"), TALK) is None


def test_a_call_is_added_beside_others_with_an_id_of_its_own() -> None:
    taken = [call("call_4_3", '{"plan": "Gold"}'), *CALLING["tool_calls"][1:]]
    messages = [*TALK["messages"][:3], {**CALLING, "tool_calls": taken}, *TALK["messages"][4:]]
    messages[4] = result("call_4_3", "0")
    turns = MULTI.training_turns(added(3, PLUS), {**TALK, "messages": messages})
    assert turns is not None
    assert weights(turns) == [1, 1]
    assert [call.id for call in calls_of(turns[-1])] == ["call_4_3", "c2", "call_4_3_"]
    assert "reasoning_content" not in turns[-1]


def test_a_call_that_is_added_at_the_end_cuts_nothing() -> None:
    assert MULTI.cut_short(added(0, PLUS), TALK) is None
    assert MULTI.cut_short(replace(added(2, PLUS), verdict="reject"), TALK) is None
    wrong = ToolCall("fee_of", '{"plan": "Silver"}')
    assert str(MULTI.missing(added(2, wrong), TALK)).startswith("call 5 (fee_of) plan: expected")


def test_a_corrected_call_with_words_beside_it_is_preferred_whole() -> None:
    spoken = {**CALLING, "content": "I look."}
    data = {**DATA, "messages": [ASKED, spoken, *DATA["messages"][2:]]}
    draft = MultiTurn((Turn("I look."), Turn("It is free.")), calls=(GOLD, PLUS))
    record = replace(draft, calls=(PLUS, PLUS), verdict="edit")
    (pair,) = MULTI.preference_pairs(record, data, draft)
    stood = {"role": "assistant", "content": "I look.", "tool_calls": CALLING["tool_calls"]}
    assert pair.rejected == [stood]
    assert [call.written() for call in calls_of(pair.chosen[0])] == [
        *(PLUS.written(), 'fee_of({ "plan": "Plus" })')
    ]


# replies that call tools


def test_a_drafted_reply_may_call_tools() -> None:
    data = {**DATA, "messages": DATA["messages"][:-1]}
    assert MULTI.inputs(data)["tools"] == tuple(DATA["tools"])
    turn = {"role": "assistant", "content": "", "tool_calls": call_messages([PLUS])}
    draft = MULTI.read_turn(turn, data)
    assert draft == MultiTurn((Turn(),), calls=(GOLD, PLUS, PLUS))
    completed = MULTI.complete_task(data)
    check_results(MULTI.config, completed, MULTI.encode(draft))
    turns = MULTI.training_turns(replace(draft, verdict="accept"), data)
    assert turns is not None
    assert weights(turns) == [1, 1]
    right = replace(draft, calls=(GOLD, PLUS, GOLD), verdict="edit")
    (pair,) = MULTI.preference_pairs(right, data, draft)
    assert pair.rejected == [turn]
    many = {**turn, "tool_calls": call_messages([PLUS] * 9)}
    with pytest.raises(ReplyError, match="calls 9 tools, expected 8 at most"):
        MULTI.read_turn(many, data)


def test_a_task_that_was_pushed_before_calls_had_rows_is_drafted_without_them() -> None:
    older = {**MULTI.complete_task(DATA), "call_rows": None, "reasoning_rows": None}
    own = MULTI.own_draft(older)
    assert own == replace(DRAFT, calls=())
    check_results(MULTI.config, older, MULTI.encode(own))
    open_ = {**older, "messages": DATA["messages"][:-1]}
    assert MULTI.read_reply("GBP 5.", open_).calls == ()
    turn = {"role": "assistant", "content": "", "tool_calls": call_messages([PLUS])}
    with pytest.raises(ReplyError, match="which this task's page has no rows for"):
        MULTI.read_turn(turn, open_)


def test_calls_of_a_reply_that_nobody_sees_are_not_held() -> None:
    turn = {"role": "assistant", "content": "I look.", "tool_calls": call_messages([PLUS])}
    assert MULTI.read_turn(turn, DATA) == MultiTurn((Turn("I look."),), calls=(GOLD, PLUS))


def test_an_amended_answer_keeps_the_calls_that_stand() -> None:
    record = added(0, PLUS)
    text = MULTI.accepted_answer(record, TALK)
    assert text is not None
    amended = MULTI.with_answer(record, text.replace("It is free.", "GBP 5."))
    assert amended is not None
    assert (amended.turns[-1].text, amended.calls) == ("GBP 5.", record.calls)
    assert MULTI.with_answer(record, text.replace("Plus", "Silver")) is None
