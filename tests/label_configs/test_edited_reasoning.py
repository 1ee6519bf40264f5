"""`multi_turn` where turns brought reasoning along: corrected, taken out, left alone."""

from dataclasses import replace
from typing import Any

import pytest

import label_configs
from label_configs import items
from label_configs.content import ToolCall
from label_configs.multi_turn import MultiTurn, Turn
from label_configs.provenance import compared
from label_configs.validation import check_results

MULTI = label_configs.load("multi_turn")
CALL = {"id": "c1", "type": "function", "function": {"name": "fee_of", "arguments": "{}"}}


def said(text: str, thought: str | None = None, **more: Any) -> dict[str, Any]:
    told = {"reasoning_content": thought} if thought else {}
    return {"role": "assistant", "content": text, **told, **more}


ASKED = {"role": "user", "content": "What does a new card cost?"}
CALLING = said("", "The table tells.", tool_calls=[CALL])
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "5"}
SOURCE: dict[str, Any] = {
    "messages": [ASKED, CALLING, RESULT, said("Five."), ASKED, said("Still five.", "As before.")]
}
DATA = MULTI.complete_task(SOURCE)
TOLD = ("The table tells.", "As before.")


def draft() -> MultiTurn:
    own = MULTI.own_draft(DATA)
    assert isinstance(own, MultiTurn)
    return own


def reasons(record: MultiTurn) -> list[str | None]:
    """The reasoning of each turn of the assistant's as it is learnt."""
    turns = MULTI.training_turns(record, DATA)
    assert turns is not None
    return [turn.get("reasoning_content") for turn in turns if turn["role"] == "assistant"]


def test_a_row_for_each_turn_that_tells_some() -> None:
    assert [row["title"] for row in DATA["reasoning_rows"]] == ["call 1", "turn 2"]
    assert draft().reasoning == TOLD
    check_results(MULTI.config, DATA, MULTI.encode(draft()))
    plain = MULTI.complete_task({"messages": [ASKED, said("Five.")]})
    assert "reasoning_rows" not in plain


def test_a_task_that_was_pushed_before_has_no_rows_and_no_items_for_them() -> None:
    older = MULTI.own_draft(SOURCE)
    assert older is not None
    assert older.reasoning == ()
    assert MULTI.read_reply("Six.", SOURCE).reasoning == ()


def test_an_annotation_of_before_stays_what_it_was() -> None:
    texts = enumerate(["Five.", "6."])
    record = MULTI.decode([items.textarea(f"turn_{at}", f"before_{at}", t) for at, t in texts])
    assert record == MultiTurn((Turn("Five."), Turn("6.")))
    assert reasons(record) == ["The table tells.", None, None]


def test_reasoning_that_nobody_touched_goes_with_the_words_that_it_led_to() -> None:
    assert reasons(draft()) == [TOLD[0], None, TOLD[1]]
    changed = replace(draft(), turns=(Turn("Five."), Turn("Six.")), verdict="edit")
    assert reasons(changed) == [TOLD[0], None, None]
    called = replace(draft(), calls=(ToolCall("fee_of", '{"plan": "Plus"}'),), verdict="edit")
    assert reasons(called) == [None, None, TOLD[1]]


@pytest.mark.parametrize("last", ["Still five.", "Six."])
def test_reasoning_that_was_corrected_stays_whatever_became_of_the_words(last: str) -> None:
    record = replace(
        draft(),
        turns=(Turn("Five."), Turn(last)),
        calls=(ToolCall("fee_of", '{"plan": "Plus"}'),),
        reasoning=("The plan decides.", " The fee is new.\n"),
        verdict="edit",
    )
    kept = ["The plan decides.", None, "The fee is new."]
    assert reasons(MULTI.decode(MULTI.encode(record))) == kept
    assert compared(MULTI, record, draft()).change != "unchanged"


def test_reasoning_that_was_taken_out_is_gone() -> None:
    record = replace(draft(), reasoning=("", None), verdict="edit")
    assert reasons(MULTI.decode(MULTI.encode(record))) == [None, None, TOLD[1]]


def test_a_turn_that_gets_a_call_keeps_only_reasoning_that_was_corrected() -> None:
    added = replace(draft(), calls=(*draft().calls, ToolCall("fee_of", "{}")), verdict="edit")
    assert reasons(added) == [TOLD[0], None, None]
    told = replace(added, reasoning=(TOLD[0], "I look again."))
    assert reasons(told) == [TOLD[0], None, "I look again."]
