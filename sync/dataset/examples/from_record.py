"""A finished task as examples: one maker for each kind, none of which knows an interface."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from drafting.clean_turns import clean, is_learnt, without_weights
from drafting.plain_prompt import first_asked, last_asked
from label_configs import Interface
from label_configs.answer_turns import answer_text
from label_configs.lessons import PreferencePair
from label_configs.task_tools import Tools
from sync.dataset.examples.category_question import categories_of
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.dataset.examples.reasoning import (
    learnt_answers,
    think,
    with_source_reasoning,
)
from sync.records import LabelledRecord
from sync.training_files.example import (
    Completion,
    Conversation,
    Example,
    ExampleKind,
    GradedPrompt,
    Judgement,
    Message,
    PreferenceExample,
    Steps,
)

Maker = Callable[
    [LabelledRecord, Interface[Any], PromptLayout, str | None],
    Iterator[Example],
]


def examples(
    kind: ExampleKind,
    record: LabelledRecord,
    interface: Interface[Any],
    layout: PromptLayout,
    split: str | None = None,
) -> Iterator[Example]:
    """Every example of one kind that a finished task makes; often one, sometimes none.

    What a reviewer rejected is an example of a bad answer, and of nothing else.

    Args:
        split: of the task; documents of other tasks come from the same one.
    """
    if record.rejected and kind is not Judgement:
        return iter(())
    return MAKERS[kind](record, interface, layout, split)


def _conversations(
    record: LabelledRecord, interface: Interface[Any], layout: PromptLayout, split: str | None
) -> Iterator[Conversation]:
    """The conversation with what was accepted, then the question about its categories."""
    if layout.teaches_answers:
        turns = interface.training_turns(record.record, record.data)
        if turns is not None:
            cleaned = with_source_reasoning(clean(turns), turns, layout.prompt.reasoning)
            if layout.prompt.learns_earlier_turns and not interface.judges_turns:
                cleaned = without_weights(cleaned)
            messages, tools = layout.placed(cleaned, record, split, first_asked)
            if layout.prompt.reasoning != "none":
                messages = _with_reasoning(messages, record, interface, layout)
            yield Conversation(messages, tools)
    if layout.question is not None:
        asked = layout.question.turns(record, interface)
        if asked is not None:
            prompt, reply = asked
            yield Conversation([*prompt, {"role": "assistant", "content": reply}])


def _completions(
    record: LabelledRecord, interface: Interface[Any], layout: PromptLayout, split: str | None
) -> Iterator[Completion]:
    """Every turn that is learnt, with what leads to it; a turn that answers nobody is left out."""
    for conversation in _conversations(record, interface, layout, split):
        messages = without_weights(conversation.messages)
        for at, message in enumerate(conversation.messages):
            if is_learnt(message) and last_asked(prompt := messages[:at]) is not None:
                yield Completion(prompt, message, conversation.tools)


def _preferences(
    record: LabelledRecord, interface: Interface[Any], layout: PromptLayout, split: str | None
) -> Iterator[PreferenceExample]:
    if not layout.teaches_answers:
        return
    for pair in _pairs(record, interface):
        found = _prompt(pair.prompt, record, interface, layout, split)
        if found is not None:
            prompt, tools = found
            both = (pair.chosen, pair.rejected)
            chosen, rejected = learnt_answers(prompt, both, layout.prompt.reasoning)
            yield PreferenceExample(prompt, chosen, rejected, tools)


def _pairs(record: LabelledRecord, interface: Interface[Any]) -> Iterator[PreferencePair]:
    """Better and worse answers: than the draft, and where a reviewer amended, than what stood."""
    seen: list[PreferencePair] = []
    worse = [record.draft, *([] if record.before_review is None else [record.before_review])]
    for each in worse:
        for pair in interface.preference_pairs(record.record, record.data, each):
            if pair not in seen:
                seen.append(pair)
                yield pair


def _judgements(
    record: LabelledRecord, interface: Interface[Any], layout: PromptLayout, split: str | None
) -> Iterator[Judgement]:
    if not layout.teaches_answers:
        return
    accepted = interface.accepted_answer(record.record, record.data) if record.rejected else None
    # the good and the bad answer mostly have the same one
    prompts: dict[int, tuple[list[Message], Tools] | None] = {}
    for judged in interface.judged_answers(record.record, record.data, record.draft):
        # a reviewer sees the answer that was accepted, and no earlier turn
        if record.rejected and judged.good and answer_text(judged.answer) != accepted:
            continue
        asked = id(judged.prompt)
        if asked not in prompts:
            prompts[asked] = _prompt(judged.prompt, record, interface, layout, split)
        found = prompts[asked]
        if found is not None:
            prompt, tools = found
            (answer,) = learnt_answers(prompt, (judged.answer,), layout.prompt.reasoning)
            yield Judgement(prompt, answer, judged.good and not record.rejected, tools)


def _steps(
    record: LabelledRecord, interface: Interface[Any], layout: PromptLayout, split: str | None
) -> Iterator[Steps]:
    if not layout.teaches_answers:
        return
    for chain in interface.judged_steps(record.record, record.data):
        found = _prompt(None, record, interface, layout, split)
        if found is not None:
            yield Steps(found[0], chain.steps, chain.labels)


def _graded_prompts(
    record: LabelledRecord, interface: Interface[Any], layout: PromptLayout, split: str | None
) -> Iterator[GradedPrompt]:
    """Every turn that answers the user directly, as the reference of what led to it.

    One that calls tools is there as a turn, for the format to say that it can't hold it.
    """
    categories = categories_of(record, interface)
    facts: Mapping[str, Any] = {"categories": categories} if categories else {}
    turns = None
    if layout.teaches_answers:
        turns = interface.training_turns(record.record, record.data)
    cleaned = clean(turns or [])
    for at, message in enumerate(cleaned):
        calls = bool(message.get("tool_calls"))
        says = calls or message["content"]
        if at and is_learnt(message) and cleaned[at - 1]["role"] == "user" and says:
            before = without_weights(cleaned[:at])
            prompt, tools = layout.placed_for_grader(before, record, split)
            answer = (message,) if calls else message["content"]
            yield GradedPrompt(prompt, answer, tools, facts)
    if layout.question is not None:
        asked = layout.question.turns(record, interface)
        if asked is not None:
            yield GradedPrompt(*asked, facts=facts)


def _prompt(
    turns: Any,
    record: LabelledRecord,
    interface: Interface[Any],
    layout: PromptLayout,
    split: str | None,
) -> tuple[list[Message], Tools] | None:
    """What an answer answers, and the tools that it could call; None where nobody asks anything.

    Args:
        turns: None: those that the model was asked with.
    """
    turns = clean(interface.prompt_messages(record.data) if turns is None else turns)
    if last_asked(turns) is None:
        return None
    messages, tools = layout.placed(turns, record, split, last_asked)
    return without_weights(messages), tools


def _with_reasoning(
    messages: list[Message],
    record: LabelledRecord,
    interface: Interface[Any],
    layout: PromptLayout,
) -> list[Message]:
    """The last turn with the chain that leads to it, where there is one."""
    chain = interface.reasoning(record.record, record.data)
    if chain is None:
        return messages
    last = messages[-1]
    if layout.prompt.reasoning == "think":
        return [*messages[:-1], {**last, "content": think(chain, last["content"])}]
    return [*messages[:-1], {**last, "reasoning_content": chain}]


MAKERS: Mapping[ExampleKind, Maker] = {
    Conversation: _conversations,
    Completion: _completions,
    PreferenceExample: _preferences,
    Judgement: _judgements,
    Steps: _steps,
    GradedPrompt: _graded_prompts,
}
