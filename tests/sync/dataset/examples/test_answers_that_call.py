"""Answers that call tools, turns with pictures and with reasoning: what a trainer gets of them."""

from dataclasses import replace
from typing import Any

import pytest

from drafting.clean_turns import clean
from label_configs.chat_response import ChatResponse, ChatResponseInterface
from label_configs.lessons import JudgedAnswer, PreferencePair
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.records import LabelledRecord
from sync.settings.export import ExportSection
from sync.training_files.example import (
    Completion,
    Conversation,
    ExampleKind,
    GradedPrompt,
    Judgement,
    PreferenceExample,
)
from sync.training_files.formats import FORMATS, Unsuitable
from tests.sync.builders import record

ASKED = {"role": "user", "content": "What do I have?"}
TOOL = {"type": "function", "function": {"name": "balance"}}
DATA = {"messages": [ASKED], "tools": [TOOL]}


def call(of: str, **own: str) -> dict[str, Any]:
    arguments = f'{{"of": "{of}"}}'
    return {**own, "type": "function", "function": {"name": "balance", "arguments": arguments}}


def turn(of: str, thought: str = "", **more: Any) -> dict[str, Any]:
    told = {"reasoning_content": thought} if thought else {}
    return {"role": "assistant", "content": "", "tool_calls": [call(of, **more)], **told}


class Called(ChatResponseInterface):
    """An interface whose answers are turns, whatever its page shows."""

    def __init__(self, good: Any, bad: Any) -> None:
        super().__init__()
        self.good, self.bad = good, bad

    def training_turns(self, record: Any, data: Any) -> Any:
        return [*data["messages"], *self.good]

    def preference_pairs(self, record: Any, data: Any, draft: Any) -> Any:
        return [PreferencePair(self.good, self.bad)]

    def judged_answers(self, record: Any, data: Any, draft: Any) -> Any:
        return [JudgedAnswer(self.good, good=True), JudgedAnswer(self.bad, good=False)]


def made(kind: ExampleKind, good: Any, bad: Any, reasoning: Any = "none", **data: Any) -> list[Any]:
    task: LabelledRecord = replace(record(), data={**DATA, **data}, record=ChatResponse("x"))
    by = PromptLayout(ExportSection(reasoning=reasoning))
    return list(examples(kind, task, Called(good, bad), by))


GOOD, BAD = turn("main", id="c1"), turn("other")


def test_both_sides_of_a_preference_call_with_ids() -> None:
    (pair,) = made(PreferenceExample, [GOOD], [BAD])
    assert pair == PreferenceExample(
        [ASKED],
        [{**GOOD, "content": None}],
        [{**BAD, "content": None, "tool_calls": [call("other", id="call_2_1")]}],
        (TOOL,),
    )
    assert list(FORMATS["openai-preference"].check(FORMATS["openai-preference"].encode(pair))) == []


def test_a_call_against_words() -> None:
    (pair,) = made(PreferenceExample, [GOOD], "Nothing.")
    assert pair.rejected == "Nothing."
    assert FORMATS["sharegpt-preference"].encode(pair)["chosen"]["from"] == "function_call"


@pytest.mark.parametrize(
    ("reasoning", "good", "bad", "told"),
    [
        ("none", "A look.", "B look.", (None, None)),
        ("reasoning_content", "A look.", "B look.", ("A look.", "B look.")),
        ("reasoning_content", "A look.", "", (None, None)),
        ("reasoning_content", "", "B look.", (None, None)),
    ],
)
def test_answers_are_compared_with_the_reasoning_of_both_or_of_none(
    reasoning: Any, good: str, bad: str, told: tuple[str | None, str | None]
) -> None:
    (pair,) = made(PreferenceExample, [turn("a", good)], [turn("b", bad)], reasoning)
    assert tuple(side[0].get("reasoning_content") for side in (pair.chosen, pair.rejected)) == told


def test_reasoning_is_told_before_a_call_and_before_words() -> None:
    said = {"role": "assistant", "content": "Much.", "reasoning_content": "A look."}
    thought = "<think>\nA look.\n</think>"
    (whole,) = made(Conversation, [turn("a", "A look.", id="c")], "", "think")
    assert whole.messages[-1] == {**turn("a", id="c"), "content": thought}
    judged = made(Judgement, [said], [said], "think")
    assert [(j.completion, j.label) for j in judged] == [
        (f"{thought}\n\nMuch.", True), (f"{thought}\n\nMuch.", False),
    ]  # fmt: skip
    assert [j.completion for j in made(Judgement, [said], [said])] == ["Much.", "Much."]


def test_an_answer_that_calls_is_no_reference_for_a_grader() -> None:
    for words in ("", "Let me look."):
        (graded,) = made(GradedPrompt, [{**GOOD, "content": words}], [BAD])
        with pytest.raises(Unsuitable, match="an answer that calls tools"):
            FORMATS["openai-reinforcement"].encode(graded)


def test_a_completion_is_the_call_with_its_tools() -> None:
    (completion,) = made(Completion, [GOOD], [BAD])
    assert completion == Completion([ASKED], {**GOOD, "content": None}, (TOOL,))


PICTURE = {"type": "image_url", "image_url": {"url": "https://example.org/a.png", "detail": "low"}}
WORDS = {"type": "text", "text": "What is it?"}
SHOWN = {"role": "user", "content": [WORDS, PICTURE]}


def test_what_stands_beside_a_picture_is_no_training_text() -> None:
    named = {**PICTURE, "name": "me.png", "image_url": {**PICTURE["image_url"], "id": 7}}  # type: ignore[dict-item]
    assert clean([{"role": "user", "content": [WORDS, named]}]) == [SHOWN]
    tool = {"role": "tool", "content": "", "tool_call_id": "c", "name": "get.balance"}
    assert clean([tool]) == [tool]


@pytest.mark.parametrize("context", ["system", "user", "tool", "none"])
def test_context_stands_beside_pictures(context: Any) -> None:
    task = replace(
        record(),
        data={"messages": [SHOWN], "context": {"tier": "Plus"}},
        record=ChatResponse("A card.", verdict="accept"),
    )
    by = PromptLayout(ExportSection(context=context), "Be brief.")
    (said,) = examples(Conversation, task, Called([{"role": "assistant", "content": "A."}], ""), by)
    assert isinstance(said, Conversation)
    system, user, *_ = said.messages
    told = {"type": "text", "text": "Context:\n- tier: Plus"}
    assert user["content"] == [*([told] if context == "user" else []), WORDS, PICTURE]
    assert ("tier: Plus" in system["content"]) == (context == "system")
    if context == "tool":
        assert '"What is it?"' in said.messages[2]["tool_calls"][0]["function"]["arguments"]
