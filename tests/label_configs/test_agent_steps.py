"""`agent_steps`: rows of a trajectory, its first error, and what is learnt of it."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from label_configs import LabelConfigError, items, trajectory_rows
from label_configs.agent_steps import AgentSteps, JudgedStep
from label_configs.answer_turns import answer_text
from label_configs.content import spoken
from label_configs.lessons import JudgedSteps
from label_configs.trajectory import steps_of
from label_configs.validation import check_results
from tests.label_configs.strategies.agent_steps import BOOK, EXAMPLE, RECORDS, TASK, called

interface = label_configs.load("agent_steps")
MESSAGES = TASK["messages"]
STEPS = [1, 3, 6, 8, 9, 11]  # the places of the assistant's turns
USER = {"role": "user", "content": "Book the third."}
CORRECT, WRONG, WASTEFUL, OPEN = map(JudgedStep, ("correct", "wrong", "wasteful", None))
BETTER = JudgedStep("wrong", 'The fourth is free.\nbook({"day": 4})')


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text, **more}


def judged(*steps: JudgedStep, success: str | None = "no") -> AgentSteps:
    return AgentSteps(tuple(steps), success)


def learnt(record: AgentSteps, data: Any = TASK) -> list[str]:
    """What training learns, turn by turn."""
    turns = interface.training_turns(record, data) or []
    return [spoken(turn) for turn in turns if turn.get("weight")]


# trajectories


def test_a_step_is_a_turn_with_all_that_follows_it() -> None:
    steps = steps_of(TASK)
    assert [step.at for step in steps] == STEPS
    assert [len(step.results) for step in steps] == [1, 2, 0, 0, 1, 0]
    assert [len(step.replies) for step in steps] == [0, 0, 1, 0, 0, 0]
    assert interface.prompt_messages(TASK) == [USER]
    assert steps_of({"messages": [USER]}) == []


@pytest.mark.parametrize("end", range(2, len(MESSAGES) + 1))
def test_a_trajectory_may_end_anywhere(end: int) -> None:
    data = {"messages": MESSAGES[:end], "tools": [BOOK]}
    interface.check_task(data)
    completed = interface.complete_task(data)
    interface.check_task(completed)
    assert len(completed["step_choices"]) == 3 * len(steps_of(data))
    draft = interface.own_draft(completed)
    assert draft is not None
    assert draft.outcome
    check_results(interface.config, completed, interface.encode(draft))


@pytest.mark.parametrize(
    ("messages", "wrong"),
    [
        ([USER], "no message is the assistant's, .* use the interface chat_response"),
        ([said("Hello!")], "no message is the user's, .* add the task that it was given"),
        ([USER, *[said("a")] * 1001], "1,001 turns .* at most 1,000 steps; divide"),
    ],
)
def test_refused_trajectories(messages: list[Any], wrong: str) -> None:
    with pytest.raises(LabelConfigError, match=f"^a.jsonl, line 7: {wrong}"):
        interface.check_task({"messages": messages}, "a.jsonl, line 7")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ({"success": "maybe"}, "'success' must be true or false, a number from 0 to 1, or one of"),
        ({"success": 7}, "'success' must be"),
        ({"success": []}, "'success' must be"),
        ({"outcome": 3}, "'outcome' must be text, found int"),
    ],
)
def test_an_end_that_can_t_be_read(field: dict[str, Any], wrong: str) -> None:
    with pytest.raises(LabelConfigError, match=f"^task: {wrong}"):
        interface.check_task({**TASK, **field})


# rows


def test_a_step_in_one_line() -> None:
    assert [trajectory_rows.line(step) for step in steps_of(TASK)] == [
        ("I look. · book(day=3)", "→ full"),
        ("book(day=3) · book(day=3)", "→ 2 results; nothing"),
        ("It is full. Another day?", ""),
        ("Fine.", ""),
        ("book(day=4)", "→ booked"),
        ("Booked.", ""),
    ]


def test_long_arguments_and_results_are_cut() -> None:
    long = "x" * 500
    turn = said("", tool_calls=[called(1, f'{{"day": "{long}"}}'), called(2, "no JSON")])
    result = {"role": "tool", "tool_call_id": "c1", "content": long}
    (step,) = steps_of({"messages": [turn, result]})
    did, got = trajectory_rows.line(step)
    assert did.startswith('book(day="xxxx')
    assert "book(no JSON)" in did
    assert len(did) + len(got) < 150


def test_nothing_in_a_step_is_markup() -> None:
    evil = "<img src=x onerror=alert(1)>"
    call = {"id": "1", "type": "function", "function": {"name": evil, "arguments": f'"{evil}"'}}
    messages = [USER, said(evil, tool_calls=[call]), {"role": "tool", "content": evil}]
    data = interface.complete_task({"messages": [*messages, {"role": "user", "content": evil}]})
    worst, *_, row = data["step_choices"]
    assert "<img" not in row["html"]
    assert row["html"].count("&lt;img") >= 4
    assert worst == {
        "value": "1 wrong",
        "html": '<span class="lt-mark">wrong</span>',
        "hotkey": "\ue000",
    }


def test_a_key_of_its_own_for_each_choice() -> None:
    longest = {"messages": [USER, *[said("a")] * 1000]}
    choices = trajectory_rows.choices(longest)
    assert choices[-1]["value"] == "1000 correct"
    keys = {choice["hotkey"] for choice in choices}
    assert len(keys) == len(choices) == 3000
    assert all("\ue000" <= key <= "\uf8ff" for key in keys), "no key of any keyboard"


def test_the_task_is_on_the_left_and_the_rest_in_rows() -> None:
    data = interface.complete_task(TASK)
    assert "Book the third." in data["conversation_html"]
    assert "I look." not in data["conversation_html"]
    assert "The fourth, then." in data["step_choices"][8]["html"]
    assert interface.complete_task(data) == data


# result items, of today's page and of before


def test_all_steps_are_in_two_items() -> None:
    first, better, *_ = interface.encode(EXAMPLE)
    assert first["value"] == {"choices": ["1 correct", "2 wasteful", "3 wrong", "5 wrong"]}
    assert better["value"]["text"] == ["2: That day is known.", '3: I book it.\nbook({"day": 3})']


def of_before(record: AgentSteps) -> list[dict[str, Any]]:
    """The items that an older page saved: a control a step."""
    built = []
    for at, step in enumerate(record.steps):
        if step.verdict is not None:
            built.append(items.choices(f"judged_{at}", "conversation", step.verdict))
        if step.better:
            built.append(items.textarea(f"better_{at}", "conversation", step.better))
    return built + interface.encode(dataclasses.replace(record, steps=()))


@given(record=RECORDS)
def test_annotations_of_an_older_page_are_read_as_ever(record: AgentSteps) -> None:
    assert interface.decode(of_before(record)) == record


def test_tasks_of_an_older_page_keep_their_rows() -> None:
    old = {**interface.complete_task(TASK), "step_choices": [], "steps": [{"html": "a"}] * 6}
    again = interface.complete_task(old)
    assert (again["steps"], again["step_choices"]) == (old["steps"], [])
    check_results(interface.config, again, of_before(EXAMPLE))


@pytest.mark.parametrize("steps", [6, [], ["a"], [{"html": "a", "more": 1}]])
def test_a_field_of_that_name_of_the_source_is_no_rows(steps: Any) -> None:
    completed = interface.complete_task({**TASK, "steps": steps})
    assert len(completed["step_choices"]) == 18
    assert "steps" not in completed


def decoded(choices: list[str], texts: list[str]) -> AgentSteps:
    chosen = items.choices("judged", "conversation", *choices)
    return interface.decode([chosen, items.textarea("better", "conversation", *texts)])


@pytest.mark.parametrize(
    ("choices", "texts", "steps", "unplaced"),
    [
        # of several verdicts the worst counts
        (["1 wrong", "1 correct"], [], [WRONG], []),
        (["1 correct", "1 wasteful"], [], [WASTEFUL], []),
        # one marked step needs no number
        (["2 wrong"], ["No."], [OPEN, JudgedStep("wrong", "No.")], []),
        (["1 correct", "2 wasteful"], ["No."], [CORRECT, JudgedStep("wasteful", "No.")], []),
        (["1 wrong"], ["a", " ", "b"], [JudgedStep("wrong", "a\n\nb")], []),
        # of several, none is guessed
        (["1 wasteful", "2 wrong"], ["No."], [WASTEFUL, WRONG], ["No."]),
        (["1 wrong"], ["1: a", "b"], [JudgedStep("wrong", "a")], ["b"]),
        (["1 correct"], ["No."], [CORRECT], ["No."]),
        ([], ["2: a", "2:b", " 2 : c"], [OPEN, JudgedStep(None, "a\n\nb\n\nc")], []),
        # a number that is none of a step's
        (["1 wrong"], ["0: a"], [JudgedStep("wrong", "0: a")], []),
        (["1 wrong"], ["At 12: a"], [JudgedStep("wrong", "At 12: a")], []),
    ],
)
def test_what_a_better_action_is_of(
    choices: list[str], texts: list[str], steps: list[JudgedStep], unplaced: list[str]
) -> None:
    record = decoded(choices, texts)
    assert (list(record.steps), list(record.unplaced)) == (steps, unplaced)
    assert all(text in interface.written(record) for text in unplaced)
    told = interface.missing(dataclasses.replace(record, success="no"), TASK)
    assert (told is not None and told.startswith("a better action names no step")) == bool(unplaced)


@pytest.mark.parametrize("choice", ["wrong", "0 wrong", "12 bad", "12345 wrong"])
def test_a_choice_that_is_no_verdict_of_a_step(choice: str) -> None:
    with pytest.raises(LabelConfigError, match=r"'judged': value.choices can't be read"):
        decoded([choice], [])


def test_a_better_action_that_nobody_asked_for_is_doubted() -> None:
    record = decoded(["1 wrong", "2 correct"], ["1: a", "2: b", "40: c"])
    assert interface.call_doubts(record, TASK) == [
        "better action of step 2: the step is neither wrong nor wasteful",
        "better action of step 40: the step is neither wrong nor wasteful",
    ]
    assert interface.missing(dataclasses.replace(record, success="no"), TASK) is None


def test_annotators_are_compared_step_by_step_whichever_page_they_had() -> None:
    verdicts = {"judged_0": "correct", "judged_1": "wasteful", "judged_2": "wrong"}
    old = interface.complete_task({**TASK, "steps": [{"html": "a"}] * 6})
    for results, data in (
        (interface.encode(EXAMPLE), interface.complete_task(TASK)),
        (of_before(EXAMPLE), old),
    ):
        given = interface.given_values(results, data)
        assert {name: each.value for name, each in given.items()} == {
            **verdicts,
            "judged_4": "wrong",
            "success": "partly",
        }
        assert {each.control for each in given.values()} == {"judged_{{idx}}", "success"}


# drafts: no model is asked


@pytest.mark.parametrize(
    ("told", "word", "score"),
    [
        (None, None, 0.5),
        (True, "yes", 1.0),
        (False, "no", 0.0),
        (0.25, "partly", 0.25),
        ("Yes", "yes", 1.0),
        ("partly", "partly", 0.5),
    ],
)
def test_the_source_says_how_it_ended(told: Any, word: str | None, score: float) -> None:
    data = {**TASK, "success": told, "outcome": " Another day. "}
    interface.check_task(data)
    assert interface.own_draft(data) == AgentSteps(success=word, outcome="Another day.")
    assert interface.own_score(data) == score


def test_else_the_outcome_is_what_happened_last() -> None:
    assert interface.own_draft(TASK) == AgentSteps(outcome="Booked.")
    cut = {"messages": MESSAGES[:-1]}
    assert interface.own_draft(cut) == AgentSteps(outcome="booked")


def test_what_the_source_says_shapes_the_draft() -> None:
    assert interface.inputs({**TASK, "success": True}) != interface.inputs(TASK)
    assert interface.inputs({**TASK, "outcome": "a"}) != interface.inputs(TASK)


# which steps count as correct


@pytest.mark.parametrize(
    ("record", "weights"),
    [
        # up to the first error, unmarked steps count as correct
        (judged(OPEN, OPEN, WRONG), [1, 1]),
        (judged(OPEN, WASTEFUL, OPEN, WRONG, CORRECT), [1, 0, 1]),
        (judged(WRONG), None),
        (judged(WASTEFUL, WRONG), None),
        # without an error, all do where it succeeded, and none where it did not
        (judged(success="yes"), [1] * 6),
        (judged(OPEN, WASTEFUL, success="yes"), [1, 0, 1, 1, 1, 1]),
        (judged(OPEN, CORRECT, success="partly"), [0, 1]),
        (judged(CORRECT, CORRECT, success="no"), [1, 1]),
        (judged(success="no"), None),
        # nobody came to an end
        (judged(OPEN, CORRECT, OPEN, WRONG, success=None), [0, 1]),
        (judged(success=None), None),
        # more verdicts than steps, as where somebody has shortened the task since
        (judged(*[OPEN] * 7, WRONG, success="yes"), [1] * 6),
    ],
)
def test_what_is_learnt(record: AgentSteps, weights: list[int] | None) -> None:
    turns = interface.training_turns(record, TASK)
    found = turns and [turn["weight"] for turn in turns if turn["role"] == "assistant"]
    assert found == weights
    if turns is not None:
        places = STEPS[: len(weights or [])]
        assert len(turns) == places[-1] + 1
        assert [{**turn, "weight": 0} for turn in turns] == [
            {**message, "weight": 0} for message in MESSAGES[: len(turns)]
        ]


def test_the_better_action_ends_what_is_learnt() -> None:
    record = judged(OPEN, WASTEFUL, BETTER, CORRECT)
    turns = interface.training_turns(record, TASK)
    assert turns is not None
    assert turns[:6] == [
        USER,
        {**MESSAGES[1], "weight": 1},
        MESSAGES[2],
        {**MESSAGES[3], "weight": 0},
        *MESSAGES[4:6],
    ]
    (call,) = turns[6]["tool_calls"]
    assert call["function"] == {"name": "book", "arguments": '{"day": 4}'}
    assert call["id"] not in ("c1", "c2", "c3")
    assert turns[6] == said("The fourth is free.", tool_calls=[call], weight=1)
    assert interface.accepted_answer(record, TASK) == BETTER.better
    assert interface.draft_verdict(record, TASK) is None


def test_an_action_that_can_t_be_used_is_a_finding_and_not_learnt() -> None:
    broken = JudgedStep("wrong", "book({'day': 4})")
    unknown = JudgedStep("wrong", 'cancel({"day": 4})')
    typed = JudgedStep("wasteful", 'book({"day": "4"})')
    for step, said_ in (
        (broken, "call of book has arguments that are no JSON object"),
        (unknown, "call 1 (cancel) calls a tool that is not declared (there are book)"),
        (typed, 'call 1 (book) day: expected integer, found string "4"'),
    ):
        record = judged(OPEN, step)
        assert interface.call_faults(record, TASK) == [f"better action of step 2: {said_}"]
        assert interface.missing(record, TASK) == f"better action of step 2: {said_}"
        assert interface.preference_pairs(record, TASK, None) == []
        assert learnt(record) in (['I look.\nbook({"day": 3})'], [])
    # of a step that is right, nobody asked for one
    assert interface.missing(judged(JudgedStep("correct", "cancel({})")), TASK) is None


def test_what_an_annotation_lacks() -> None:
    assert interface.missing(AgentSteps(), TASK) == "nobody said whether it succeeded"
    assert interface.missing(judged(WRONG), TASK) is None
    assert interface.draft_verdict(judged(WRONG), TASK) == "reject"


# better and worse


def test_each_better_action_is_preferred_to_the_step_as_it_was() -> None:
    record = judged(
        OPEN, JudgedStep("wasteful", "I know that."), BETTER, JudgedStep("wrong", "No.")
    )
    slight, error, later = interface.preference_pairs(record, TASK, None)
    assert (slight.chosen, slight.slight, slight.prompt) == ("I know that.", True, MESSAGES[:3])
    assert slight.rejected == [MESSAGES[3]]
    assert answer_text(error.chosen) == BETTER.better
    assert (error.rejected, error.slight, error.prompt) == (
        "It is full. Another day?",
        False,
        MESSAGES[:6],
    )
    # its reasoning is part of what was rejected
    assert (later.chosen, later.rejected) == ("No.", [MESSAGES[8]])


def test_learnt_turns_are_good_and_wrong_ones_bad() -> None:
    record = judged(OPEN, WASTEFUL, BETTER, CORRECT, WRONG)
    found = [
        (answer_text(a.answer), a.good, a.prompt)
        for a in interface.judged_answers(record, TASK, None)
    ]
    assert found == [
        ('I look.\nbook({"day": 3})', True, MESSAGES[:1]),
        (BETTER.better, True, MESSAGES[:6]),
        ("It is full. Another day?", False, MESSAGES[:6]),
        ('book({"day": 4})', False, MESSAGES[:9]),
    ]


# rewards of steps


def test_steps_are_rewarded_up_to_the_first_error() -> None:
    first = 'I look.\nbook({"day": 3})'
    second = 'Tool: full\n\nbook({"day": 3})\nbook({"day": 3})'
    third = 'Tool: ["a", "b"]\n\nIt is full. Another day?'
    assert interface.judged_steps(judged(OPEN, OPEN, WRONG, CORRECT), TASK) == [
        JudgedSteps((first, second, third), (True, True, False))
    ]
    put_right = 'Tool: ["a", "b"]\n\n' + BETTER.better
    assert interface.judged_steps(judged(OPEN, OPEN, BETTER), TASK) == [
        JudgedSteps((first, second, third), (True, True, False)),
        JudgedSteps((first, second, put_right), (True, True, True)),
    ]


def test_a_wasteful_step_is_neither_right_nor_wrong() -> None:
    (chain,) = interface.judged_steps(judged(OPEN, WASTEFUL, WRONG), TASK)
    assert chain.labels == (True, False)
    assert chain.steps[1] == (
        'Tool: full\n\nAssistant: book({"day": 3})\nbook({"day": 3})\n\nTool: ["a", "b"]\n\n'
        "It is full. Another day?"
    )


def test_a_step_of_which_nothing_is_said_ends_the_chain() -> None:
    record = judged(CORRECT, OPEN, CORRECT, success="partly")
    (chain,) = interface.judged_steps(record, TASK)
    assert chain.labels == (True,)
    (whole,) = interface.judged_steps(judged(success="yes"), TASK)
    assert whole.labels == (True,) * 6
    assert whole.steps[3] == "User: The fourth, then.\n\nFine."


# all of it, whatever was said


@given(record=RECORDS, end=st.integers(1, len(MESSAGES)))
def test_nothing_after_the_first_error_is_learnt(record: AgentSteps, end: int) -> None:
    data = {**TASK, "messages": MESSAGES[:end]}
    before = repr(data)
    turns = interface.training_turns(record, data)
    steps = steps_of(data)
    error = record.first_error if record.first_error in range(len(steps)) else None
    if turns is not None:
        assert turns[-1]["weight"] == 1
        most = len(data["messages"]) if error is None else steps[error].at + 1
        assert len(turns) <= most
    texts = learnt(record, data)
    assert interface.accepted_answer(record, data) == (texts[-1].strip() if texts else None)
    assert all(text.strip() for text in texts)
    for chain in interface.judged_steps(record, data):
        assert all(chain.labels[:-1])
    assert repr(data) == before


@given(record=RECORDS)
def test_the_page_shows_every_item(record: AgentSteps) -> None:
    check_results(interface.config, interface.complete_task(TASK), interface.encode(record))


def test_the_first_error() -> None:
    assert EXAMPLE.first_error == 2
    assert AgentSteps().first_error is None
    assert interface.with_answer(AgentSteps(), "No.") is None
    amended = interface.with_answer(EXAMPLE, "No.")
    assert amended == dataclasses.replace(
        EXAMPLE, steps=(*EXAMPLE.steps[:2], JudgedStep("wrong", "No."), *EXAMPLE.steps[3:])
    )
