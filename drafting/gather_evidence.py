"""What the model did for a task, as evidence for the signals of its draft."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from drafting.sample_replies import Drawn
from drafting.signals.evidence import Evidence, SampledAnswer, Vectors
from label_configs import Interface
from label_configs.content import ToolCall, calls_of, text_of
from label_configs.context import context_text
from label_configs.source_reasoning import DRAFT_CALLS


def gather_evidence(
    interface: Interface[Any],
    data: Mapping[str, Any],
    drawn: Drawn,
    vectors: Vectors,
    own: Any = None,
) -> Evidence:
    """What signals are made of.

    Args:
        data: of the task.
        drawn: the model's samples, in this order.
        own: the draft that the task brings along, which then stands first; None where it brings
            none.
    """
    answers = []
    if own is not None:
        answers.append(_answer(interface, own, data, _own_calls(interface, data)))
    for record, sample, turn in zip(drawn.records, drawn.samples, drawn.turns, strict=True):
        read = _answer(interface, record, data, calls_of(turn))
        told = replace(read, token_logprobs=sample.token_logprobs, model=sample.model)
        answers.append(told)
    return Evidence(
        answers=tuple(answers),
        vectors=vectors,
        fitting_share=drawn.share,
        documents=tuple(document["text"] for document in data.get("documents") or ()),
        asked=_asked(interface, data),
        brought=own is not None,
    )


def _answer(
    interface: Interface[Any], record: Any, data: Mapping[str, Any], calls: tuple[ToolCall, ...]
) -> SampledAnswer:
    return SampledAnswer(
        text=interface.answer(record),
        parts=tuple(interface.separate_answers(record)),
        steps=tuple(interface.reasoning_parts(record, data)),
        calls=calls,
        faulty_calls=bool(calls and interface.call_faults(record, data)),
    )


def _own_calls(interface: Interface[Any], data: Mapping[str, Any]) -> tuple[ToolCall, ...]:
    """The calls of the answer that the task brings along, beside its conversation or at its end."""
    if not interface.takes_calls:
        return ()
    brought = data.get(DRAFT_CALLS) or data["messages"][-1].get("tool_calls")
    return calls_of({"tool_calls": brought})


def _asked(interface: Interface[Any], data: Mapping[str, Any]) -> str:
    """What the conversation and its facts say, as text."""
    said = [text_of(message["content"]) for message in interface.prompt_messages(data)]
    return "\n".join([*said, context_text(data.get("context") or {})])
