"""What only `multi_intent` promises: the assembled answer, spans, replies, a project's intents."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from label_configs import LabelConfigError, ReplyError
from label_configs.config_xml import parse_tree
from label_configs.multi_intent import MultiIntent, assembled
from label_configs.multi_intent_items import Intent, QuerySpan
from label_configs.multi_intent_reply import MAX_INTENTS
from label_configs.validation import check_results
from tests.label_configs.records import EXAMPLES, RECORDS, replies, task_data
from tests.label_configs.strategies.common import texts

interface = label_configs.load("multi_intent")

QUERY = "Hi 🎉, how do I\nfreeze my card? And WHAT is the fee? How do I get it back?"
TASK = {"messages": [{"role": "assistant", "content": "Hi!"}, {"role": "user", "content": QUERY}]}
PART = {
    "intent": "how-to",
    "quote": "how do I\nfreeze my card?",
    "priority": 2,
    "lead": "First:",
    "segment": "Choose Freeze.",
}
GOOD: dict[str, Any] = {"opening": "Hello.", "intents": [PART], "plan": ""}


def read(**changes: Any) -> MultiIntent:
    """The draft of a reply that is good but for one thing."""
    record: MultiIntent = interface.read_reply(json.dumps({**GOOD, **changes}), TASK)
    return record


def test_the_answer_is_assembled_by_priority() -> None:
    record = MultiIntent(
        intents=(
            Intent("other", None, "", "Last but one."),
            Intent("billing", 2, " As for the fee: ", "It is GBP 5.\n"),
            Intent("technical", 1, "Nothing to say about:", " \n"),
            Intent("how-to", 1, "Like this:", "- Open it.\n- Freeze it."),
            Intent("account", 2, "", "Also second."),
            Intent(None, None, "", "Last."),
        ),
        opening="Hello.",
        plan="We call you.",
    )
    assert assembled(record) == (
        "Hello.\n\nLike this:\n- Open it.\n- Freeze it.\n\nAs for the fee:\nIt is GBP 5.\n\n"
        "Also second.\n\nLast but one.\n\nLast.\n\nWe call you."
    )


@given(record=RECORDS["multi_intent"])
def test_nothing_written_is_left_out_of_the_answer(record: MultiIntent) -> None:
    answer = assembled(record)
    assert all(part.segment.strip() in answer for part in record.intents)
    assert record.opening.strip() in answer
    assert record.plan.strip() in answer
    assert answer == answer.strip()
    accepted = interface.accepted_answer(record, TASK)
    assert accepted == (None if record.verdict == "reject" or not answer else answer)


def test_leads_alone_are_no_answer() -> None:
    record = MultiIntent(intents=(Intent(lead="As for the fee:"),), verdict="accept")
    assert interface.accepted_answer(record, TASK) is None


def test_each_intent_has_its_part_of_the_answer() -> None:
    record = MultiIntent(
        intents=(Intent("fees", 2, segment="Five. "), Intent("limits"), Intent(None, 1, "", "So.")),
        spans=(QuerySpan(0, 4, "fees", "fees"), QuerySpan(5, 9, "card", "card"), QuerySpan(10)),
    )
    parts = [("", "So."), ("fees", "Five."), ("limits", ""), ("card", "")]
    assert interface.answers_by_intent(record) == parts
    amended = interface.with_answer(record, "All in one.")
    assert amended is not None
    assert interface.answers_by_intent(amended) == ()


def test_a_query_with_several_intents_has_no_one_intent() -> None:
    assert interface.labels(EXAMPLES["multi_intent"]) == {"verdict": "edit"}


def test_the_query_is_shown_by_itself() -> None:
    completed = interface.complete_task(TASK)
    assert completed["query"] == QUERY
    assert "Hi!" in completed["conversation_html"]
    assert "freeze" not in completed["conversation_html"]
    alone = interface.complete_task({"messages": TASK["messages"][1:]})
    assert "The query opens the conversation." in alone["conversation_html"]


def test_a_draft_gets_a_row_for_each_intent_and_two_spare_ones() -> None:
    drafted = interface.task_patch(read())["intents"]
    assert drafted == [
        {"text": "Choose Freeze."},
        {"text": "Nothing was drafted here."},
        {"text": "Nothing was drafted here."},
    ]
    assert len(interface.complete_task(TASK)["intents"]) == 3


def test_every_row_has_a_place_to_stand() -> None:
    config = interface.check_config(interface.label_config())
    places = config.control("priority_{{idx}}")
    assert places is not None
    assert [int(place) for place in places.choices] == list(range(1, MAX_INTENTS + 3))


@pytest.mark.parametrize("categories", [(), ("refund", "lost & found")])
def test_keys_of_the_rows_are_out_of_reach(categories: tuple[str, ...]) -> None:
    root = parse_tree(label_configs.load("multi_intent", categories).label_config(), "x")
    rows = root.findall(".//Repeater//Choice")
    assert rows
    assert {choice.get("hotkey") for choice in rows} == {"f19"}


def test_a_projects_intents_are_for_marks_and_rows() -> None:
    own = label_configs.load("multi_intent", ["refund", "lost & found"])
    config = own.check_config(own.label_config())
    for name in ("intent", "intent_{{idx}}"):
        control = config.control(name)
        assert control is not None
        assert control.choices == ("refund", "lost & found")


def test_keys_do_not_collide() -> None:
    root = parse_tree(interface.xml, "x")
    keys = [tag.get("hotkey") for tag in root.iter("Label", "Choice")]
    reachable = [key for key in keys if key != "f19"]
    assert len(reachable) == len(set(reachable)) == 10


def test_the_instruction_names_every_shipped_intent() -> None:
    assert f"one of {', '.join(interface.choices)};" in interface.asked()


# what the page saves


def test_marks_of_the_page_are_read() -> None:
    saved = [
        {
            "id": "WbQ1",
            "from_name": "intent",
            "to_name": "query",
            "type": "labels",
            "origin": "manual",
            "value": {
                "start": 20,
                "end": 30,
                "text": "a\\nb",
                "labels": ["how-to", "billing"],
                "globalOffsets": {"start": 20, "end": 30},
            },
        },
        {"from_name": "intent", "value": {"start": 0, "end": 2, "labels": []}},
        {"from_name": "intent", "value": {"start": 0, "end": 2, "text": "Hi"}},
    ]
    assert interface.decode(saved) == MultiIntent(
        spans=(
            QuerySpan(0, 2, "", None),
            QuerySpan(0, 2, "Hi", None),
            QuerySpan(20, 30, "a\\nb", "billing"),
            QuerySpan(20, 30, "a\\nb", "how-to"),
        )
    )


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ({"start": "0", "end": 2, "labels": ["a"]}, "start"),
        ({"start": 0, "end": -2, "labels": ["a"]}, "end"),
        ({"start": True, "end": 2, "labels": ["a"]}, "start"),
        ({"start": 0, "end": 2.5, "labels": ["a"]}, "end"),
        ({"start": 0, "end": 2, "labels": "a"}, "labels"),
        ({"start": 0, "end": 2, "labels": [None]}, "labels"),
        ({"start": 0, "end": 2, "text": ["a"], "labels": ["a"]}, "text"),
        (None, "start"),
    ],
)
def test_marks_that_can_t_be_read(value: Any, key: str) -> None:
    with pytest.raises(LabelConfigError, match=rf"'m' of 'intent': value\.{key} can't be read"):
        interface.decode([{"id": "m", "from_name": "intent", "value": value}])


@pytest.mark.parametrize("place", ["0", "first", "-1", "1.5", "٣", "01", "1000", ""])
def test_no_place_in_the_answer(place: str) -> None:
    item = {"from_name": "priority_0", "value": {"choices": [place]}}
    with pytest.raises(LabelConfigError, match=r"'priority_0'.* is no place in the answer"):
        interface.decode([item])


def test_rows_without_items_keep_their_place() -> None:
    item = {"from_name": "intent_2", "value": {"choices": ["billing"]}}
    assert interface.decode([item]).intents == (Intent(), Intent(), Intent("billing"))
    emptied = {"from_name": "segment_1", "value": {"text": [""]}}
    assert interface.decode([emptied]).intents == (Intent(), Intent())


@pytest.mark.parametrize("name", ["lead_07", "segment_٣", "intent_1000", "intent_", "row_1"])
def test_a_stray_item_makes_no_rows(name: str) -> None:
    stray = {"from_name": name, "value": {"text": ["?"]}}
    assert interface.decode([stray]) == MultiIntent(other=(stray,))


# what the model replies


def test_a_reply_becomes_rows_by_priority_and_spans_in_the_query() -> None:
    fee = {**PART, "intent": "billing", "quote": "what  is the FEE?", "priority": 1, "lead": ""}
    record = read(intents=[PART, fee])
    assert record.intents == (
        Intent("billing", 1, "", "Choose Freeze."),
        Intent("how-to", 2, "First:", "Choose Freeze."),
    )
    how_to, billing = record.spans
    assert QUERY[how_to.start : how_to.end] == how_to.text == PART["quote"]
    assert QUERY[billing.start : billing.end] == billing.text == "WHAT is the fee?"
    assert (how_to.intent, billing.intent) == ("how-to", "billing")
    assert (record.opening, record.plan, record.verdict) == ("Hello.", "", None)


def test_the_words_as_they_stand_come_before_others_alike() -> None:
    assert [span.start for span in read(intents=[{**PART, "quote": "How do I"}]).spans] == [
        QUERY.index("How do I")
    ]


@pytest.mark.parametrize("quote", ["", "  ", "what does it cost?", "(.*"])
def test_a_quote_that_is_not_there_gives_no_span(quote: str) -> None:
    record = read(intents=[{**PART, "quote": quote}])
    assert record.spans == ()
    assert record.intents[0].intent == "how-to"


@pytest.mark.parametrize("said", ["refund", "How-To", "billing, account"])
def test_an_intent_that_is_none_of_ours_is_left_to_the_expert(said: str) -> None:
    record = read(intents=[{**PART, "intent": said}])
    assert record.intents == (Intent(None, 2, "First:", "Choose Freeze."),)
    assert record.spans == ()


drafted = st.fixed_dictionaries(
    {
        "intent": st.sampled_from(interface.choices) | replies,
        "quote": st.sampled_from([QUERY, QUERY[5:9], QUERY.upper(), "?"]) | texts,
        "priority": st.integers(1, MAX_INTENTS),
        "lead": texts,
        "segment": replies,
    }
)


@given(parts=st.lists(drafted, min_size=1, max_size=MAX_INTENTS), opening=texts, plan=texts)
def test_every_reply_after_the_schema_can_be_shown(
    parts: list[dict[str, Any]], opening: str, plan: str
) -> None:
    record = read(intents=parts, opening=opening, plan=plan)
    assert len(record.intents) == len(parts)
    assert all(QUERY[span.start : span.end] == span.text for span in record.spans)
    config = interface.check_config(interface.label_config())
    check_results(config, task_data(interface, record), interface.encode(record))


NEAR_MISSES: dict[str, Any] = {
    "no intents": {**GOOD, "intents": []},
    "too many": {**GOOD, "intents": [PART] * (MAX_INTENTS + 1)},
    "intents as an object": {**GOOD, "intents": PART},
    "intents as texts": {**GOOD, "intents": ["how-to"]},
    "intent is null": {**GOOD, "intents": [{**PART, "intent": None}]},
    "intent is blank": {**GOOD, "intents": [{**PART, "intent": " "}]},
    "quote missing": {**GOOD, "intents": [{k: v for k, v in PART.items() if k != "quote"}]},
    "quote is a list": {**GOOD, "intents": [{**PART, "quote": ["how"]}]},
    "priority is a text": {**GOOD, "intents": [{**PART, "priority": "1"}]},
    "priority is yes": {**GOOD, "intents": [{**PART, "priority": True}]},
    "priority is no whole number": {**GOOD, "intents": [{**PART, "priority": 1.5}]},
    "priority is zero": {**GOOD, "intents": [{**PART, "priority": 0}]},
    "priority is far off": {**GOOD, "intents": [{**PART, "priority": MAX_INTENTS + 1}]},
    "lead is null": {**GOOD, "intents": [{**PART, "lead": None}]},
    "segment is blank": {**GOOD, "intents": [{**PART, "segment": " \n"}]},
    "segment is a list": {**GOOD, "intents": [{**PART, "segment": ["a"]}]},
    "segment is half an emoji": {**GOOD, "intents": [{**PART, "segment": "\ud83d"}]},
    "one bad among good ones": {**GOOD, "intents": [PART, {**PART, "segment": ""}]},
    "opening missing": {"intents": [PART], "plan": ""},
    "opening is a number": {**GOOD, "opening": 1},
    "plan is null": {**GOOD, "plan": None},
    "a list": [GOOD],
}


@pytest.mark.parametrize("reply", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_never_coerced(reply: Any) -> None:
    with pytest.raises(ReplyError, match="the model's reply"):
        interface.read_reply(json.dumps(reply), TASK)


def test_a_projects_intents_reach_model_and_draft() -> None:
    own = label_configs.load("multi_intent", ["refund", "lost & found"])
    assert "one of refund, lost & found;" in own.asked()
    schema = own.schema()
    assert schema is not None
    named = schema["properties"]["intents"]["items"]["properties"]["intent"]
    assert named == {"type": "string", "enum": ["refund", "lost & found"]}
    reply = {
        "opening": "",
        "intents": [
            {"intent": i, "quote": "card", "priority": 1, "lead": "", "segment": "Yes."}
            for i in ("refund", "billing")
        ],
        "plan": "",
    }
    record = own.read_reply(json.dumps(reply), {"messages": [{"role": "user", "content": "card"}]})
    assert [part.intent for part in record.intents] == ["refund", None]
