"""Prompts that are too long for a model, made smaller step by step."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.llm_content import count_pictures
from connectors.llm_tools import OfferedTools
from connectors.llm_turns import PromptMessage
from drafting.plain_prompt import PlainPrompt
from drafting.prompts import FewShotExample, messages_of
from label_configs import Interface
from label_configs.content import INSTRUCTION_ROLES, spoken
from label_configs.context import readable

SHORTEST = 400  # characters; documents and facts are not cut below
_CUT = "\n[… the rest was left out for length]"
PICTURE_TOKENS = 250  # of a small picture; a large one has several times as many
BYTES_A_TOKEN = 4  # of UTF-8; close for English, somewhat low for most others


def prompts(
    interface: Interface[Any],
    data: Mapping[str, Any],
    examples: Sequence[FewShotExample] = (),
    limit_tokens: int | None = None,
    tools: OfferedTools | None = None,
    plain: PlainPrompt | None = None,
) -> Iterator[list[PromptMessage]]:
    """A task's prompt, from the fullest to the smallest.

    First the examples go; then documents, facts and results of tools are cut, the longest first, to
    a half, a quarter and so on; at last the older half of the turns goes, again and again.
    Guidelines and the user's last turn, with what follows it, always stay.

    Args:
        limit_tokens: what the model can read, without its reply; prompts that are estimated to be
            longer are left out, but for the smallest: the server has the last word. None: all.
        tools: that are sent beside each, and are a part of its length.
        plain: the prompt that the model learned, which shows no examples.
    """
    beside = len(json.dumps(tools.schemas, ensure_ascii=False)) // BYTES_A_TOKEN if tools else 0
    held: list[PromptMessage] | None = None
    before: list[PromptMessage] | None = None
    for smaller, shown in _variants(interface, data, examples):
        made = messages_of(interface, smaller, shown, plain)
        if made == before:  # what was cut does not stand in it
            continue
        before = held = made
        if limit_tokens is None or estimated_tokens(held) + beside <= limit_tokens:
            yield held
            held = None
    if held is not None:
        yield held


def estimated_tokens(messages: Sequence[PromptMessage]) -> int:
    """About how many tokens a prompt has; rather too few, so that nothing is cut needlessly."""
    written = sum(len(spoken(m).encode(errors="replace")) for m in messages)
    pictures = PICTURE_TOKENS * sum(map(count_pictures, messages))
    return written // BYTES_A_TOKEN + pictures + 4 * len(messages)


def _variants(
    interface: Interface[Any], data: Mapping[str, Any], examples: Sequence[FewShotExample]
) -> Iterator[tuple[Mapping[str, Any], Sequence[FewShotExample]]]:
    yield data, examples
    if examples:
        yield data, ()
    inputs = interface.inputs(data)
    for length in _lengths(inputs):
        data = {**data, **_shortened(inputs, length), **_with_short_results(inputs, length)}
        yield data, ()
    for messages in _later_turns(interface.prompt_messages(data)):
        yield {**data, "messages": messages}, ()


def _lengths(inputs: Mapping[str, Any]) -> Iterator[int]:
    """How many characters a document, fact or result may have: half of the longest, a quarter, …"""
    texts = [readable(fact) for fact in inputs["context"].values()]
    texts += [document["text"] for document in inputs["documents"]]
    texts += [message["content"] for message in inputs["messages"] if _is_result(message)]
    longest = max(map(len, texts), default=0)
    while longest > SHORTEST + len(_CUT):
        longest = max(longest // 2, SHORTEST)
        yield longest


def _shortened(inputs: Mapping[str, Any], length: int) -> dict[str, Any]:
    """The task's facts and documents, each of about this many characters; cuts are marked."""
    return {
        "context": {name: _short(fact, length) for name, fact in inputs["context"].items()},
        "documents": [{**d, "text": _short(d["text"], length)} for d in inputs["documents"]],
    }


def _with_short_results(inputs: Mapping[str, Any], length: int) -> dict[str, Any]:
    """The task's messages, what tools returned of about this many characters; cuts are marked."""
    if not any(map(_is_result, inputs["messages"])):
        return {}
    short = [
        {**m, "content": _short(m["content"], length)} if _is_result(m) else m
        for m in inputs["messages"]
    ]
    return {"messages": short}


def _is_result(message: Mapping[str, Any]) -> bool:
    return message["role"] == "tool" and isinstance(message["content"], str)


def _short(fact: Any, length: int) -> Any:
    """A text or fact as it is, or its beginning as text."""
    text = readable(fact)
    return fact if len(text) <= length + len(_CUT) else text[:length] + _CUT


def _later_turns(messages: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """The conversation without its older half, and so on down to the user's last turn.

    System turns stay; what is left begins with a user's turn, as many models insist, so that no
    tool's result loses its call. Calls and results after the user's last turn stay with it.
    """
    told = [m for m in messages if m["role"] in INSTRUCTION_ROLES]
    turns = [m for m in messages if m["role"] not in INSTRUCTION_ROLES]
    asked = [at for at, m in enumerate(turns) if m["role"] == "user"]
    last = turns[asked[-1] :] if asked else turns[-1:]
    while len(turns) > len(last):
        later = turns[(len(turns) + 1) // 2 :]
        while later and later[0]["role"] != "user":
            later = later[1:]
        turns = later or last
        yield [*told, *turns]
