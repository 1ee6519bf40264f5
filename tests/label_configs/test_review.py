"""`review`: who wrote what stays hidden or known, and only what a reviewer vouched for is taken."""

import dataclasses
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_configs import LabelConfigError, ReplyError
from label_configs.rendering import markdown_html
from label_configs.review import Review, interface
from label_configs.review_task import LETTERS, review_task, shown_answers

USER = {"role": "user", "content": "What does a new card cost?"}
ANA = {
    "text": "It costs **GBP 5.00**.",
    "annotator": "ana@example.org",
    "verdict": "edit",
    "written_at": "2026-11-20T09:14:00Z",
}
BO = {
    "text": "It is free.",
    "annotator": "bo",
    "verdict": "accept",
    "written_at": "2026-11-20T11:02:00+02:00",
}
CY = {"text": "Ask us again.", "annotator": "7"}
FINDING = {"check": "contradictions", "message": "ana@example.org and bo disagree.", "score": 0.184}


def task(*answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    built = review_task({"messages": [USER]}, answers, [FINDING], "bo contradicts ana@example.org")
    return built | more


TWO = task(ANA, BO)
ONE = task(BO)
BAD_TASKS: dict[str, tuple[dict[str, Any], str]] = {
    "no answers": ({"answers": []}, "'answers' must be a non-empty list .* found nothing; add"),
    "answers as text": ({"answers": "Yes."}, "'answers' must be .* found str; add"),
    "answer as text": ({"answers": ["Yes."]}, "answer 1 needs 'text' and 'annotator', both text"),
    "no annotator": ({"answers": [ANA, {"text": "Yes."}]}, "answer 2 needs 'text' and 'annotator'"),
    "annotator's number": ({"answers": [{**ANA, "annotator": 7}]}, "answer 1 needs .* both text"),
    "blank answer": ({"answers": [{**ANA, "text": " \n"}]}, "answer 1 needs 'text' and"),
    "verdict": (
        {"answers": [{**ANA, "verdict": 1}]},
        "answer 1 needs text as its 'verdict', .* int",
    ),
    "time": ({"answers": [{**ANA, "written_at": 1}]}, "answer 1 needs text as its 'written_at', "),
    "too many": ({"answers": [ANA] * 27}, "holds 27 answers, the page letters at most 26; leave"),
    "findings as text": ({"findings": "x"}, "'findings' must be a list .* found str; make it one"),
    "finding": ({"findings": [{"check": "c"}]}, "finding 1 needs 'check' and 'message', both text"),
    "score": (
        {"findings": [{**FINDING, "score": "low"}]},
        "finding 1 needs a number as its 'score'",
    ),
    "yes as a score": ({"findings": [{**FINDING, "score": True}]}, "finding 1 needs a number as"),
    "no cause": ({"sent_because": " "}, "'sent_because' must be text, found nothing; say why"),
    "cause": ({"sent_because": ["x"]}, "'sent_because' must be text, found list; say why"),
    "blind": ({"blind": "yes"}, "'blind' must be true or false, found str; correct it"),
    "no messages": ({"messages": None}, "'messages' must be a non-empty list"),
}


@pytest.mark.parametrize(("spoilt", "said"), BAD_TASKS.values(), ids=BAD_TASKS)
def test_refused_task(spoilt: dict[str, Any], said: str) -> None:
    with pytest.raises(LabelConfigError, match=f"^a.jsonl, line 7: .*{said}"):
        interface.check_task(TWO | spoilt, "a.jsonl, line 7")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"findings": []},
        {"findings": None, "blind": None},
        {"findings": [{**FINDING, "score": None}, {**FINDING, "score": 1}]},
        {"answers": [{**CY, "verdict": None, "written_at": None}]},
        {"answers": [ANA] * 26, "blind": True},
        interface.example,
    ],
)
def test_accepted_task(more: dict[str, Any]) -> None:
    interface.check_task(TWO | more)
    interface.check_task(interface.complete_task(TWO | more))


