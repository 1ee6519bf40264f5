"""`encode` and `decode`: nothing that an expert did is lost on the way through Label Studio."""

import dataclasses
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_configs import INTERFACES, Interface, LabelConfigError, items
from label_configs.chat_response import ChatResponse
from label_configs.reasoning_steps import ReasoningSteps, Step
from tests.label_configs.records import EXAMPLES, RECORDS, TASK, foreign_items, json_values


def stored(result: Any) -> Any:
    """What Label Studio gives back: JSON in, JSON out."""
    return json.loads(json.dumps(result))


def test_every_interface_is_covered() -> None:
    assert RECORDS.keys() == EXAMPLES.keys() == INTERFACES.keys()


@given(data=st.data(), other=foreign_items)
def test_round_trip(interface: Interface[Any], data: st.DataObject, other: tuple[Any, ...]) -> None:
    """Holds for records whose `other` names no control of the interface itself."""
    record = dataclasses.replace(data.draw(RECORDS[interface.name]), other=other)
    assert interface.decode(stored(interface.encode(record))) == record


@given(data=st.data())
def test_order_of_items_does_not_matter(interface: Interface[Any], data: st.DataObject) -> None:
    record = data.draw(RECORDS[interface.name])
    shuffled = data.draw(st.permutations(interface.encode(record)))
    assert interface.decode(shuffled) == record


@given(data=st.data())
def test_ids_differ_within_an_annotation(interface: Interface[Any], data: st.DataObject) -> None:
    ids = [item["id"] for item in interface.encode(data.draw(RECORDS[interface.name]))]
    assert len(ids) == len(set(ids))


def test_encode_leaves_the_record_alone(interface: Interface[Any]) -> None:
    note = {"from_name": "comment", "value": {"text": ["as it came"]}}
    record = dataclasses.replace(EXAMPLES[interface.name], other=(note,))
    interface.encode(record)[-1]["from_name"] = "changed"
    assert record.other == ({"from_name": "comment", "value": {"text": ["as it came"]}},)


def test_empty_and_skipped(interface: Interface[Any]) -> None:
    """A skipped annotation holds no items: every field is at its default."""
    record = interface.decode([])
    assert record == type(EXAMPLES[interface.name])()
    assert interface.labels(record) == {}
    assert interface.accepted_answer(record, interface.complete_task(TASK)) is None
    assert interface.training_turns(record, interface.complete_task(TASK)) is None


@given(data=st.data())
def test_partial(interface: Interface[Any], data: st.DataObject) -> None:
    """What is there is read, what is absent is at its default."""
    result = interface.encode(EXAMPLES[interface.name])
    kept = data.draw(st.lists(st.sampled_from(result), unique_by=lambda item: item["id"]))
    again = interface.encode(interface.decode(kept))
    names = {item["from_name"] for item in again}
    assert all(item in again for item in kept)
    # a row of a Repeater always has its text, so that it keeps its place
    added = names - {item["from_name"] for item in kept}
    rows = [name.replace("{{idx}}", r"\d+") for name in interface.required if "{{idx}}" in name]
    assert all(any(re.fullmatch(row, name) for row in [*rows, r"add\d_\w+"]) for name in added)


@pytest.mark.parametrize("marks", [{"origin": "prediction-changed"}, {"meta": {}, "hidden": False}])
def test_marks_of_the_page_are_ignored(interface: Interface[Any], marks: dict[str, Any]) -> None:
    example = EXAMPLES[interface.name]
    result = [{**item, **marks} for item in interface.encode(example)]
    assert interface.decode(result) == example


def test_items_without_id_are_read(interface: Interface[Any]) -> None:
    example = EXAMPLES[interface.name]
    result = [{k: v for k, v in item.items() if k != "id"} for item in interface.encode(example)]
    assert interface.decode(result) == example


def test_the_last_item_of_a_control_wins(interface: Interface[Any]) -> None:
    result = interface.encode(EXAMPLES[interface.name])
    twice = [{**result[0], "value": {"text": ["an earlier submission"]}}, *result]
    assert interface.decode(twice) == EXAMPLES[interface.name]


@given(data=st.data(), value=json_values)
def test_any_value_is_read_or_refused_by_name(
    interface: Interface[Any], data: st.DataObject, value: Any
) -> None:
    result = interface.encode(EXAMPLES[interface.name])
    spoilt = data.draw(st.integers(0, len(result) - 1))
    key = next(iter(result[spoilt]["value"]))
    result[spoilt]["value"] = {key: value}
    try:
        interface.decode(result)
    except LabelConfigError as error:
        assert repr(result[spoilt]["from_name"]) in str(error)


@pytest.mark.parametrize("item", [None, "text", 7, ["from_name"]])
def test_an_item_that_is_no_object(interface: Interface[Any], item: Any) -> None:
    with pytest.raises(LabelConfigError, match=type(item).__name__):
        interface.decode([item])


