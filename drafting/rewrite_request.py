"""The instruction box: an annotator tells the model how to change the answer in the editor.

The page sends every result that the annotation holds, not only what was typed last; it also calls,
with nothing to ask, when a page with an instruction is left. What came from a page is never
trusted: whatever can't be read is no instruction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.llm_content import joined
from connectors.llm_replies import Sample
from connectors.llm_tools import OfferedTools
from connectors.llm_turns import PromptMessage
from drafting.read_turns import turn_of
from label_configs import Interface, LabelConfigError, items
from label_configs.call_rows import NO_CALL
from label_configs.content import ToolCall, call_messages, calls_of
from label_configs.reply import reply_answer

# in characters; more than anybody types, and less than would crowd out the conversation
LONGEST_ASKED = 4_000
LONGEST_ANSWER = 100_000

# how the page marks a draft's text that is no longer the draft's
CHANGED = "prediction-changed"


@dataclass(frozen=True)
class Instructed:
    """What an annotator asks of an answer.

    Attributes:
        asked: every instruction of this annotation in the order given, at least one; the last is
            new, and those before it still hold.
        answer: its words as they stand in the editor; empty when there are none yet.
        calls: of tools, as they stand beside them.
    """

    asked: tuple[str, ...]
    answer: str
    calls: tuple[ToolCall, ...] = ()

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Instructed":
        """Read what `dataclasses.asdict` made of one; an older LabelTune knew of no calls."""
        calls = tuple(ToolCall(**call) for call in raw.get("calls") or ())
        return cls(tuple(raw["asked"]), raw["answer"], calls)


def read_context(interface: Interface[Any], context: Any) -> Instructed | None:
    """What an interactive call asks for, or None when it asks for nothing that can be done.

    Args:
        context: `params.context` of a /predict call, as it came.
    """
    found = context.get("result") if isinstance(context, Mapping) else None
    if interface.instruction_control is None or not isinstance(found, list):
        return None
    try:
        given = items.find(found, [interface.instruction_control]).mine
        asked = _asked(given.get(interface.instruction_control))
        record = interface.decode(found)
        calls: tuple[ToolCall, ...] = tuple(getattr(record, "calls", ()))
        answer = interface.answer(record)
        words = interface.answer(replace(record, calls=())) if calls else answer
    except LabelConfigError:
        return None
    sayable = _is_text("\n".join(asked), LONGEST_ASKED) and _is_text(answer, LONGEST_ANSWER)
    return Instructed(asked, words, calls) if asked and sayable else None


def rewrite_messages(
    messages: Sequence[PromptMessage], instructed: Instructed
) -> list[PromptMessage]:
    """The prompt of a draft, whose last turn also holds the answer as it stands and the change.

    One turn, since small models take an answer of their own and a turn about it for chatter with
    the user, and some chat templates refuse two turns of one side in a row.

    Args:
        messages: of `build_messages`; the last is the user's.
    """
    *before, last = messages
    told = "\n\n---\n".join(_told(instructed))
    if last["role"] != "user":  # a tool's result, to which nobody adds a word
        return [*messages, {"role": "user", "content": told}]
    return [*before, {**last, "content": joined(last["content"], f"---\n{told}")}]


def rewritten_record(
    interface: Interface[Any],
    instructed: Instructed,
    sample: Sample,
    data: Mapping[str, Any],
    tools: OfferedTools | None,
) -> Any:
    """The changed answer as a record: what the model writes, and what it leaves out as before.

    That is the calls where it only writes, and the words where it only calls. A row of the page
    whose call the model leaves out among others is told to be none.

    Raises:
        ReplyError: it does not fit.
    """
    turn = turn_of(sample, tools)
    if instructed.calls and "tool_calls" not in turn:
        turn["content"] = reply_answer(turn["content"])
        turn["tool_calls"] = call_messages(instructed.calls)
    turn["content"] = turn["content"] or instructed.answer
    record = interface.read_turn(turn, data)
    fewer = len(instructed.calls) - len(calls_of(turn))
    if fewer <= 0:
        return record
    return replace(record, calls=(*record.calls, *[ToolCall(NO_CALL)] * fewer))


def _told(instructed: Instructed) -> Iterator[str]:
    """The answer as it stands, and what is asked of it."""
    *earlier, latest = instructed.asked
    called = "\n".join(call.written() for call in instructed.calls)
    if instructed.answer.strip():
        yield f"Draft of the reply:\n{instructed.answer}"
    if called:
        yield f"Calls of tools in the draft:\n{called}"
    if instructed.answer.strip() or called:
        order = "Write the reply by rewriting this draft as follows"
        end = "Keep the rest of the draft. Answer with the whole rewritten reply's text only."
    else:
        order, end = "Write the reply as follows", "Answer with the reply's text only."
    if called:
        end = (
            "Keep the rest of the draft, and make its calls again, changed where this asks for it."
        )
    if earlier:
        end = f"This was asked before and still holds: {'; '.join(earlier)}.\n{end}"
    yield f"{order}: {latest}.\n{end}"


def page_answer(
    interface: Interface[Any], record: Any, score: float, model_version: str
) -> dict[str, Any]:
    """The slot of a /predict answer with which the page replaces the text in the editor.

    Args:
        record: of `interface.read_reply`, with nothing in it but the changed answer.
        score: in [0, 1]; the page ignores it, but every slot has one.
    """
    result = [{**item, "origin": CHANGED} for item in interface.encode(record)]
    return {"result": result, "score": score, "model_version": model_version}


def _asked(item: Mapping[str, Any] | None) -> tuple[str, ...]:
    text = "" if item is None else items.read_text(item)
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def _is_text(value: str, longest: int) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half a character, which no model's server would accept
        return False
    return len(value) <= longest
