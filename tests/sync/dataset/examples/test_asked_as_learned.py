"""Drafts are asked for, letter by letter, with the prompt that a release teaches."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import label_configs
from drafting.project_settings import LLMSettings
from drafting.read_turns import offered_tools
from label_configs.source_reasoning import NAME as REASONING
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.settings.export import ExportSection
from sync.training_files.example import Completion, Judgement, PreferenceExample
from tests.label_configs.records import RECORDS, task_data
from tests.sync.builders import record

# what they teach answers the task's own turns; multi_turn teaches turns that an expert has edited
ANSWERS = ("chat_response", "reasoning_steps", "preference")
TURNS: list[dict[str, Any]] = [
    {"role": "system", "content": "Be kind."},
    {"role": "user", "content": "My card is lost.", "name": "Ann Smith"},
    {"role": "assistant", "content": "Is it frozen?", REASONING: "Ask first."},
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
more_data = st.fixed_dictionaries(
    {},
    optional={
        "tools": st.sampled_from([[], [TOOL]]),
        "messages": st.sampled_from([TURNS, TURNS[1:], TURNS[3:]]),
        "context": st.sampled_from([{}, {"tier": "Plus", "limit": 5}]),
        "documents": st.sampled_from([[], DOCUMENTS]),
    },
)


@pytest.mark.parametrize("name", ANSWERS)
@given(
    data=st.data(),
    section=sections,
    system=st.sampled_from(["", "Be kind.", "Be brief."]),
    more=more_data,
)
@settings(max_examples=30, deadline=None)
def test_a_prompt_of_a_release_is_the_one_of_a_draft(
    name: str, data: st.DataObject, section: ExportSection, system: str, more: dict[str, Any]
) -> None:
    interface = label_configs.load(name)
    own, draft = (data.draw(RECORDS[name]) for _ in range(2))
    own = interface.decode(interface.encode(own))
    task = {**task_data(interface, draft), **more}
    made = replace(record(), data=task, record=own, draft=draft)
    layout = PromptLayout(section, system)
    asked = section.plain_prompt(system).messages(interface, task)
    completions = list(examples(Completion, made, interface, layout))
    others = [
        e
        for kind in (PreferenceExample, Judgement)
        for e in examples(kind, made, interface, layout)
    ]
    taught = completions[-1:] + ([] if section.earlier_turns == "learn" else others)
    llm = LLMSettings(learnt=section.plain_prompt(system))
    told = offered_tools(interface, task, llm)
    for example in taught:
        assert [_sent(turn) for turn in example.prompt] == asked
        if llm.plain_prompt(interface) is not None:
            assert tuple(example.tools) == (told.schemas if told else ())


def _sent(turn: Any) -> dict[str, Any]:
    """A turn without the reasoning of an earlier one, which templates leave out."""
    return {name: value for name, value in turn.items() if name != REASONING}
