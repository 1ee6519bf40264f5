"""One word a task, in every interface: what is accepted, rejected, incomplete, or not kept."""

import json
from typing import Any

import pytest

import label_configs
from label_configs.chat_response import ChatResponse
from label_configs.multi_intent import Intent, MultiIntent
from label_configs.multi_turn import LEAVE_OUT, MultiTurn, Turn
from label_configs.preference import PreferenceRecord
from label_configs.reasoning_steps import ReasoningSteps, Step
from label_configs.review import Review
from sync.records import read_records
from sync.records.draft_use import outcome_of
from sync.records.record import Unfinished, Unreadable
from sync.records.states import STATES, WorkCounts, count_work, state_of
from sync.table.task_rows import Prediction
from tests.sync.builders import START, annotation, task_row

PAIR = {"pair": {"left": {"text": "Yes.", "source": ""}, "right": {"text": "No.", "source": ""}}}
ONE = {"answers": [{"text": "Yes.", "annotator": "ana"}]}
TWO = {"answers": [*ONE["answers"], {"text": "No.", "annotator": "bo"}]}
TALK = {
    "messages": [
        {"role": "user", "content": "Is it free?"},
        {"role": "assistant", "content": "It is."},
        {"role": "user", "content": "Abroad?"},
        {"role": "assistant", "content": "There, too."},
    ]
}


def talk(*texts: str, verdict: str | None = None, train: str | None = None) -> MultiTurn:
    return MultiTurn(tuple(Turn(text, train=train) for text in texts), verdict)


def steps(answer: str, verdict: str | None = None) -> ReasoningSteps:
    return ReasoningSteps((Step("It says so."),), answer, verdict)


def intents(segment: str, verdict: str | None = None) -> MultiIntent:
    return MultiIntent((Intent("fees", 1, "", segment),), verdict=verdict)


def review(decision: str | None, best: int | None = None, amended: str = "Yes.") -> Review:
    return Review(decision, best, amended, reason="so")


