"""Drafts are asked for, letter by letter, with the prompt that a release teaches."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import label_configs
from drafting.plain_prompt import PlainPrompt
from drafting.project_settings import LLMSettings
from drafting.read_turns import offered_tools
from label_configs import Interface
from label_configs.multi_turn import TRAIN
from label_configs.source_reasoning import NAME as REASONING
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.settings.export import ExportSection
from sync.training_files.example import (
    Completion,
    ExampleKind,
    GradedPrompt,
    Judgement,
    PreferenceExample,
)
from sync.tuning.models.learnt_release import prompt_of
from tests.label_configs.records import EXAMPLES, RECORDS, task_data
from tests.sync.builders import record

KINDS: Sequence[ExampleKind] = (Completion, PreferenceExample, Judgement, GradedPrompt)
ANSWERS = ("chat_response", "reasoning_steps", "preference")
TURNS: list[dict[str, Any]] = [
    {"role": "system", "content": "Be kind."},
    {"role": "user", "content": "My card is lost.", "name": "Ann Smith"},
    {"role": "assistant", "content": "Is it frozen?", REASONING: "Ask first.", "weight": 0},
    {"role": "user", "content": [{"type": "text", "text": "Yes. What now?"}]},
]
DOCUMENTS = [{"title": "Fees", "text": "GBP 5.00"}]
TOOL = {
    "type": "function",
    "function": {"name": "fee_of", "parameters": {"type": "object", "properties": {}}},
}
sections = st.builds(
    ExportSection,
    context=st.sampled_from(["system", "user", "tool", "none"]),
    reasoning=st.sampled_from(["none", "think", "reasoning_content"]),
    earlier_turns=st.sampled_from(["context", "learn"]),
)
systems = st.sampled_from(["", "Be kind.", "Be brief."])
more_data = st.fixed_dictionaries(
    {},
    optional={
        "tools": st.sampled_from([[], [TOOL]]),
        "messages": st.sampled_from([TURNS, TURNS[1:], TURNS[3:]]),
        "context": st.sampled_from([{}, {"tier": "Plus", "limit": 5}]),
        "documents": st.sampled_from([[], DOCUMENTS]),
    },
)


def taught(
    interface: Interface[Any], section: ExportSection, system: str, kind: ExampleKind
) -> PlainPrompt:
    """The prompt that the manifest of such a release tells of."""
    export = section.model_dump(mode="json") | {"system_prompt": system}
    found = prompt_of({"interface": interface.name, "settings": {"export": export}}, kind)
    assert found is not None
    return found


def hold(
    interface: Interface[Any],
    made: Any,
    section: ExportSection,
    system: str,
    kinds: Sequence[ExampleKind] = KINDS,
) -> int:
    """Hold the last example of each kind against a draft of its task; returns how many."""
    layout, held = PromptLayout(section, system), 0
    for kind in kinds:
        prompt = taught(interface, section, system, kind)
        llm = LLMSettings(learnt=prompt)
        offered = offered_tools(interface, made.data, llm)
        for example in [*examples(kind, made, interface, layout)][-1:]:
            assert [_sent(turn) for turn in example.prompt] == prompt.messages(interface, made.data)
            if llm.plain_prompt(interface) is not None:
                assert tuple(example.tools) == (offered.schemas if offered else ())
            held += 1
    return held


@pytest.mark.parametrize("name", ANSWERS)
@given(section=sections, system=systems, more=more_data)
@settings(max_examples=40, deadline=None)
def test_a_prompt_of_a_release_is_the_one_of_a_draft(
    name: str, section: ExportSection, system: str, more: dict[str, Any]
) -> None:
    interface = label_configs.load(name)
    task = {**task_data(interface, EXAMPLES[name]), **more}
    made = replace(record(), data=task, record=EXAMPLES[name], draft=None)
    assert hold(interface, made, section, system)


@pytest.mark.parametrize("name", ANSWERS)
@given(data=st.data(), section=sections, system=systems, more=more_data)
@settings(max_examples=25, deadline=None)
def test_whatever_the_expert_says(
    name: str, data: st.DataObject, section: ExportSection, system: str, more: dict[str, Any]
) -> None:
    interface = label_configs.load(name)
    own, draft = (data.draw(RECORDS[name]) for _ in range(2))
    own = interface.decode(interface.encode(own))
    task = {**task_data(interface, draft), **more}
    hold(interface, replace(record(), data=task, record=own, draft=draft), section, system)


@given(section=sections, system=systems)
@settings(max_examples=40, deadline=None)
def test_a_conversation_whose_turns_are_all_learned(section: ExportSection, system: str) -> None:
    interface = label_configs.load("multi_turn")
    turns = [_sent(turn) for turn in TURNS[1:]]  # what leads to a learned turn is told in it
    task = {"messages": turns, "context": {"tier": "Plus"}, "documents": DOCUMENTS}
    drafted = interface.read_turn({"role": "assistant", "content": "It costs 5 pounds."}, task)
    all_learned = tuple(replace(turn, train=TRAIN) for turn in drafted.turns)
    own = replace(drafted, turns=all_learned, verdict="edit")
    made = replace(record(), data=task, record=own, draft=drafted)
    assert hold(interface, made, section, system, (Completion,))


def _sent(turn: Any) -> dict[str, Any]:
    """A turn without the reasoning of an earlier one, which templates leave out."""
    return {name: value for name, value in turn.items() if name != REASONING}
