"""From finished tasks to examples of every kind."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import label_configs
from label_configs import Interface
from label_configs.agent_steps import AgentSteps, JudgedStep
from label_configs.annotations.reviews import ReviewDecision
from label_configs.answer_turns import answer_text
from label_configs.chat_response import ChatResponse
from label_configs.content import spoken
from label_configs.multi_turn import LEAVE_OUT, MultiTurn, Turn
from label_configs.preference import PreferenceRecord
from label_configs.reasoning_steps import ReasoningSteps
from label_configs.step_rows import Step
from sync.dataset.examples.category_question import question_of
from sync.dataset.examples.from_record import MAKERS, examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.records import LabelledRecord
from sync.settings.export import ExportSection
from sync.training_files.example import (
    Completion,
    Conversation,
    Example,
    ExampleKind,
    GradedPrompt,
    Judgement,
    PreferenceExample,
    Steps,
)
from tests.label_configs.records import RECORDS, task_data
from tests.sync.builders import START, record
from tests.sync.dataset.examples.promises import hold

PLAIN = PromptLayout()
USER = {"role": "user", "content": "What does it cost?"}
REJECTED = ReviewDecision("reject", 2, 9, 90, START)


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text, **more}


def finished(own: Any, **changes: Any) -> LabelledRecord:
    data = changes.pop("data", {"messages": [USER]})
    return replace(record(1), **{"record": own, "data": data, **changes})


def made(
    kind: ExampleKind,
    task: LabelledRecord,
    interface: str = "chat_response",
    by: PromptLayout = PLAIN,
) -> list[Example]:
    return list(examples(kind, task, label_configs.load(interface), by))


# every interface


@st.composite
def layouts(draw: st.DrawFn, interface: Interface[Any]) -> PromptLayout:
    section = ExportSection(
        context=draw(st.sampled_from(["system", "user", "tool", "none"])),
        reasoning=draw(st.sampled_from(["none", "think", "reasoning_content"])),
        teach=draw(st.sampled_from(["answers", "categories", "both"])),
    )
    question = None if section.teach == "answers" else question_of(interface)
    return PromptLayout(section, draw(st.sampled_from(["", "Be kind."])), question=question)


CALLS = said("I look.", tool_calls=[{"id": "c", "function": {"name": "fee", "arguments": {}}}])
BEFORE = st.sampled_from(
    [
        [],
        [{"role": "system", "content": "Be brief.", "time": "12:00"}],
        [said("Good morning!")],
        [USER, CALLS, {"role": "tool", "content": "5", "tool_call_id": "c"}],
    ]
)
MATERIAL: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"context": {"tier": "Plus"}}, {"documents": [{"title": "Fees", "text": "GBP 5"}]}]
)


@pytest.mark.parametrize("name", label_configs.INTERFACES)
@given(data=st.data())
@settings(max_examples=50)
def test_every_record_makes_examples_that_hold_what_is_promised(
    name: str, data: st.DataObject
) -> None:
    interface = label_configs.load(name)
    own, draft = (data.draw(RECORDS[name]) for _ in range(2))
    own = interface.decode(interface.encode(own))
    task = {**task_data(interface, draft), **data.draw(MATERIAL)}
    task["messages"] = [*data.draw(BEFORE), *task["messages"]]
    made_of = finished(
        own,
        data=task,
        draft=data.draw(st.sampled_from([draft, None])),
        review=data.draw(st.sampled_from([None, REJECTED])),
    )
    before = repr(task)
    layout = data.draw(layouts(interface))
    for kind in MAKERS:
        for example in examples(kind, made_of, interface, layout):
            assert isinstance(example, kind)
            hold(example)
    assert repr(task) == before, "the task's data stays as it is"


# each kind


def test_an_edited_answer() -> None:
    task = finished(ChatResponse("GBP 5.", verdict="edit"), draft=ChatResponse("It is free."))
    assert made(Conversation, task) == [Conversation([USER, said("GBP 5.")])]
    assert made(Completion, task) == [Completion([USER], said("GBP 5."))]
    assert made(PreferenceExample, task) == [PreferenceExample([USER], "GBP 5.", "It is free.")]
    assert made(Judgement, task) == [Judgement([USER], "GBP 5.", True)]
    assert made(GradedPrompt, task) == [GradedPrompt([USER], "GBP 5.")]
    assert made(Steps, task) == []


def test_a_rejected_answer() -> None:
    task = finished(ChatResponse("Free.", verdict="reject"), draft=ChatResponse("Free."))
    assert made(Judgement, task) == [Judgement([USER], "Free.", False)]
    assert all(made(kind, task) == [] for kind in MAKERS if kind is not Judgement)


def test_a_preference() -> None:
    data = {"messages": [USER], "pair": {"left": {"text": "L"}, "right": {"text": "R"}}}
    task = finished(PreferenceRecord(preference="left better"), data=data)
    assert made(PreferenceExample, task, "preference") == [PreferenceExample([USER], "L", "R")]
    assert made(Judgement, task, "preference") == [
        Judgement([USER], "L", True),
        Judgement([USER], "R", False),
    ]


TALK = [USER, said("Free."), {"role": "user", "content": "And abroad?"}, said("Free.")]


def test_every_turn_that_is_learnt() -> None:
    own = MultiTurn((Turn("GBP 5."), Turn("GBP 7.")))
    data = {"messages": TALK, "context": {"tier": "Plus"}}
    task = finished(own, data=data)
    system = {"role": "system", "content": "Context:\n- tier: Plus"}
    whole = [system, USER, said("GBP 5."), TALK[2], said("GBP 7.")]
    assert made(Conversation, task, "multi_turn") == [Conversation(whole)]
    assert made(Completion, task, "multi_turn") == [
        Completion(whole[:2], whole[2]),
        Completion(whole[:4], whole[4]),
    ]
    assert made(GradedPrompt, task, "multi_turn") == [
        GradedPrompt(whole[:2], "GBP 5."),
        GradedPrompt(whole[:4], "GBP 7."),
    ]
    assert made(PreferenceExample, task, "multi_turn") == [
        PreferenceExample(whole[:2], "GBP 5.", "Free."),
        PreferenceExample(whole[:4], "GBP 7.", "Free."),
    ]


def test_a_turn_that_was_left_out_keeps_weight_0() -> None:
    task = finished(
        MultiTurn((Turn("GBP 5.", train=LEAVE_OUT), Turn("GBP 7."))), data={"messages": TALK}
    )
    whole = [USER, said("GBP 5.", weight=0), TALK[2], said("GBP 7.")]
    assert made(Conversation, task, "multi_turn") == [Conversation(whole)]
    (only,) = made(Completion, task, "multi_turn")
    assert only == Completion([USER, said("GBP 5."), TALK[2]], said("GBP 7."))


def test_a_greeting_answers_nobody() -> None:
    data = {"messages": [said("Hello!"), *TALK[:2]]}
    task = finished(MultiTurn((Turn("Good day!"), Turn("GBP 5."))), data=data)
    assert len(made(Conversation, task, "multi_turn")) == 1
    for kind in (Completion, PreferenceExample, Judgement, GradedPrompt):
        (only,) = made(kind, task, "multi_turn")
        assert getattr(only, "prompt", None) == [said("Good day!"), USER]


STEPPED = {"messages": [USER], "steps": [{"text": "a"}, {"text": "b"}]}
CHAIN = ReasoningSteps((Step("a", verdict="correct"), Step("x", verdict="wrong")), "GBP 5.", "edit")


def test_judged_steps() -> None:
    assert made(Steps, finished(CHAIN, data=STEPPED), "reasoning_steps") == [
        Steps([USER], ("a", "b"), (True, False)),
        Steps([USER], ("a", "x"), (True, True)),
    ]


@pytest.mark.parametrize(
    ("reasoning", "answer"),
    [
        ("none", said("GBP 5.")),
        ("think", said("<think>\na\n\nx\n</think>\n\nGBP 5.")),
        ("reasoning_content", said("GBP 5.", reasoning_content="a\n\nx")),
    ],
)
def test_reasoning_before_the_answer(reasoning: Any, answer: Any) -> None:
    by = PromptLayout(ExportSection(reasoning=reasoning))
    task = finished(CHAIN, data=STEPPED)
    assert made(Conversation, task, "reasoning_steps", by) == [Conversation([USER, answer])]
    assert made(Completion, task, "reasoning_steps", by) == [Completion([USER], answer)]
    assert made(GradedPrompt, task, "reasoning_steps", by) == [GradedPrompt([USER], "GBP 5.")]
    without = finished(replace(CHAIN, steps=()), data=STEPPED)
    assert made(Conversation, without, "reasoning_steps", by) == [
        Conversation([USER, said("GBP 5.")])
    ]


# trajectories


def test_a_judged_trajectory() -> None:
    """Its way to the error with the better action, that over the error, and rewards of steps."""
    data = label_configs.load("agent_steps").example
    block = 'The debit card.\nblock_card({"card": "4021"})'
    own = AgentSteps((JudgedStep(), JudgedStep("wrong", block)), success="no")
    task = finished(own, data=data)
    _, user, looks, cards, *_ = data["messages"]
    (conversation,) = made(Conversation, task, "agent_steps")
    (pair,) = made(PreferenceExample, task, "agent_steps")
    assert isinstance(conversation, Conversation)
    assert isinstance(pair, PreferenceExample)
    *before, better = conversation.messages
    assert [turn["content"] for turn in before[1:]] == [
        user["content"],
        looks["content"],
        cards["content"],
    ]
    assert better["content"] == "The debit card."
    assert better["tool_calls"][0]["function"]["arguments"] == '{"card": "4021"}'
    assert [tool["function"]["name"] for tool in conversation.tools] == ["list_cards", "block_card"]
    assert list(pair.prompt) == before
    assert answer_text(pair.chosen) == block
    assert answer_text(pair.rejected) == 'I block it.\nblock_card({"card": "7719"})'
    drafted, corrected = made(Steps, task, "agent_steps")
    assert isinstance(drafted, Steps)
    assert isinstance(corrected, Steps)
    assert (drafted.labels, corrected.labels) == ((True, False), (True, True))
    assert [message["role"] for message in drafted.prompt] == ["system", "user"]
    learnt = [example.completion for example in made(Completion, task, "agent_steps")]
    assert [spoken(turn) for turn in learnt] == [spoken(looks), block]
    assert [judged.label for judged in made(Judgement, task, "agent_steps")] == [True, True, False]


# reviews


def test_what_a_reviewer_rejected_is_a_bad_answer_and_nothing_else() -> None:
    own = ChatResponse("GBP 5.", verdict="rewrite")
    task = finished(own, draft=ChatResponse("It is free."), review=REJECTED)
    assert made(Judgement, task) == [
        Judgement([USER], "GBP 5.", False),
        Judgement([USER], "It is free.", False),
    ]
    assert all(made(kind, task) == [] for kind in MAKERS if kind is not Judgement)
    # of several turns the reviewer saw the last
    talk = finished(
        MultiTurn((Turn("GBP 5."), Turn("GBP 7."))), data={"messages": TALK}, review=REJECTED
    )
    assert made(Judgement, talk, "multi_turn") == [
        Judgement([USER, said("GBP 5."), TALK[2]], "GBP 7.", False)
    ]


def test_every_kind_has_a_maker() -> None:
    assert set(MAKERS) == {
        Conversation,
        Completion,
        PreferenceExample,
        Judgement,
        Steps,
        GradedPrompt,
    }