@pytest.mark.parametrize(
    ("name", "data", "draft", "record", "state", "outcome"),
    [
        ("preference", PAIR, PreferenceRecord("Yes.", "No."),
         PreferenceRecord("Yes.", "No.", "left better"), "accepted", "accepted"),
        ("preference", PAIR, PreferenceRecord("Yes.", "No."),
         PreferenceRecord("Yes.", "No!", "right slightly better"), "accepted", "edited"),
        ("preference", PAIR, PreferenceRecord("Yes.", "No."),
         PreferenceRecord("Yes.", "No.", "both bad"), "rejected", "rejected"),
        ("preference", PAIR, PreferenceRecord("Yes.", "No."),
         PreferenceRecord("Yes.", "It is not.", "both bad"), "accepted", "edited"),
        ("preference", PAIR, PreferenceRecord("Yes.", "No."),
         PreferenceRecord("Yes.", "No.", "tie"), "nothing_kept", "accepted"),
        ("preference", PAIR, PreferenceRecord("Yes.", "No."),
         PreferenceRecord("Yes.", "No."), "incomplete", "accepted"),
        ("multi_turn", TALK, talk("It is.", "There, too."),
         talk("It is.", "There, too.", verdict="accept"), "accepted", "accepted"),
        ("multi_turn", TALK, talk("It is.", "There, too."),
         talk("It is.", "There, too.", verdict="reject"), "rejected", "rejected"),
        ("multi_turn", TALK, talk("It is.", "There, too."),
         talk("It is.", "There, too.", verdict="edit", train=LEAVE_OUT), "nothing_kept", "edited"),
        ("multi_turn", TALK, talk("It is.", "There, too."),
         talk("", " ", verdict="edit"), "incomplete", "edited"),
        ("reasoning_steps", {}, steps("Yes."), steps("Yes.", "accept"), "accepted", "accepted"),
        ("reasoning_steps", {}, steps("Yes."), steps("", "edit"), "incomplete", "edited"),
        ("reasoning_steps", {}, steps("Yes."), steps("", "reject"), "rejected", "rejected"),
        ("reasoning_steps", {}, steps("Yes."), steps("<p></p>", "edit"), "incomplete", "edited"),
        ("chat_response", {}, ChatResponse("Yes."), ChatResponse("\u200b\u2060", verdict="edit"),
         "incomplete", "edited"),
        ("chat_response", {}, ChatResponse("Yes."), ChatResponse("# ", verdict="edit"),
         "incomplete", "edited"),
        ("chat_response", {}, ChatResponse("Yes."), ChatResponse("#", verdict="edit"),
         "accepted", "edited"),
        ("multi_turn", TALK, talk("It is.", "There, too."),
         talk("&nbsp;", "****", verdict="edit"), "incomplete", "edited"),
        ("multi_intent", {}, intents("Yes."), intents("Yes.", "rewrite"), "accepted", "rewritten"),
        ("multi_intent", {}, intents("Yes."), intents("", "edit"), "incomplete", "edited"),
        ("multi_intent", {}, intents("Yes."), intents("- \n- ", "edit"), "incomplete", "edited"),
        ("multi_intent", {}, intents("Yes."), intents("Yes.", "reject"), "rejected", "rejected"),
        ("review", ONE, Review(amended="Yes."), review("approve"), "accepted", "accepted"),
        ("review", TWO, Review(amended="Yes."), review("approve"), "incomplete", "accepted"),
        ("review", TWO, Review(amended="Yes."), review("approve", 1), "accepted", "accepted"),
        ("review", ONE, Review(amended="Yes."), review("amend", amended="Yes!"),
         "accepted", "edited"),
        ("review", ONE, Review(amended="Yes."), review("amend", amended=""),
         "incomplete", "edited"),
        ("review", ONE, Review(amended="Yes."), review("amend", amended="<div></div>"),
         "incomplete", "edited"),
        ("review", ONE, Review(amended="Yes."), review("reject"), "rejected", "rejected"),
        ("review", ONE, Review(amended="Yes."), review(None), "incomplete", "accepted"),
    ],
)  # fmt: skip
def test_every_interface(
    name: str, data: dict[str, Any], draft: Any, record: Any, state: str, outcome: str
) -> None:
    interface: Any = label_configs.load(name)
    shown = Prediction(5, "v1", 0.5, START, json.dumps(interface.encode(draft)))
    held = annotation(10, interface.encode(record), parent_prediction=5)
    told = {"sent_because": "a sample", "reviewed_id": "one"} if name == "review" else {}
    labelled = read_records([task_row(1, [held], [shown], **(data | told))], interface)
    assert labelled.unreadable == ()
    (found,) = labelled.records
    assert (state_of(found, interface), outcome_of(found)) == (state, outcome)
    missing = interface.missing(found.record, found.data)
    assert (missing is not None) == (state == "incomplete"), "what check finds is what is counted"


def test_a_task_is_counted_once_and_in_one_state() -> None:
    interface: Any = label_configs.load("chat_response")
    outcomes = [
        Unfinished(1, "skipped"),
        Unfinished(2, "unlabeled"),
        Unfinished(3, "unsettled"),
        Unreadable(4, 40, "broken"),
        Unreadable(5, 50, "another annotation counts instead", instead=51),
    ]
    counted = count_work(outcomes, interface)
    assert counted == WorkCounts(skipped=1, unlabeled=1, unsettled=1, unreadable=1)
    assert (counted.tasks, counted.finished, counted.is_plain) == (4, 0, False)
    assert counted + counted == WorkCounts(skipped=2, unlabeled=2, unsettled=2, unreadable=2)
    assert counted.sentence() == "Tasks: 1 skipped, 1 unlabeled, 1 unsettled, 1 unreadable."
    assert WorkCounts().sentence() == ""
    one_each = WorkCounts(**dict.fromkeys(STATES, 1))
    assert (one_each.tasks, one_each.finished) == (9, 5)
    assert "1 rejected by review, 1 incomplete, 1 nothing kept" in one_each.sentence()
