"""From a source through the page to each format and back: nothing is lost that it can hold."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import label_configs
from drafting.clean_turns import clean
from label_configs.answer_turns import answer_turns, same_answer
from label_configs.task_tools import tools_of
from label_configs.validation import check_results
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.intake.sources.last_assistant import rule_for
from sync.intake.sources.row import Row
from sync.intake.sources.row_to_task import task_of
from sync.records import LabelledRecord
from sync.settings.export import ExportSection
from sync.settings.sources import SourcesSection
from sync.training_files.example import (
    Completion,
    Conversation,
    Judgement,
    PreferenceExample,
)
from sync.training_files.formats import FORMATS, Unsuitable
from sync.training_files.formats.two_sides import vouched
from tests.sync.builders import record
from tests.sync.dataset.round_trip.conversations import (
    NAMES,
    TOOLS,
    arguments,
    calling,
    conversations,
    words,
)
from tests.sync.dataset.round_trip.held import HOLDS, can_hold, read_back, rows_of, said
from tests.sync.dataset.round_trip.sources import SOURCES, chat

WHOLE = ("openai-chat", "trl-language-modeling", "sharegpt", "gemini", "bedrock-conversation")
TURNS = ("trl-prompt-completion", "alpaca")


def through(
    name: str, messages: list[Any], form: Callable[..., Any] = chat
) -> tuple[LabelledRecord, Any]:
    """A conversation as a source's row, a task, a page that an expert accepts, and a record."""
    interface = label_configs.load(name)
    tools = TOOLS if any("tool_calls" in message for message in messages) else []
    values = json.loads(json.dumps({"id": "one", **form(messages, tools)}))
    rule = rule_for("draft", interface)
    _, task = task_of(Row("a.jsonl, line 1", values), SourcesSection(), rule, Path("/"))
    interface.check_task(task.data)
    data = interface.complete_task(task.data)
    draft = interface.own_draft(data)
    data |= interface.task_patch(draft)
    items = json.loads(json.dumps(interface.encode(replace(draft, verdict="accept"))))
    check_results(interface.config, data, items)
    own = interface.decode(items)
    assert interface.missing(own, data) is None
    return replace(record(), data=data, record=own, draft=draft), interface


def ends(name: str) -> st.SearchStrategy[list[Any]]:
    return conversations(ends_with_a_call=label_configs.load(name).takes_calls)


def layout(reasoning: Any = "reasoning_content") -> PromptLayout:
    return PromptLayout(ExportSection(reasoning=reasoning, earlier_turns="learn"))


@pytest.mark.parametrize("name", ["chat_response", "multi_turn"])
@given(st.data())
@settings(max_examples=30)
def test_a_conversation_comes_through_the_page_whole(name: str, data: st.DataObject) -> None:
    messages = data.draw(ends(name))
    form, holds = data.draw(st.sampled_from(SOURCES))
    task, interface = through(name, messages, form)
    kept = task.data["messages"]
    if form is chat:
        assert kept == messages[: len(kept)], "what no page shows is carried through"
    (made,) = examples(Conversation, task, interface, layout())
    assert isinstance(made, Conversation)
    bare = [{key: m[key] for key in m if key != "weight"} for m in made.messages]
    assert said(bare, holds) == said(messages, holds)
    assert list(made.tools) == list(tools_of(task.data))
    assert [tool["function"]["name"] for tool in made.tools] in ([], list(NAMES))
    for message, turn in zip(made.messages, clean(messages), strict=True):
        told = turn.keys() - ({"weight"} if form is chat else {"weight", "name"})
        assert message.keys() - {"reasoning_content", "weight"} == told


@pytest.mark.parametrize("name", ["chat_response", "multi_turn"])
@given(st.data())
@settings(max_examples=30)
def test_each_format_holds_what_it_can(name: str, data: st.DataObject) -> None:
    task, interface = through(name, data.draw(ends(name)))
    by = layout(data.draw(st.sampled_from(["none", "reasoning_content", "think"])))
    for made in examples(Conversation, task, interface, by):
        for form in WHOLE:
            _compare(form, made)
    for turn in examples(Completion, task, interface, by):
        for form in TURNS:
            _compare(form, turn)


@given(st.data())
@settings(max_examples=30)
def test_pairs_and_judgements_hold_what_they_can(data: st.DataObject) -> None:
    *prompt, _ = clean(data.draw(conversations()))
    good, bad = (data.draw(words | calling("good", "").map(lambda turn: [turn])) for _ in range(2))
    assume(not same_answer(good, bad))
    good, bad = (a if isinstance(a, str) else clean(a) for a in (good, bad))
    for form in ("openai-preference", "trl-preference", "sharegpt-preference"):
        _compare(form, PreferenceExample(prompt, good, bad, TOOLS))
    for form in ("trl-unpaired-preference", "sharegpt-kto"):
        _compare(form, Judgement(prompt, good, label=True, tools=TOOLS))


@given(st.data())
@settings(max_examples=15)
def test_a_corrected_call_stands_over_the_drafted_one(data: st.DataObject) -> None:
    messages = data.draw(conversations(ends_with_a_call=True))
    task, interface = through("chat_response", messages)
    assume(task.record.calls)
    wrong, *others = task.record.calls
    right = replace(wrong, arguments=data.draw(arguments))
    assume(json.loads(right.arguments) != json.loads(wrong.arguments))
    corrected = replace(task.record, calls=(right, *others), verdict="edit")
    own = interface.decode(interface.encode(corrected))
    edited = replace(task, record=own)
    (pair,) = examples(PreferenceExample, edited, interface, layout())
    for answer, call in ((pair.chosen, right), (pair.rejected, wrong)):
        (turn,) = answer
        held = turn["tool_calls"][0]
        assert held["id"]
        assert json.loads(held["function"]["arguments"]) == json.loads(call.arguments)
    for form in ("openai-preference", "trl-preference", "sharegpt-preference"):
        _compare(form, pair)
    (whole,) = examples(Conversation, edited, interface, layout())
    for form in WHOLE:
        _compare(form, whole)


def _compare(name: str, example: Any) -> None:
    """Write an example where the format can say it, and read it back."""
    form, holds, before = FORMATS[name], HOLDS[name], repr(example)
    conversations = _conversations(example)
    if not all(can_hold(name, messages, example.tools) for messages in conversations):
        with pytest.raises(Unsuitable):
            form.encode(example)
        return
    line = form.encode(example)
    assert repr(example) == before, "an example stays as it is"
    assert [fault for fault in form.check(line) if fault.severity == "error"] == []
    for wanted, row in rows_of(name, example, line):
        messages, tools = read_back(row)
        held = wanted if "weights" in holds else vouched(wanted)
        assert said(messages, holds) == said(held, holds)
        assert tools == list(example.tools)


def _conversations(example: Any) -> list[Any]:
    if isinstance(example, Conversation):
        return [example.messages]
    if isinstance(example, Completion):
        return [[*example.prompt, example.completion]]
    answers = (getattr(example, key, None) for key in ("chosen", "rejected", "completion"))
    return [[*example.prompt, *answer_turns(answer)] for answer in answers if answer]