def test_a_review_is_made_of_a_finished_task() -> None:
    first = interface.complete_task(
        {
            "labeltune_id": "card-1",
            "id": "of the file",
            "messages": [USER],
            "documents": [{"title": "Fees", "text": "Card: GBP 5.00"}],
            "steps": [{"text": "drafted by the first pass"}],
            "reviewer": "bo",
        },
        "Be exact.",
    )
    made = review_task(first, [ANA, BO], [FINDING], "two annotators disagree", blind=True)
    assert made == {
        "messages": [USER],
        "context": {},
        "documents": [{"title": "Fees", "text": "Card: GBP 5.00"}],
        "guidelines": "Be exact.",
        "reviewed_id": "card-1",
        "answers": [ANA, BO],
        "findings": [FINDING],
        "sent_because": "two annotators disagree",
        "blind": True,
    }
    interface.check_task(made)


@pytest.mark.parametrize(
    ("identity", "kept"), [({"id": 0}, {"reviewed_id": 0}), ({"id": None}, {}), ({}, {})]
)
def test_the_identity_of_what_is_reviewed(identity: dict[str, Any], kept: dict[str, Any]) -> None:
    made = review_task({"messages": [USER], **identity}, [ANA], [], "a sample")
    assert made == {
        "messages": [USER],
        **kept,
        "answers": [ANA],
        "findings": [],
        "sent_because": "a sample",
    }


def test_names_verdicts_and_times_are_shown() -> None:
    shown = interface.complete_task(TWO)["answers_html"]
    around, first, second = shown.split('<div class="lt-review-card lt-review-card-')
    assert around == '<div class="lt-review-cards lt-review-cards-2">'
    for told in (">A<", ">ana@example.org<", ">edit<", ">2026-11-20 09:14<", "<strong>GBP 5.00<"):
        assert told in first
    for told in (">B<", ">bo<", ">accept<", ">2026-11-20 11:02<", "It is free."):
        assert told in second


def test_an_unknown_form_of_time_is_shown_as_it_came() -> None:
    assert (
        ">on Friday<"
        in interface.complete_task(task({**CY, "written_at": "on Friday"}))["answers_html"]
    )


def test_findings_are_shown_with_their_cause() -> None:
    assert interface.complete_task(TWO)["findings_html"] == (
        '<div class="lt-review-sent"><b>Sent because</b> bo contradicts ana@example.org</div>'
        "<ul><li><b>contradictions</b> ana@example.org and bo disagree. "
        '<span class="lt-review-when">score 0.18</span></li></ul>'
    )
    nothing = interface.complete_task(task(ANA, findings=[], sent_because="a sample"))
    assert nothing["findings_html"] == (
        '<div class="lt-review-sent"><b>Sent because</b> a sample</div>'
    )


def test_what_others_wrote_is_never_markup() -> None:
    evil = "<img src=x onerror=alert(1)>"
    data = interface.complete_task(
        task(
            {"text": evil, "annotator": evil, "verdict": evil, "written_at": evil},
            findings=[{"check": evil, "message": evil}],
            sent_because=evil,
        )
    )
    for field in ("answers_html", "findings_html"):
        assert "<img" not in data[field]
        assert "&lt;img src=x" in data[field]


def test_blind_letters_stand_for_names() -> None:
    data = interface.complete_task(
        task(
            ANA,
            BO,
            CY,
            blind=True,
            findings=[{"check": "speed", "message": "bo, not boris, took 7 s."}],
        )
    )
    places = {answer["annotator"]: LETTERS[i] for i, answer in enumerate(shown_answers(data))}
    assert f"[{places['bo']}], not boris, took 7 s." in data["findings_html"]
    assert f"[{places['bo']}] contradicts [{places['ana@example.org']}]" in data["findings_html"]


names = st.text(st.sampled_from("abcxyz@.é "), min_size=1, max_size=12).filter(str.strip)
written = st.fixed_dictionaries(
    {
        "text": st.text("GHIJ \n", min_size=1).filter(str.strip),
        "annotator": names.map(lambda name: f"Q{name}Q"),
        "verdict": st.none() | st.sampled_from(["ACCEPT", "EDIT"]),
        "written_at": st.none() | st.dates().map(lambda day: f"{day}T08:00:00Z"),
    }
)


