"""What each interface gives the text checks."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import label_configs
from label_configs.multi_intent import MultiIntent
from label_configs.multi_intent_items import Intent
from label_configs.multi_turn_items import MultiTurn
from label_configs.reasoning_steps import ReasoningSteps
from label_configs.review import Review
from label_configs.step_rows import Step
from sync.quality.text_checks.checked_text import CheckedText, Document, checked_text
from sync.records import LabelledRecord, read_records
from sync.table.task_rows import TaskRow
from tests.label_configs.records import EXAMPLES, RECORDS, task_data
from tests.sync.builders import INTERFACE, annotation, drafted, record, result, task_row

MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "My card is lost."},
    {"role": "assistant", "content": "Have you frozen it?"},
    {"role": "user", "content": [{"type": "text", "text": "Yes. The fee?"}]},
]
DATA = {
    "messages": MESSAGES,
    "context": {"tier": "Plus", "age": 31, "until": None},
    "documents": [{"title": "Fees", "text": "GBP 5.00"}],
    "guidelines": "Be exact.",
}


def of(name: str, made: Any, data: dict[str, Any], **changes: Any) -> CheckedText | None:
    interface = label_configs.load(name)
    whole = {**record(1).__dict__, "record": made, "data": data, **changes}
    return checked_text(LabelledRecord(**whole), interface)


def found(row: TaskRow) -> CheckedText | None:
    (only,) = read_records([row], INTERFACE).records
    return checked_text(only, INTERFACE, "finance")


def test_an_answer_with_all_that_it_answers() -> None:
    row = task_row(1, [annotation(1, result("Five."), parent_prediction=9)], [drafted(9)], **DATA)
    text = found(row)
    assert text is not None
    assert text == CheckedText(
        question="Yes. The fee?",
        prompt="Be brief.\n\nMy card is lost.\n\nHave you frozen it?\n\nYes. The fee?",
        answer="Five.",
        context={"tier": "Plus", "age": "31"},
        documents=(Document("Fees", "GBP 5.00"),),
        guidelines="Be exact.",
        profile="finance",
        draft="A draft.",
        lead_time_s=12.5,
        updated_at=text.updated_at,
    )


def test_what_was_not_accepted_is_not_checked() -> None:
    assert found(task_row(1, [annotation(1, result("Five.", verdict="reject"))])) is None
    rejected = record(1, "Five.", decision="reject")
    assert checked_text(rejected, INTERFACE) is None


def test_a_draft_that_stands_is_the_answer() -> None:
    items = [{**item, "origin": "prediction"} for item in result("Five.")]
    text = found(task_row(1, [annotation(1, items)]))
    assert text is not None
    assert text.draft == text.answer == "Five."


def test_steps_lead_to_an_answer() -> None:
    made = ReasoningSteps((Step("Look."), Step("Add."), Step("No.", dropped=True)), "Five.")
    text = of("reasoning_steps", made, {**DATA, "steps": [{"text": "Look."}, {"text": "Add."}]})
    assert text is not None
    assert text.reasoning == ("Look.", "Add.")


def test_reasoning_beside_a_turn_is_one_step() -> None:
    text = found(task_row(1, [annotation(1, result("Five.", reasoning="It says so."))]))
    assert text is not None
    assert text.reasoning == ("It says so.",)


def test_intents_have_their_parts() -> None:
    made = MultiIntent((Intent("fees", 1, segment="Five."), Intent("limits")), plan="Then call.")
    text = of("multi_intent", made, DATA)
    assert text is not None
    assert (text.answer, text.intents) == (
        "Five.\n\nThen call.",
        (("fees", "Five."), ("limits", "")),
    )


def test_the_last_turn_that_is_learnt_is_the_answer() -> None:
    interface = label_configs.load("multi_turn")
    data = {"messages": [*MESSAGES, {"role": "assistant", "content": "Five pounds."}]}
    drafted_turns = interface.own_draft(data)
    assert isinstance(drafted_turns, MultiTurn)
    text = of("multi_turn", drafted_turns, data)
    assert text is not None
    assert (text.answer, text.question) == ("Five pounds.", "Yes. The fee?")
    assert text.prompt.endswith("Have you frozen it?\n\nYes. The fee?")


def test_a_reviewer_s_words_are_the_answer() -> None:
    data = {**DATA, "answers": [{"text": "Six.", "annotator": "ana"}]}
    text = of("review", Review("amend", amended="Five."), data)
    assert text is not None
    assert text.answer == "Five."


@pytest.mark.parametrize("name", EXAMPLES)
@settings(max_examples=10)
@given(data=st.data())
def test_any_record_of_any_interface(name: str, data: st.DataObject) -> None:
    interface = label_configs.load(name)
    made = data.draw(RECORDS[name] | st.just(EXAMPLES[name]))
    task = task_data(interface, made)
    text = of(name, made, task)
    assert (text is None) == (interface.accepted_answer(made, task) is None)
    if text is not None:
        assert text.answer.strip()
        assert len(text.digest()) == 16


def test_texts_that_differ_have_other_digests() -> None:
    texts = [
        CheckedText("a", "b", "c"),
        CheckedText("a", "bc", ""),
        CheckedText("a", "b", "c", reasoning=("d",)),
        CheckedText("a", "b", "c", context={"d": "e"}),
        CheckedText("a", "b", "c", lead_time_s=1.0),
        CheckedText("a", "b", "\ud800"),
    ]
    assert len({text.digest() for text in texts}) == len(texts)
    assert texts[0].digest() == CheckedText("a", "b", "c").digest()
