"""What a finished record teaches, in every interface and in each that knows better."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import label_configs
from label_configs import Interface
from label_configs.answer_turns import answer_text
from label_configs.chat_response import ChatResponse
from label_configs.lessons import JudgedAnswer, JudgedSteps, PreferencePair
from label_configs.multi_intent import MultiIntent
from label_configs.multi_intent_items import Intent
from label_configs.multi_turn import LEAVE_OUT, TRAIN, MultiTurn, Turn
from label_configs.preference import PreferenceRecord
from label_configs.reasoning_steps import ReasoningSteps
from label_configs.review import Review
from label_configs.step_rows import Step
from tests.label_configs.records import EXAMPLES, RECORDS, TASK, task_data
from tests.label_configs.strategies.common import texts

# what every interface promises; drawing two records with a task takes a while

few = settings(max_examples=40)


@few
@given(data=st.data())
def test_pairs_hold_two_answers_that_differ(interface: Interface[Any], data: st.DataObject) -> None:
    record, draft = (data.draw(RECORDS[interface.name]) for _ in range(2))
    task = task_data(interface, draft)
    for pair in interface.preference_pairs(record, task, data.draw(st.sampled_from([draft, None]))):
        chosen, rejected = answer_text(pair.chosen), answer_text(pair.rejected)
        assert chosen.strip()
        assert rejected.strip()
        assert chosen.split() != rejected.split()


@few
@given(data=st.data())
def test_no_answer_is_judged_twice_to_one_prompt(
    interface: Interface[Any], data: st.DataObject
) -> None:
    record, draft = (data.draw(RECORDS[interface.name]) for _ in range(2))
    task = task_data(interface, draft)
    answers = interface.judged_answers(record, task, data.draw(st.sampled_from([draft, None])))
    said = [(repr(answer.prompt), answer_text(answer.answer).split()) for answer in answers]
    assert all(words for _, words in said)
    assert all(one not in said[:at] for at, one in enumerate(said))


@few
@given(data=st.data())
def test_what_is_accepted_is_good(interface: Interface[Any], data: st.DataObject) -> None:
    record = data.draw(RECORDS[interface.name])
    task = task_data(interface, record)
    accepted = interface.accepted_answer(record, task)
    found = interface.judged_answers(record, task, None)
    good = [answer_text(answer.answer).strip() for answer in found if answer.good]
    assert (accepted is None and not good) or accepted in good


@few
@given(data=st.data())
def test_only_the_last_step_may_be_wrong(interface: Interface[Any], data: st.DataObject) -> None:
    record, draft = (data.draw(RECORDS[interface.name]) for _ in range(2))
    for chain in interface.judged_steps(record, task_data(interface, draft)):
        assert chain.steps
        assert len(chain.steps) == len(chain.labels)
        assert all(step.strip() for step in chain.steps)
        assert all(chain.labels[:-1])


@few
@given(data=st.data(), text=texts)
def test_an_amended_record_has_that_answer(
    interface: Interface[Any], data: st.DataObject, text: str
) -> None:
    record = data.draw(RECORDS[interface.name])
    task = task_data(interface, record)
    amended = interface.with_answer(record, text)
    if amended is not None:
        assert interface.accepted_answer(amended, task) == text.strip()
        assert text.strip()


SHIPPED = ("chat_response", "reasoning_steps", "multi_turn", "preference", "multi_intent", "review")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_interface_takes_an_amended_answer(name: str) -> None:
    assert label_configs.load(name).with_answer(EXAMPLES[name], "As amended.") is not None


def test_an_empty_record_teaches_nothing(interface: Interface[Any]) -> None:
    empty, task = interface.decode([]), interface.complete_task(TASK)
    assert interface.preference_pairs(empty, task, EXAMPLES[interface.name]) == []
    assert interface.judged_answers(empty, task, None) == []
    assert interface.judged_steps(empty, task) == []
    assert interface.reasoning(empty, task) is None


# one answer and a verdict

chat = label_configs.load("chat_response")
DRAFT = ChatResponse("It is free.")


@pytest.mark.parametrize(
    ("verdict", "final", "learnt"),
    [
        ("accept", "It is free.", [("It is free.", True)]),
        ("edit", "It is GBP 5.", [("It is GBP 5.", True)]),
        ("rewrite", "Five pounds.", [("Five pounds.", True), ("It is free.", False)]),
        ("rewrite", " It  is free.\n", [("It  is free.", True)]),
        ("reject", "It is free.", [("It is free.", False)]),
        ("reject", "", [("It is free.", False)]),
        (None, "It is GBP 5.", [("It is GBP 5.", True)]),
    ],
)
def test_a_verdict_judges_the_draft(verdict: str | None, final: str, learnt: Any) -> None:
    found = chat.judged_answers(ChatResponse(final, verdict=verdict), TASK, DRAFT)
    assert [(answer.answer, answer.good) for answer in found] == learnt


def test_a_rejection_whose_draft_is_gone_judges_nothing() -> None:
    assert chat.judged_answers(ChatResponse("No.", verdict="reject"), TASK, None) == []


def test_an_edit_is_better_than_its_draft() -> None:
    edited = ChatResponse("It is GBP 5.\n", verdict="edit")
    assert chat.preference_pairs(edited, TASK, DRAFT) == [
        PreferencePair("It is GBP 5.", "It is free.")
    ]
    assert chat.preference_pairs(edited, TASK, None) == []
    assert chat.preference_pairs(edited, TASK, ChatResponse(" \n")) == []
    spaced = ChatResponse("It is\n free.", verdict="edit")
    assert chat.preference_pairs(spaced, TASK, DRAFT) == []
    rejected = ChatResponse("It is GBP 5.", verdict="reject")
    assert chat.preference_pairs(rejected, TASK, DRAFT) == []


@pytest.mark.parametrize(
    ("verdict", "then"),
    [("accept", "edit"), ("edit", "edit"), ("rewrite", "rewrite"), ("reject", "rewrite")],
)
def test_an_amendment_changes_the_verdict_on_the_draft(verdict: str, then: str) -> None:
    amended = chat.with_answer(ChatResponse("It is free.", verdict=verdict), "Five pounds.")
    assert amended == ChatResponse("Five pounds.", verdict=then)


def test_an_amended_answer_to_several_intents_is_one_text() -> None:
    record = MultiIntent((Intent("fees", 1, "First:", "Free."),), opening="Hi.", plan="We call.")
    amended = label_configs.load("multi_intent").with_answer(record, "It is GBP 5.")
    assert amended == MultiIntent((Intent("fees", 1),), opening="It is GBP 5.")


# two answers

preference = label_configs.load("preference")
PAIR = {**TASK, "pair": {"left": {"text": "Left."}, "right": {"text": "Right."}}}


@pytest.mark.parametrize(
    ("record", "learnt"),
    [
        (PreferenceRecord(preference="left better"), [("Left.", True), ("Right.", False)]),
        (PreferenceRecord("", "Mine.", "right better"), [("Mine.", True), ("Left.", False)]),
        (PreferenceRecord(preference="left slightly better"), [("Left.", True)]),
        (PreferenceRecord(preference="tie"), []),
        (PreferenceRecord("Mine.", "", "tie"), [("Mine.", True)]),
        (PreferenceRecord(preference="both bad"), [("Left.", False), ("Right.", False)]),
        (
            PreferenceRecord("Mine.", "", "both bad"),
            [("Mine.", True), ("Left.", False), ("Right.", False)],
        ),
        (PreferenceRecord("Left.", "Right."), []),
    ],
)
def test_what_a_preference_says_of_each_answer(record: PreferenceRecord, learnt: Any) -> None:
    found = preference.judged_answers(record, PAIR, None)
    assert [(answer.answer, answer.good) for answer in found] == learnt


def test_a_preference_is_its_own_pair() -> None:
    slightly = PreferenceRecord(preference="right slightly better")
    assert preference.preference_pairs(slightly, PAIR, None) == [
        PreferencePair("Right.", "Left.", slight=True)
    ]
    same = {**TASK, "pair": {"left": {"text": "One two."}, "right": {"text": "One\n two."}}}
    assert preference.preference_pairs(slightly, same, None) == []


@pytest.mark.parametrize("nothing", ["\x1b", "<p></p>"])
def test_a_side_that_says_nothing_is_no_answer(nothing: str) -> None:
    data = {**TASK, "pair": {"left": {"text": nothing}, "right": {"text": "Right."}}}
    left, right = (PreferenceRecord(nothing, "", f"{side} better") for side in ("left", "right"))
    assert preference.accepted_answer(left, data) is None
    assert preference.accepted_answer(right, data) == "Right."
    assert preference.preference_pairs(left, data, None) == []
    assert preference.preference_pairs(right, data, None) == []


def test_only_a_preferred_side_can_be_amended() -> None:
    amended = preference.with_answer(PreferenceRecord("a", "b", "right better"), "c")
    assert amended == PreferenceRecord("a", "c", "right better")
    assert preference.with_answer(PreferenceRecord("a", "b", "tie"), "c") is None


# reviews

review = label_configs.load("review")
REVIEWED = {
    **TASK,
    "answers": [{"text": text, "annotator": text} for text in ("First.", "Second.", " Second. ")],
}


@pytest.mark.parametrize(
    ("record", "judged", "pairs"),
    [
        (Review("approve", 0), [("First.", True), ("Second.", False)], [("First.", "Second.")]),
        (Review("approve", 1), [("Second.", True), ("First.", False)], [("Second.", "First.")]),
        (Review("approve"), [], []),
        (Review("amend", 1, "Third."), [("Third.", True)], [("Third.", "Second.")]),
        (Review("amend", None, "Third."), [("Third.", True)], [("Third.", "First.")]),
        (Review("reject"), [("First.", False), ("Second.", False)], []),
        (Review(), [], []),
    ],
)
def test_a_review_judges_the_answers(record: Review, judged: Any, pairs: Any) -> None:
    found = review.judged_answers(record, REVIEWED, None)
    assert [(answer.answer, answer.good) for answer in found] == judged
    learnt = review.preference_pairs(record, REVIEWED, None)
    assert list(dict.fromkeys((p.chosen, p.rejected) for p in learnt)) == pairs


# turns

multi_turn = label_configs.load("multi_turn")
ASKED, AGAIN = {"role": "user", "content": "Lost."}, {"role": "user", "content": "And now?"}
TALK = {"messages": [ASKED, {"role": "assistant", "content": "Frozen?"}, AGAIN]}


def test_each_turn_is_learnt_after_what_led_to_it() -> None:
    draft = MultiTurn((Turn("Frozen?"), Turn("Free.")))
    record = MultiTurn((Turn("Is it frozen?"), Turn("GBP 5.")), verdict="edit")
    so_far = [ASKED, {"role": "assistant", "content": "Is it frozen?"}, AGAIN]
    assert multi_turn.preference_pairs(record, TALK, draft) == [
        PreferencePair("Is it frozen?", "Frozen?", prompt=[ASKED]),
        PreferencePair("GBP 5.", "Free.", prompt=so_far),
    ]
    # without the draft, what stood in the task is known still
    assert multi_turn.preference_pairs(record, TALK, None) == [
        PreferencePair("Is it frozen?", "Frozen?", prompt=[ASKED])
    ]
    assert multi_turn.judged_answers(record, TALK, draft) == [
        JudgedAnswer("Is it frozen?", True, [ASKED]),
        JudgedAnswer("GBP 5.", True, so_far),
    ]


@pytest.mark.parametrize(
    ("turns", "verdict", "good", "bad"),
    [
        ([Turn("Frozen?", "poor"), Turn("Free.")], "edit", ["Free."], ["Frozen?"]),
        ([Turn("Freeze it.", "poor"), Turn("Free.")], "edit", ["Free."], []),
        ([Turn("Frozen?", None, LEAVE_OUT), Turn("Free.")], "edit", ["Free."], []),
        ([Turn("Frozen?", "poor", TRAIN), Turn("Free.")], "edit", ["Frozen?", "Free."], []),
        ([Turn("Frozen?"), Turn("Free.", "poor")], "reject", [], ["Free."]),
        ([Turn("Frozen?"), Turn("Free.")], "reject", [], []),
    ],
)
def test_a_turn_is_bad_if_it_is_poor_as_it_stood(
    turns: list[Turn], verdict: str, good: list[str], bad: list[str]
) -> None:
    draft = MultiTurn((Turn("Frozen?"), Turn("Free.")))
    found = multi_turn.judged_answers(MultiTurn(tuple(turns), verdict), TALK, draft)
    assert [answer.answer for answer in found if answer.good] == good
    assert [answer.answer for answer in found if not answer.good] == bad


@pytest.mark.parametrize("verdict", ["rewrite", "reject"])
def test_the_only_turn_is_what_the_verdict_judges(verdict: str) -> None:
    record = MultiTurn((Turn("GBP 5."),), verdict)
    found = multi_turn.judged_answers(record, {"messages": [ASKED]}, MultiTurn((Turn("Free."),)))
    good = [] if verdict == "reject" else [JudgedAnswer("GBP 5.", True, [ASKED])]
    assert found == [*good, JudgedAnswer("Free.", False, [ASKED])]


def test_the_last_turn_to_train_on_is_amended() -> None:
    record = MultiTurn((Turn("a"), Turn("b"), Turn("c", "poor")), "accept")
    amended = MultiTurn((Turn("a"), Turn("d"), Turn("c", "poor")), "edit")
    assert multi_turn.with_answer(record, "d") == amended
    assert multi_turn.with_answer(dataclasses.replace(record, verdict="reject"), "d") is None


# steps

reasoning = label_configs.load("reasoning_steps")
STEPPED = {**TASK, "steps": [{"text": "a"}, {"text": "b"}, {"text": "c"}]}


def steps(*verdicts: str | None, texts: str = "abc", **more: Any) -> tuple[Step, ...]:
    return tuple(Step(t, verdict=v, **more) for t, v in zip(texts, verdicts, strict=False))


@pytest.mark.parametrize(
    ("chain", "drafted"),
    [
        (steps("correct", "correct", "correct"), ("abc", [True, True, True])),
        (steps("correct", "wrong", "correct", texts="axc"), ("ab", [True, False])),
        (steps("correct", "doubtful", "wrong"), ("a", [True])),
        (steps("correct", None, "wrong"), ("a", [True])),
        (steps("doubtful", "correct", "wrong"), None),
        (steps("wrong"), ("a", [False])),
        ((Step("new", inserted=True), *steps("correct", "wrong")), ("ab", [True, False])),
        (steps("correct", "correct", dropped=True), ("ab", [True, True])),
        (steps("correct", "correct", "correct", "correct", texts="abcd"), ("abc", [True] * 3)),
    ],
)
def test_the_chain_as_drafted(chain: tuple[Step, ...], drafted: Any) -> None:
    """Up to and including the first wrong step, in the words that were judged."""
    found = reasoning.judged_steps(ReasoningSteps(chain, "No.", "reject"), STEPPED)
    assert found == ([] if drafted is None else [JudgedSteps(tuple(drafted[0]), tuple(drafted[1]))])


@pytest.mark.parametrize(
    ("chain", "corrected"),
    [
        (steps("correct", "wrong", "correct", texts="axc"), "axc"),
        (steps("correct", "correct", "correct"), None),
        (steps("correct", "correct", texts="ab"), None),
        ((*steps("correct", "correct"), Step("n", inserted=True)), "abn"),
        # a step that stands as drafted and was called doubtful or wrong ends the chain
        ((Step("n", inserted=True), *steps("correct", "doubtful", "correct")), "na"),
        ((Step("n", inserted=True), *steps("wrong", "correct")), "n"),
        (steps("doubtful", "correct", texts="xb"), "xb"),
        # what was dropped is no part of it
        ((*steps("correct"), Step("b", None, "wrong", dropped=True), *steps("", texts="c")), None),
    ],
)
def test_the_chain_as_corrected(chain: tuple[Step, ...], corrected: str | None) -> None:
    found = reasoning.judged_steps(ReasoningSteps(chain, "Yes.", "edit"), STEPPED)
    said = ["".join(each.steps) for each in found if all(each.labels)]
    drafted = reasoning.judged_steps(ReasoningSteps(chain, "Yes.", "reject"), STEPPED)
    assert [each for each in found if each not in drafted] == (
        [] if corrected is None else [JudgedSteps(tuple(corrected), (True,) * len(corrected))]
    )
    assert corrected is None or corrected in said


def test_reasoning_is_the_corrected_chain() -> None:
    chain = (*steps("correct", "doubtful"), Step(" n\n", inserted=True), Step("c", dropped=True))
    record = ReasoningSteps(chain, "Yes.", "edit")
    assert reasoning.reasoning(record, STEPPED) == "a\n\nb\n\nn"
    assert reasoning.reasoning(dataclasses.replace(record, verdict="reject"), STEPPED) is None
    left_wrong = ReasoningSteps(steps("correct", "wrong"), "Yes.", "edit")
    assert reasoning.reasoning(left_wrong, STEPPED) is None
    put_right = ReasoningSteps(steps("correct", "wrong", texts="ax"), "Yes.", "edit")
    assert reasoning.reasoning(put_right, STEPPED) == "a\n\nx"


def test_an_amended_answer_has_lost_its_chain_but_not_the_verdicts() -> None:
    record = ReasoningSteps(steps("correct", "wrong", texts="ax"), "Free.", "edit")
    amended = reasoning.with_answer(record, "GBP 5.")
    assert amended is not None
    assert reasoning.reasoning(amended, STEPPED) is None
    assert reasoning.judged_steps(amended, STEPPED) == [JudgedSteps(("a", "b"), (True, False))]