@given(answers=st.lists(written, min_size=1, max_size=8))
def test_blind_shows_neither_names_nor_times(answers: list[dict[str, Any]]) -> None:
    messages = [{"role": "user", "content": "HI"}]
    found = [{"check": "SLOW", "message": f"{answer['annotator']} IS"} for answer in answers]
    source = review_task({"messages": messages}, answers, found, "IT", blind=True)
    completed = interface.complete_task(source)
    draft = interface.own_draft(completed)
    assert draft is not None
    shown = json.dumps(
        [{k: v for k, v in completed.items() if k not in source}, interface.encode(draft)],
        ensure_ascii=False,
    )
    for answer in answers:
        assert answer["annotator"] not in shown
        assert (answer["written_at"] or "1999-01-01")[:10] not in shown


@given(answers=st.lists(written, min_size=1, max_size=8), blind=st.booleans(), data=st.data())
def test_a_letter_leads_back_to_its_answer(
    answers: list[dict[str, Any]], blind: bool, data: st.DataObject
) -> None:
    """Also when the conversation is corrected after the review was saved."""
    source = review_task({"messages": [USER]}, answers, [], "a sample", blind)
    completed = json.loads(json.dumps(interface.complete_task(source)))
    place = data.draw(st.integers(0, len(answers) - 1))
    record = Review(decision="approve", best=place)
    chosen = interface.chosen_answer(record, completed)
    assert chosen is not None
    card = completed["answers_html"].split("lt-review-card-text lt-markdown")[place + 1]
    assert card.split(">", 1)[1].startswith(markdown_html(chosen["text"]))
    assert interface.chosen_answer(record, source) == chosen
    corrected = {**completed, "messages": [{**USER, "content": "What does a card cost?"}]}
    assert interface.chosen_answer(record, interface.complete_task(corrected)) == chosen


def test_all_answers_are_shown_once_and_no_place_is_one_annotators() -> None:
    at_first: Counter[str] = Counter()
    for i in range(300):
        messages = [{"role": "user", "content": f"Question {i}"}]
        data = review_task({"messages": messages}, [ANA, BO, CY], [], "a sample", blind=True)
        shown = shown_answers(data)
        assert sorted(a["annotator"] for a in shown) == ["7", "ana@example.org", "bo"]
        assert shown == shown_answers(json.loads(json.dumps(data, sort_keys=True)))
        at_first[shown[0]["annotator"]] += 1
    assert min(at_first.values()) > 70


@pytest.mark.parametrize("kept", [[0], [0, 0], [1, 2], ["1", "0"], [[0], 1], "10", {"0": 1}, None])
def test_an_order_that_fits_no_answers_is_made_anew(kept: Any) -> None:
    assert interface.complete_task(TWO | {"shown_order": kept})["shown_order"] == [0, 1]


def test_letters_to_choose_from() -> None:
    data = interface.complete_task(task(ANA, BO, CY, ANA, BO))
    assert [(c["value"], c["hotkey"]) for c in data["best_choices"]] == [
        ("A", "a"),
        ("B", "b"),
        ("C", "c"),
        ("D", "d"),
        ("E", "f19"),
    ]
    assert not any("selected" in choice for choice in data["best_choices"])
    assert interface.complete_task(ONE)["best_choices"] == [
        {"value": "A", "hotkey": "a", "selected": True}
    ]


