"""`preference`: which answer stands where, what was chosen, and what training learns from it."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_configs import LabelConfigError, ReplyError
from label_configs.preference import PreferencePair, PreferenceRecord, interface
from tests.label_configs.strategies.common import texts
from tests.label_configs.strategies.preference import EXAMPLE, RECORDS

USER = {"role": "user", "content": "What does a new card cost?"}
FREE = {"text": "It is free.", "source": "v1"}
PAID = {"text": "It costs **GBP 5.00**.", "source": "v2"}
TASK: dict[str, Any] = {"messages": [USER]}
OWN: dict[str, Any] = {**TASK, "answers": [PAID, FREE]}
DRAFTED: dict[str, Any] = {
    **TASK,
    "pair": {
        "left": {"text": "It is free.", "source": "central sample"},
        "right": {"text": "It costs GBP 5.00.", "source": "distant sample"},
    },
}

BAD_ANSWERS: dict[str, tuple[Any, str]] = {
    "text": ("It is free.", "exactly two {text, source}, found str; leave it out"),
    "none": ([], "exactly two {text, source}, found 0;"),
    "one": ([FREE], "exactly two {text, source}, found 1;"),
    "three": ([FREE, PAID, FREE], "exactly two {text, source}, found 3;"),
    "no object": ([FREE, "It is free."], "answer 2 must hold 'text' that is not blank"),
    "no text": ([{"source": "v1"}, PAID], "answer 1 must hold 'text' that is not blank"),
    "blank": ([FREE, {"text": " \n"}], "answer 2 must hold 'text' that is not blank"),
    "text of parts": ([{"text": ["It"]}, PAID], "answer 1 must hold 'text' that is not blank"),
    "source": ([FREE, {"text": "No.", "source": 2}], "answer 2 has a source .* no text but int"),
    "alike": ([FREE, {"text": "It  is\nfree. "}], "both answers say the same, .* correct one"),
}


@pytest.mark.parametrize(("answers", "said"), BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_refused_answers(answers: Any, said: str) -> None:
    with pytest.raises(LabelConfigError, match=f"^a.jsonl, line 7: .*{said}"):
        interface.check_task({**TASK, "answers": answers}, "a.jsonl, line 7")


@pytest.mark.parametrize(
    "data",
    [
        OWN,
        {**TASK, "answers": None},
        {**TASK, "answers": [{"text": "a"}, {**FREE, "source": None}]},
    ],
)
def test_accepted_answers(data: dict[str, Any]) -> None:
    interface.check_task(data)
    interface.check_task(interface.complete_task(data))


def test_the_example_is_a_task() -> None:
    interface.check_task(interface.example)


def test_before_a_draft_the_page_says_so() -> None:
    completed = interface.complete_task(TASK)
    assert "No draft yet" in completed["left_html"]
    assert completed["right_html"] == completed["left_html"]
    assert completed["pair"] == {}


def test_own_answers_are_shown_and_recorded() -> None:
    completed = interface.complete_task(OWN)
    # pinned: another version must not turn round what has been annotated
    assert completed["pair"] == {"left": FREE, "right": PAID}
    assert "It is free." in completed["left_html"]
    assert "costs <strong>GBP 5.00</strong>" in completed["right_html"]
    assert interface.complete_task(completed) == completed


def test_own_answers_are_the_draft() -> None:
    assert interface.own_draft(TASK) is None
    draft = interface.own_draft(OWN)
    assert draft == PreferenceRecord(FREE["text"], PAID["text"])
    # what the drafter writes changes nothing that was imported
    completed = interface.complete_task(OWN)
    assert {**completed, **interface.task_patch(draft)} == completed


@given(
    data=st.lists(
        texts.filter(str.split), min_size=2, max_size=2, unique_by=lambda text: tuple(text.split())
    )
)
def test_the_order_of_arrival_tells_nothing(data: list[str]) -> None:
    answers = [{"text": text, "source": f"v{i}"} for i, text in enumerate(data)]
    once = interface.complete_task({**TASK, "answers": answers})
    assert once["pair"] == interface.complete_task({**TASK, "answers": answers[::-1]})["pair"]
    assert sorted(once["pair"].values(), key=str) == sorted(answers, key=str)


def test_the_side_tells_nothing() -> None:
    """Neither the central sample nor the first in the alphabet is more often on the left."""
    samples = [PreferenceRecord(f"Answer {i}.") for i in range(400)]
    pairs = [
        interface.assemble([central, other], TASK)
        for central, other in zip(samples[::2], samples[1::2], strict=True)
    ]
    central_left = sum(pair.sources[0] == "central sample" for pair in pairs)
    first_left = sum(pair.left < pair.right for pair in pairs)
    # 4 standard deviations of a fair coin thrown 200 times
    assert abs(central_left - 100) < 29
    assert abs(first_left - 100) < 29


def test_another_conversation_may_turn_the_sides() -> None:
    asked = [{"role": "user", "content": f"Question {i}?"} for i in range(40)]
    lefts = {
        interface.complete_task({**OWN, "messages": [turn]})["pair"]["left"]["text"]
        for turn in asked
    }
    assert lefts == {FREE["text"], PAID["text"]}


def test_recorded_sides_stay_when_the_conversation_is_corrected() -> None:
    """Annotations name sides, so a turned pair would turn what they say."""
    recorded = interface.complete_task(OWN)
    for i in range(20):
        corrected = {**recorded, "messages": [{"role": "user", "content": f"Question {i}?"}]}
        assert interface.complete_task(corrected)["pair"] == recorded["pair"]


def test_other_answers_make_another_pair() -> None:
    recorded = interface.complete_task(OWN)
    changed = interface.complete_task({**recorded, "answers": [FREE, {"text": "No idea."}]})
    assert {side["text"] for side in changed["pair"].values()} == {FREE["text"], "No idea."}


def test_no_source_is_shown() -> None:
    data = {**TASK, "answers": [{**FREE, "source": "model-x"}, {**PAID, "source": "model-y"}]}
    completed = interface.complete_task(data)
    drafted = {
        **completed,
        **interface.task_patch(PreferenceRecord("a", "b", sources=("model-x", ""))),
    }
    for shown in (completed, drafted):
        assert not any("model-" in html for key, html in shown.items() if key.endswith("_html"))


def test_markup_in_an_answer_is_shown_not_obeyed() -> None:
    patch = interface.task_patch(PreferenceRecord("<script>alert(1)</script>", "<b>b</b>"))
    assert "<script>" not in patch["left_html"]
    assert "&lt;b&gt;b" in patch["right_html"]


def test_a_draft_is_the_central_sample_and_the_most_distant_that_differs() -> None:
    replies = ["It is free.", "It costs GBP 5.00.", "Ask your bank.", "It  is\nfree."]
    pair = interface.assemble([interface.read_reply(reply, TASK) for reply in replies], TASK)
    found = dict(zip((pair.left, pair.right), pair.sources, strict=True))
    assert found == {"It is free.": "central sample", "Ask your bank.": "distant sample"}
    assert pair.preference is None


@pytest.mark.parametrize(
    "replies", [["It is free."], ["It is free.", "It is\nfree.", "It  is free."]]
)
def test_samples_that_are_all_alike(replies: list[str]) -> None:
    drafts = [interface.read_reply(reply, TASK) for reply in replies]
    with pytest.raises(ReplyError, match=r"nothing to compare; raise llm\.temperature or llm\.sam"):
        interface.assemble(drafts, TASK)


def test_a_delivered_draft_is_recorded() -> None:
    drafts = [PreferenceRecord("It is free."), PreferenceRecord("It costs GBP 5.00.")]
    draft = interface.assemble(drafts, TASK)
    delivered = {**interface.complete_task(TASK), **interface.task_patch(draft)}
    assert {side["text"]: side["source"] for side in delivered["pair"].values()} == {
        "It is free.": "central sample",
        "It costs GBP 5.00.": "distant sample",
    }
    assert interface.complete_task(delivered) == delivered


def test_answers_shape_a_draft() -> None:
    """One conversation with two pairs of answers is two tasks; a draft changes no task."""
    other = {**TASK, "answers": [FREE, {"text": "No idea."}]}
    assert interface.inputs(OWN) != interface.inputs(other)
    assert interface.inputs(interface.complete_task(OWN)) == interface.inputs(OWN)
    assert interface.inputs(DRAFTED) == interface.inputs(TASK)


def test_what_drafts_are_compared_by() -> None:
    assert interface.answer(interface.read_reply(" It is free.\n", TASK)) == "It is free."
    assert interface.answer(EXAMPLE) == f"{EXAMPLE.left}\n\n{EXAMPLE.right}"
    assert interface.written(EXAMPLE) == interface.answer(EXAMPLE)


def test_labels() -> None:
    assert interface.labels(EXAMPLE) == {
        "preference": "right slightly better",
        "category": "billing",
    }


LEFT, RIGHT, EDITED = "It is free.", "It costs GBP 5.00.", "It costs GBP 5.00, sorry."
# preference, left and right as saved -> accepted answer, pair
LEARNT: dict[str, tuple[PreferenceRecord, str | None, PreferencePair | None]] = {
    "left": (
        PreferenceRecord(LEFT, RIGHT, "left better"),
        LEFT,
        PreferencePair(LEFT, RIGHT, slight=False),
    ),
    "slightly": (
        PreferenceRecord(LEFT, RIGHT, "right slightly better"),
        RIGHT,
        PreferencePair(RIGHT, LEFT, slight=True),
    ),
    "preferred and edited": (
        PreferenceRecord(LEFT, f" {EDITED}\n", "right better"),
        EDITED,
        PreferencePair(EDITED, LEFT, slight=False),
    ),
    "the other was edited": (
        PreferenceRecord(EDITED, RIGHT, "right better"),
        RIGHT,
        PreferencePair(RIGHT, LEFT, slight=False),
    ),
    "edited into the other": (PreferenceRecord(RIGHT, RIGHT, "left better"), RIGHT, None),
    "editors never filled": (
        PreferenceRecord(preference="left better"),
        LEFT,
        PreferencePair(LEFT, RIGHT, slight=False),
    ),
    "undecided": (PreferenceRecord(EDITED, RIGHT), None, None),
    "tie": (PreferenceRecord(LEFT, RIGHT, "tie"), None, None),
    "tie, never filled": (PreferenceRecord(preference="tie"), None, None),
    "tie, one edited": (
        PreferenceRecord(LEFT, EDITED, "tie"),
        EDITED,
        PreferencePair(EDITED, RIGHT, slight=False),
    ),
    "both bad": (PreferenceRecord(LEFT, RIGHT, "both bad"), None, None),
    "both bad, one edited": (
        PreferenceRecord(EDITED, RIGHT, "both bad"),
        EDITED,
        PreferencePair(EDITED, LEFT, slight=False),
    ),
    "both bad, both edited": (PreferenceRecord(EDITED, "Ask us.", "both bad"), None, None),
    "both bad, line ends only": (PreferenceRecord(LEFT + "\r\n", RIGHT, "both bad"), None, None),
}


@pytest.mark.parametrize(("record", "accepted", "pair"), LEARNT.values(), ids=LEARNT)
def test_what_is_learnt(
    record: PreferenceRecord, accepted: str | None, pair: PreferencePair | None
) -> None:
    assert interface.accepted_answer(record, DRAFTED) == accepted
    assert interface.pair(record, DRAFTED) == pair


def test_without_a_recorded_pair_nothing_was_rejected() -> None:
    record = PreferenceRecord("a", "b", "left better")
    assert interface.accepted_answer(record, TASK) == "a"
    assert interface.pair(record, TASK) is None
    assert interface.accepted_answer(dataclasses.replace(record, preference="tie"), TASK) is None
    assert interface.accepted_answer(PreferenceRecord(preference="left better"), TASK) is None


def test_training_turns() -> None:
    record = PreferenceRecord(LEFT, RIGHT, "right better")
    turns = interface.training_turns(record, DRAFTED)
    assert turns == [USER, {"role": "assistant", "content": RIGHT}]
    tie = dataclasses.replace(record, preference="tie")
    assert interface.training_turns(tie, DRAFTED) is None


@given(record=RECORDS, drafted=RECORDS)
def test_chosen_is_accepted_and_never_rejected(
    record: PreferenceRecord, drafted: PreferenceRecord
) -> None:
    data = {**TASK, **interface.task_patch(drafted)}
    pair = interface.pair(record, data)
    if pair is not None:
        assert pair.chosen == interface.accepted_answer(record, data)
        assert pair.chosen != pair.rejected
        assert pair.rejected in (drafted.left.strip(), drafted.right.strip())
        assert pair.slight == ("slightly" in str(record.preference))
