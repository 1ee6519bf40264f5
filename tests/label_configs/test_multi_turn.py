"""`multi_turn`: rows of a conversation, which turns are trained on, what is exported."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from label_configs import LabelConfigError
from label_configs.content import ToolCall
from label_configs.multi_turn import LEAVE_OUT, TRAIN, MultiTurn, Turn
from label_configs.provenance import provenance
from label_configs.validation import check_results
from tests.label_configs.strategies.multi_turn import EXAMPLE, RECORDS, TASK

interface = label_configs.load("multi_turn")
QUALITIES = ("good", "acceptable", "poor")

SYSTEM = {"role": "system", "content": "You work for a bank."}
CALL = [{"id": "c1", "type": "function", "function": {"name": "fee", "arguments": "{}"}}]
CALLS = {"role": "assistant", "content": None, "tool_calls": CALL}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "GBP 5.00"}


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text, **more}


FINISHED = [SYSTEM, user("Lost."), said("Frozen?"), user("Yes."), said("Free."), user("?")]
FINISHED.append(said("Three days."))
OPEN = FINISHED[:-1]


def turns(*texts: str) -> tuple[Turn, ...]:
    return tuple(Turn(text) for text in texts)


# conversations


@pytest.mark.parametrize(
    "messages",
    [
        *(FINISHED, OPEN, [user("?")], [said("Hello!"), user("?")]),
        *([said("Hello!"), user("?"), CALLS], [user("?"), CALLS, RESULT]),
    ],
    ids=["finished", "open", "one question", "greeting", "calls at the end", "result at the end"],
)
def test_a_row_a_turn_and_a_draft_that_fits(messages: list[dict[str, Any]]) -> None:
    data = interface.complete_task({"messages": messages})
    drafts = [interface.read_reply("A reply.", data), interface.own_draft(data)]
    for draft in drafts:
        if draft is not None:
            assert len(draft.turns) == len(data["turns"])
            check_results(interface.check_config(interface.xml), data, interface.encode(draft))


@pytest.mark.parametrize(
    "messages",
    [
        *(FINISHED, OPEN, [said("Hello!"), user("?")], [user("?")]),
        [user("?"), said("", tool_calls=CALL)],
        [user("?"), said("", tool_calls=CALL), RESULT],
    ],
)
def test_accepted_conversations(messages: list[dict[str, Any]]) -> None:
    interface.check_task({"messages": messages})
    interface.check_task(interface.complete_task({"messages": messages}))


@pytest.mark.parametrize(
    ("messages", "said_"),
    [
        ([user("?"), SYSTEM], "the last message must be .* found role 'system': remove"),
        ([said("Hello!")], "no message is the user's, .* add the user's turns"),
    ],
)
def test_refused_conversations(messages: list[dict[str, Any]], said_: str) -> None:
    with pytest.raises(LabelConfigError, match=f"^a.jsonl, line 7: {said_}"):
        interface.check_task({"messages": messages}, "a.jsonl, line 7")


def test_a_turn_that_only_calls_at_the_end_has_marks_of_its_own() -> None:
    data = interface.complete_task({"messages": [user("?"), CALLS]})
    (row,) = data["turns"]
    assert row["who"] == "assistant, turn 1 of 1, calls of tools"
    assert "It only calls tools." in row["was_html"]
    assert row["before_html"].count('"lt-call"') == 1
    assert '<div class="lt-only-calls">' in row["before_html"]
    assert interface.own_draft(data) == MultiTurn((Turn(),), calls=(ToolCall("fee", "{}"),))
    assert interface.prompt_messages(data) == [user("?")]


def test_after_a_result_at_the_end_the_reply_is_missing() -> None:
    messages = [user("?"), CALLS, RESULT]
    data = interface.complete_task({"messages": messages})
    (row,) = data["turns"]
    assert row["who"] == "assistant, turn 1 of 1, a new reply"
    assert "GBP 5.00" in row["before_html"]
    assert interface.own_draft(data) is None
    assert interface.prompt_messages(data) == messages
    draft = interface.read_reply("GBP 5.", data)
    assert interface.training_turns(draft, data) == [
        *(user("?"), {**CALLS, "weight": 1}, RESULT, said("GBP 5.", weight=1))
    ]
    assert interface.training_turns(MultiTurn((Turn(),), "edit", calls=draft.calls), data) is None


@pytest.mark.parametrize("messages", [FINISHED, OPEN])
def test_without_calls_a_task_holds_what_it_held_before(messages: list[dict[str, Any]]) -> None:
    data = interface.complete_task({"messages": messages})
    assert not set(data) & {"call_rows", "tool_choices", "reasoning_rows"}
    assert {"who", "before_html", "was_html"} == set(data["turns"][0])


def test_rows_show_what_was_said_before_them() -> None:
    rows = interface.complete_task({"messages": OPEN})["turns"]
    assert [row["who"] for row in rows] == [
        "assistant, turn 1 of 3",
        "assistant, turn 2 of 3",
        "assistant, turn 3 of 3, a new reply",
    ]
    assert "You work for a bank." in rows[0]["before_html"]
    assert "Lost." in rows[0]["before_html"]
    assert "Frozen?" not in rows[0]["before_html"] + rows[1]["before_html"]
    assert "Frozen?" in rows[0]["was_html"]
    assert "There was no reply yet." in rows[2]["was_html"]


def test_nothing_that_was_said_is_markup() -> None:
    evil = "<img src=x onerror=alert(1)>"
    data = interface.complete_task({"messages": [user(evil), said(evil, tool_calls=[evil])]})
    (row,) = data["turns"]
    assert "<img" not in row["before_html"] + row["was_html"]
    assert "&lt;img" in row["before_html"]
    assert "&lt;img" in row["was_html"]


def test_tool_calls_are_shown_between_the_rows() -> None:
    messages = [user("?"), said("I look it up.", tool_calls=CALL), RESULT, CALLS, RESULT, said("5")]
    first, last = interface.complete_task({"messages": messages})["turns"]
    assert "I look it up." not in last["before_html"]
    assert last["before_html"].count("fee") == 2
    assert last["before_html"].count("GBP 5.00") == 2
    assert "None" not in first["before_html"] + last["before_html"]
    messages[-1] = said("5", tool_calls=CALL)
    *_, last = interface.complete_task({"messages": messages})["turns"]
    assert last["before_html"].count('"lt-call-name"') == 3
    assert '<div class="lt-own-calls">' in last["before_html"]


# drafts


def test_a_finished_conversation_is_its_own_draft() -> None:
    data = {"messages": FINISHED}
    own = interface.own_draft(data)
    assert own == MultiTurn(turns("Frozen?", "Free.", "Three days."))
    assert interface.answer(own) == "Three days."
    sampled = interface.read_reply(" Five days.\n", data)
    assert sampled == MultiTurn(turns("Frozen?", "Free.", "Five days."))
    assert interface.answer(sampled) == "Five days."


def test_an_open_conversation_gets_its_reply() -> None:
    data = {"messages": OPEN}
    assert interface.own_draft(data) is None
    assert interface.read_reply("Two.", data) == MultiTurn(turns("Frozen?", "Free.", "Two."))


@pytest.mark.parametrize("messages", [FINISHED, OPEN])
def test_the_model_answers_the_last_user(messages: list[dict[str, Any]]) -> None:
    assert interface.prompt_messages({"messages": messages}) == OPEN
    assert interface.inputs({"messages": messages})["messages"] == messages


def test_an_edit_of_any_turn_counts() -> None:
    draft = interface.encode(MultiTurn(turns("aaaa", "bbbb")))
    edited = interface.encode(MultiTurn(turns("aaaa", "bbbx")))
    assert provenance(interface, draft, draft).change == "unchanged"
    found = provenance(interface, edited, draft)
    assert (found.change, found.edit_distance) == ("edited", 0.1)


# which turns are trained on


@pytest.mark.parametrize("quality", [None, *QUALITIES])
@pytest.mark.parametrize(
    ("train", "trained_on"),
    [(None, lambda quality: quality != "poor"), (TRAIN, lambda _: True), (LEAVE_OUT, lambda _: 0)],
)
def test_a_choice_wins_over_the_quality(quality: str | None, train: str, trained_on: Any) -> None:
    assert Turn("a", quality, train).trained_on == trained_on(quality)
    assert not Turn(" \n", quality, train).trained_on


@given(record=RECORDS)
def test_nothing_is_learnt_from_a_rejected_conversation(record: MultiTurn) -> None:
    data = {"messages": FINISHED}
    rejected = dataclasses.replace(record, verdict="reject")
    assert interface.accepted_answer(rejected, data) is None
    assert interface.training_turns(rejected, data) is None


@pytest.mark.parametrize("verdict", [None, "accept", "edit", "rewrite"])
def test_the_conversation_as_edited(verdict: str | None) -> None:
    record = MultiTurn((Turn("Frozen? ", "poor"), Turn("GBP 5."), Turn("Three.")), verdict)
    built = interface.training_turns(record, {"messages": FINISHED})
    assert built == [
        *FINISHED[:2],
        said("Frozen?", weight=0),
        FINISHED[3],
        said("GBP 5.", weight=1),
        FINISHED[5],
        said("Three.", weight=1),
    ]
    assert interface.accepted_answer(record, {"messages": FINISHED}) == "Three."


def test_the_accepted_answer_is_the_last_turn_that_is_trained_on() -> None:
    record = MultiTurn((Turn("a", "poor", TRAIN), Turn("b"), Turn("c", train=LEAVE_OUT)))
    assert interface.accepted_answer(record, {"messages": FINISHED}) == "b"
    record = MultiTurn((Turn("a", "poor"), Turn(""), Turn("c", train=LEAVE_OUT)), "accept")
    assert interface.accepted_answer(record, {"messages": FINISHED}) is None
    assert interface.training_turns(record, {"messages": FINISHED}) is None


def test_an_emptied_turn_keeps_its_old_words_as_context() -> None:
    record = MultiTurn(turns("", "GBP 5.", ""), "edit")
    built = interface.training_turns(record, {"messages": FINISHED})
    assert [m["weight"] for m in built if m["role"] == "assistant"] == [0, 1, 0]
    assert [m["content"] for m in built] == [
        *(m["content"] for m in FINISHED[:4]),
        "GBP 5.",
        "?",
        "Three days.",
    ]


def test_without_a_reply_the_conversation_ends_before_it() -> None:
    record = MultiTurn(turns("Frozen?", "Free.", " "), "edit")
    built = interface.training_turns(record, {"messages": OPEN})
    assert built == [*OPEN[:2], said("Frozen?", weight=1), OPEN[3], said("Free.", weight=1)]
    assert interface.training_turns(MultiTurn(turns("")), {"messages": [user("?")]}) is None


def test_tool_calls_and_names_are_kept() -> None:
    messages = [{**user("?"), "name": "ann"}, CALLS, RESULT, said("5", name="bot", weight=0)]
    messages += [user("Sure?"), CALLS]
    record = MultiTurn(turns("GBP 5."), "edit")
    assert interface.training_turns(record, {"messages": messages}) == [
        messages[0],
        {**CALLS, "weight": 0},
        RESULT,
        said("GBP 5.", name="bot", weight=1),
        messages[4],
        {**CALLS, "weight": 0},
    ]


@given(record=RECORDS, open_=st.booleans())
def test_what_is_exported_can_be_trained_on(record: MultiTurn, open_: bool) -> None:
    data = {"messages": OPEN if open_ else FINISHED}
    before = [dict(message) for message in data["messages"]]
    rows = len(interface.complete_task(data)["turns"])
    # calls that are added to the last turn are another matter
    record = dataclasses.replace(record, turns=record.turns[:rows], calls=())
    built = interface.training_turns(record, data)
    assert data["messages"] == before
    learnt = [m["content"] for m in built or [] if m.get("weight")]
    assert learnt == [turn.text.strip() for turn in record.trained_on]
    assert interface.accepted_answer(record, data) == (learnt[-1] if learnt else None)
    if built is not None:
        assert built[-1]["role"] == "assistant"
        assert all(m["content"].strip() for m in built)


# the page's items


@given(record=RECORDS)
def test_the_page_shows_every_item(record: MultiTurn) -> None:
    config = interface.check_config(interface.label_config())
    check_results(config, interface.complete_task(TASK), interface.encode(record))


def test_a_turn_without_items_keeps_its_place() -> None:
    result = [item for item in interface.encode(EXAMPLE) if item["from_name"] == "train_2"]
    assert interface.decode(result) == MultiTurn((Turn(), Turn(), Turn(train=TRAIN)))


@pytest.mark.parametrize(
    "name", ["turn_07", "turn_٣", "turn_1000", "turn_-1", "turn_", "Turn_0", "train", "turn_0\n"]
)
def test_a_stray_item_makes_no_rows(name: str) -> None:
    stray = {"from_name": name, "value": {"text": ["?"]}}
    assert interface.decode([stray]) == MultiTurn(other=(stray,))


def test_labels() -> None:
    assert interface.labels(EXAMPLE) == {"verdict": "edit", "category": "billing"}


def test_the_choices_are_those_of_the_page() -> None:
    config = interface.check_config(interface.xml)
    quality, train = config.control("quality_{{idx}}"), config.control("train_{{idx}}")
    assert quality is not None
    assert train is not None
    assert (quality.choices, train.choices) == (QUALITIES, (TRAIN, LEAVE_OUT))