@pytest.mark.parametrize(
    ("record", "data", "accepted"),
    [
        (Review("approve", best=1), TWO, BO["text"]),
        (Review("approve", best=0, amended="No."), TWO, ANA["text"]),
        (Review("approve"), ONE, BO["text"]),
        # nobody said which one is good
        (Review("approve"), TWO, None),
        (Review("approve", best=2), TWO, None),
        (Review("approve", best=1), ONE, None),
        (Review("amend", amended=" It depends.\n"), TWO, "It depends."),
        (Review("amend", best=0, amended=" "), TWO, None),
        (Review("reject", best=0, amended="No."), ONE, None),
        (Review(best=0, amended="No."), ONE, None),
        (Review("later", best=0), ONE, None),
        (Review("approve"), {"messages": [USER]}, None),
    ],
)
def test_only_what_a_reviewer_vouched_for_is_accepted(
    record: Review, data: dict[str, Any], accepted: str | None
) -> None:
    assert interface.accepted_answer(record, data) == accepted
    turns = interface.training_turns(record, data)
    if accepted is None:
        assert turns is None
    else:
        assert turns == [USER, {"role": "assistant", "content": accepted}]


def test_a_rejected_task_has_no_chosen_answer() -> None:
    assert interface.chosen_answer(Review("approve", best=0), TWO) == ANA
    assert interface.chosen_answer(Review("reject", best=0), TWO) is None
    assert interface.chosen_answer(Review("amend"), ONE) is None


@pytest.mark.parametrize(
    ("data", "draft"),
    [
        (ONE, Review(best=0, amended=BO["text"])),
        # bo's clock is two hours ahead: 11:02 there is before 09:14 here
        (TWO, Review(amended=ANA["text"])),
        (task(ANA, BO | {"written_at": "2026-11-21T00:00:00Z"}), Review(amended=BO["text"])),
        (task(ANA, CY), Review(amended=ANA["text"])),
        (task(CY, BO), Review(amended=CY["text"])),
        (task(ANA, BO | {"written_at": "2026-11-21T00:00:00"}), Review(amended=ANA["text"])),
        ({"messages": [USER]}, None),
    ],
)
def test_own_draft(data: dict[str, Any], draft: Review | None) -> None:
    assert interface.own_draft(data) == draft
    assert interface.own_draft(interface.complete_task(data)) == draft


def test_blind_draft_is_the_first_shown_whenever_it_was_written() -> None:
    for i in range(20):
        data = task(ANA, BO, CY, blind=True, messages=[{"role": "user", "content": f"{i}?"}])
        assert interface.own_draft(data) == Review(amended=shown_answers(data)[0]["text"])


def test_a_reply_is_an_amended_answer() -> None:
    assert interface.read_reply(" It depends.\n", TWO) == Review(amended="It depends.")
    with pytest.raises(ReplyError):
        interface.read_reply(" ", TWO)


def test_answers_and_findings_shape_no_draft() -> None:
    """The model's samples show whether they agree with the answers; they must not copy them."""
    completed = interface.complete_task(TWO)
    assert interface.inputs(completed) == interface.inputs(interface.complete_task(ONE))


def test_labels_and_texts() -> None:
    record = Review("amend", 1, "It depends.", "Wrong fee.", ("factual",), "A note.")
    assert interface.labels(record) == {"decision": "amend"}
    assert interface.answer(record) == interface.written(record) == "It depends."


@pytest.mark.parametrize("letter", ["", "a", "AB", "1", "Å"])
def test_a_choice_that_is_no_letter(letter: str) -> None:
    item = {"from_name": "best", "value": {"choices": [letter]}}
    with pytest.raises(LabelConfigError, match=f"{letter!r} of 'best' is no letter of an answer"):
        interface.decode([item])


def test_nothing_chosen_as_best() -> None:
    item = {"from_name": "best", "value": {"choices": []}}
    assert interface.decode([item]) == Review()


@pytest.mark.parametrize("place", [-1, 26])
def test_a_place_without_a_letter(place: int) -> None:
    with pytest.raises(LabelConfigError, match=f"best={place} names no answer"):
        interface.encode(dataclasses.replace(Review(), best=place))


def test_the_example_is_blind_and_complete() -> None:
    example = dict(interface.example)
    assert review_task(
        {**example, "labeltune_id": example["reviewed_id"]},
        example["answers"],
        example["findings"],
        example["sent_because"],
        example["blind"],
    ) == {field: value for field, value in example.items() if field != "id"}