def test_a_name_that_is_no_text_is_kept_as_other(interface: Interface[Any]) -> None:
    record = interface.decode([{"from_name": ["response"]}])
    assert record.other == ({"from_name": ["response"]},)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"text": ["a", "b"]}, "a\nb"),
        ({"text": "a"}, "a"),
        ({"text": []}, ""),
        ({"text": [""]}, ""),
    ],
)
def test_texts(value: dict[str, Any], text: str) -> None:
    assert items.read_text({"value": value}) == text


@pytest.mark.parametrize(("stars", "quality"), [(4, 4), (4.0, 4), (0, None), (0.0, None)])
def test_ratings(stars: float, quality: int | None) -> None:
    assert items.read_rating({"value": {"rating": stars}}) == quality


@pytest.mark.parametrize("stars", [True, -1, 3.5, "4", None, [4], float("inf"), float("nan")])
def test_no_ratings(stars: Any) -> None:
    with pytest.raises(LabelConfigError, match=r"value\.rating can't be read"):
        items.read_rating({"id": "q", "from_name": "quality", "value": {"rating": stars}})


@pytest.mark.parametrize(
    ("value", "number"), [({"number": 2}, 2), ({"number": 2.0}, 2), ({"number": None}, None)]
)
def test_numbers(value: dict[str, Any], number: int | None) -> None:
    assert items.read_number({"value": value}) == number


@pytest.mark.parametrize("number", [True, 1.5, "2", [2], float("inf"), float("nan")])
def test_no_numbers(number: Any) -> None:
    with pytest.raises(LabelConfigError, match=r"'order'.*value\.number can't be read"):
        items.read_number({"from_name": "order", "value": {"number": number}})


@pytest.mark.parametrize("value", [{}, None, {"choices": "edit"}, {"choices": [1]}, "edit"])
def test_no_choices(value: Any) -> None:
    with pytest.raises(LabelConfigError, match=r"'verdict'.*value\.choices can't be read"):
        items.read_choice({"from_name": "verdict", "value": value})


def test_nothing_chosen() -> None:
    assert items.read_choice({"value": {"choices": []}}) is None


def test_a_step_without_items_keeps_its_place() -> None:
    last = items.choices("ok_2", "step_2", "wrong")
    record = INTERFACES["reasoning_steps"].decode([last])
    assert record == ReasoningSteps(steps=(Step(), Step(), Step(verdict="wrong")))


@pytest.mark.parametrize("name", ["fix_07", "fix_٣", "fix_1000", "fix_99999999999999999999", "ok_"])
def test_a_stray_item_makes_no_rows(name: str) -> None:
    stray = {"from_name": name, "value": {"text": ["?"]}}
    assert INTERFACES["reasoning_steps"].decode([stray]) == ReasoningSteps(other=(stray,))


@pytest.mark.parametrize("name", ["chat_response", "reasoning_steps"])
@pytest.mark.parametrize(
    ("verdict", "accepted"),
    [(None, "Yes."), ("accept", "Yes."), ("edit", "Yes."), ("rewrite", "Yes."), ("reject", None)],
)
def test_a_rejected_answer_is_not_trained_on(
    name: str, verdict: str | None, accepted: str | None
) -> None:
    interface = INTERFACES[name]
    field = {"chat_response": "response", "reasoning_steps": "answer"}[name]
    record = dataclasses.replace(EXAMPLES[name], **{field: " Yes.\n"}, verdict=verdict)
    assert interface.accepted_answer(record, TASK) == accepted
    assert interface.labels(record).get("verdict") == verdict
    turns = interface.training_turns(record, TASK)
    answer = {"role": "assistant", "content": accepted}
    assert turns == (None if accepted is None else [*TASK["messages"], answer])


def test_earlier_answers_are_not_learnt() -> None:
    asked, said = {"role": "user", "content": "?"}, {"role": "assistant", "content": "!"}
    turns = INTERFACES["chat_response"].training_turns(
        ChatResponse("Yes."), {"messages": [asked, said, asked]}
    )
    answer = {"role": "assistant", "content": "Yes."}
    assert turns == [asked, said | {"weight": 0}, asked, answer]


def test_labels_of_a_chat_response() -> None:
    record = ChatResponse("a", verdict="edit", category="billing", certainty="speculative")
    assert INTERFACES["chat_response"].labels(record) == {
        "verdict": "edit",
        "category": "billing",
        "certainty": "speculative",
    }


def test_the_chain_leaves_out_what_was_dropped_or_emptied() -> None:
    kept, added = Step("a", verdict="correct"), Step("b", inserted=True)
    record = ReasoningSteps(
        steps=(kept, added, Step(" ", verdict="wrong"), Step("c", verdict="wrong", dropped=True))
    )
    assert record.chain == (kept, added)
    assert record.first_error == 2
    assert ReasoningSteps().first_error is None


def test_more_steps_than_slots_are_refused() -> None:
    record = ReasoningSteps(steps=(Step("a"), *[Step("b", inserted=True)] * 3))
    with pytest.raises(LabelConfigError, match="3 steps inserted in one place, the page has 2"):
        INTERFACES["reasoning_steps"].encode(record)
