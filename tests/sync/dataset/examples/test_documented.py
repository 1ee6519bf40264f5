"""The JSON of docs/examples.md is what is made."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import label_configs
from label_configs.chat_response import ChatResponse
from label_configs.reasoning_steps import ReasoningSteps
from label_configs.step_rows import Step
from sync.dataset.examples.category_question import question_of
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.settings.export import ExportSection
from sync.training_files.example import Conversation, PreferenceExample, Steps
from sync.training_files.formats import FORMATS
from tests.sync.builders import INTERFACE, record

PAGE = Path(__file__).parents[4] / "docs" / "examples.md"
TASK, CHAT, PREFERENCE, TOOL, STEPS, CATEGORIES = (
    json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.S)
)
EDITED = record(1, "It costs GBP 5.00.", verdict="edit", data=TASK)


def written(kind: Any, by: PromptLayout, name: str) -> Any:
    task = replace(EDITED, draft=ChatResponse("It is free."))
    (made,) = examples(kind, task, INTERFACE, by)
    return FORMATS[name].encode(made)


def test_a_conversation_and_a_preference() -> None:
    assert written(Conversation, PromptLayout(), "openai-chat") == CHAT
    assert written(PreferenceExample, PromptLayout(), "trl-preference") == PREFERENCE


def test_context_as_the_result_of_a_call() -> None:
    by = PromptLayout(ExportSection(context="tool"))
    assert written(Conversation, by, "openai-chat")["messages"] == TOOL


def test_steps() -> None:
    steps = [
        Step(text, verdict=v) for text, v in zip(STEPS["steps"], ["correct", "wrong"], strict=True)
    ]
    data = {"messages": STEPS["prompt"], "steps": [{"text": step} for step in STEPS["steps"]]}
    task = replace(EDITED, record=ReasoningSteps(tuple(steps), "You.", "reject"), data=data)
    interface = label_configs.load("reasoning_steps")
    (made,) = examples(Steps, task, interface, PromptLayout())
    assert isinstance(made, Steps)
    assert {"prompt": made.prompt, "steps": [*made.steps], "labels": [*made.labels]} == STEPS


def test_categories() -> None:
    dimensions = {"topic": ("fees", "cards"), "tone": ("calm", "cross")}
    interface = label_configs.load("reasoning_steps", dimensions=dimensions)
    by = PromptLayout(
        ExportSection(teach="categories"),
        question=question_of(interface, {"topic": "what it is about"}),
    )
    task = replace(EDITED, record=ReasoningSteps(), categories={"topic": "fees", "tone": "calm"})
    (made,) = examples(Conversation, task, interface, by)
    assert FORMATS["openai-chat"].encode(made) == CATEGORIES
