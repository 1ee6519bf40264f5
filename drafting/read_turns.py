"""A sample as a turn of the assistant's, and that as a record; which tools it may call."""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.llm_replies import Sample
from connectors.llm_tools import OfferedTools
from drafting.calls_in_text import split_calls
from drafting.project_settings import LLMSettings
from label_configs import Interface, ReplyError
from label_configs.content import ToolCall, call_messages, calls_of
from label_configs.lessons import TrainingTurn
from label_configs.raw_reply import split_reply
from label_configs.source_reasoning import NAME as REASONING
from label_configs.task_tools import tools_of


def offered_tools(
    interface: Interface[Any], data: Mapping[str, Any], llm: LLMSettings
) -> OfferedTools | None:
    """What the model may call: the task's tools, where the interface takes calls.

    A tuned model is told of all that it learned with: the task's tools in any interface, and the
    call by which its material was looked up for it. It may call what the page can show.
    """
    own, plain = tuple(tools_of(data)), llm.plain_prompt(interface)
    to_call = own if interface.takes_calls else ()
    told = to_call if plain is None else (*own, *plain.tools(interface, data))
    # not by the choice "none", where some servers leave tools out of the prompt
    shown = tuple(sorted(_names(told) - _names(to_call)))
    choice = llm.tool_choice if to_call else "auto"
    return OfferedTools(told, choice, llm.parallel_tool_calls, shown) if told else None


def text_of(sample: Sample) -> str:
    """What a sample says, as it came.

    Raises:
        ReplyError: it says nothing, and the server tells why.
    """
    if not sample.text.strip() and sample.withheld:
        raise ReplyError(f"the model's reply {sample.withheld}")
    if not sample.text.strip() and sample.reasoning:
        raise ReplyError("the model's reply is all reasoning, without an answer")
    return sample.text


def reasoning_of(sample: Sample) -> str:
    """What the model thought, beside its text or in it; "" where nothing is known of it."""
    return "\n\n".join(filter(None, (sample.reasoning, split_reply(sample.text).reasoning)))


def turn_of(sample: Sample, tools: OfferedTools | None = None) -> TrainingTurn:
    """A sample as a message of the assistant's.

    Its content is the text as it came, reasoning and marks included, as long as it calls nothing;
    beside calls it is the words alone, and "" where there are none.

    Args:
        tools: that the model was offered; None: a call is none.

    Raises:
        ReplyError: it says and calls nothing, its calls can't be read, or they are not what the
            project's settings want.
    """
    thought = reasoning_of(sample)
    beside = {REASONING: thought} if thought else {}
    words, calls = _words_and_calls(sample, tools) if tools else ("", ())
    if tools:
        _check_calls(calls, tools)
    if not calls:
        return {"role": "assistant", "content": text_of(sample), **beside}
    called = {"tool_calls": call_messages(calls)}
    return {"role": "assistant", "content": words, **called, **beside}


def record_of(
    interface: Interface[Any],
    sample: Sample,
    data: Mapping[str, Any],
    tools: OfferedTools | None = None,
) -> Any:
    """A sample as the interface's record; the interface sets the reasoning in its text apart.

    Raises:
        ReplyError: it does not fit.
    """
    return interface.read_turn(turn_of(sample, tools), data)


def _words_and_calls(sample: Sample, tools: OfferedTools) -> tuple[str, tuple[ToolCall, ...]]:
    said = split_reply(sample.text).answer
    if sample.tool_calls:
        return said, calls_of({"tool_calls": sample.tool_calls})
    found = split_calls(said, _names(tools.schemas))
    if found.broken:
        raise ReplyError("the model's reply holds a call of a tool that can't be read")
    return found.words, found.calls


def _check_calls(calls: tuple[ToolCall, ...], tools: OfferedTools) -> None:
    """Check that a reply calls tools as the project's settings want it.

    Raises:
        ReplyError: none where one is required, some where none may be, several where one may, or
            one that may not be called.
    """
    if any(call.name in tools.shown for call in calls):
        raise ReplyError("the model's reply calls a tool that only stands in its prompt")
    if not calls and tools.choice == "required":
        raise ReplyError("the model's reply calls no tool, and llm.tool_choice is 'required'")
    if calls and tools.choice == "none":
        raise ReplyError("the model's reply calls a tool, and llm.tool_choice is 'none'")
    if len(calls) > 1 and tools.parallel is False:
        raise ReplyError(
            f"the model's reply calls {len(calls)} tools, and llm.parallel_tool_calls is false"
        )


def _names(schemas: Iterable[Mapping[str, Any]]) -> set[str]:
    functions = (schema.get("function") for schema in schemas)
    return {str(f.get("name")) for f in functions if isinstance(f, Mapping)}
