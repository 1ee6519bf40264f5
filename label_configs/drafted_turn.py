"""An answer that may call tools, as a turn: of the model, of the source, and as it is learnt."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from label_configs.answer_turns import same_answer
from label_configs.call_arguments import compact, parsed
from label_configs.call_pairs import paired
from label_configs.call_rows import drafted_calls, tool_hints
from label_configs.content import ToolCall, call_messages, calls_of
from label_configs.reply import ReplyError
from label_configs.source_reasoning import DRAFT_FIELD, DRAFT_REASONING, NAME, reasoning_of
from label_configs.source_reasoning import same_words as alike
from label_configs.written_turn import WrittenTurn, read_written


def read_calls(turn: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[ToolCall, ...]:
    """The calls of a model's turn, as a record holds them.

    Raises:
        ReplyError: one is of a tool that the task does not know, or has no JSON object as its
            arguments.
    """
    calls = in_record(calls_of(turn))
    known = tool_hints(data) if calls else {}
    for call in calls:
        if call.name not in known:
            among = ", ".join(known) or "none"
            raise ReplyError(f"the model's reply calls {call.name!r}; the task's tools: {among}")
        if parsed(call.arguments) is None:
            raise ReplyError(
                f"the model's reply calls {call.name!r} with arguments that are no JSON object"
            )
    return calls


def in_record(calls: Sequence[ToolCall]) -> tuple[ToolCall, ...]:
    """Calls as a record holds them: without ids, their arguments on one line."""
    return tuple(replace(call, id="", arguments=compact(call.arguments)) for call in calls)


def amended(text: str, calls: Sequence[ToolCall]) -> tuple[str, tuple[ToolCall, ...]] | None:
    """Words and calls of an answer that a reviewer amended as one text, as a record holds them.

    Args:
        calls: that the answer made before; without any, all of the text is words.

    Returns:
        None where a line was a call and can't be read as one.
    """
    names = {call.name for call in calls}
    read = read_written(text, names) if names else WrittenTurn(text)
    return None if read.broken else (read.words, in_record(read.calls))


def brought_along(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """The turn that the source has as its answer, or None."""
    text, thought = data.get(DRAFT_FIELD), data.get(DRAFT_REASONING)
    calls = drafted_calls(data)
    if not isinstance(text, str) or not (text or calls):
        return None
    turn = as_turn(text, calls)
    return {**turn, NAME: thought} if isinstance(thought, str) else turn


def as_turn(text: str, calls: Sequence[ToolCall]) -> dict[str, Any]:
    """Words and calls as a turn of the assistant's."""
    turn = {"role": "assistant", "content": text.strip()}
    return {**turn, "tool_calls": call_messages(calls)} if calls else turn


def learnt_turn(
    turn: dict[str, Any], data: Mapping[str, Any], reasoning: str, *, unreasoned: bool = False
) -> dict[str, Any]:
    """An accepted answer as training has it: each call with an id, and what led to it.

    Reasoning that the expert left as the source had it is kept as long as the answer is the
    source's: it led to those words. What the expert wrote in its place is kept anyhow.

    Args:
        turn: made by `as_turn` of a record's calls.
        reasoning: of the record; "" where it tells none, as in annotations of before.
        unreasoned: the expert took it out.
    """
    source = brought_along(data)
    stands = source is not None and same_answer([turn], [as_turn(*_of_record(source))])
    thought = reasoning_of(source) if source else ""
    told = reasoning.strip()
    if not told and stands and not unreasoned:
        told = thought
    elif told and alike(told, thought) and not stands:
        told = ""
    with_ids = _with_ids(turn, data)
    return {**with_ids, NAME: _as_given(told, data)} if told else with_ids


def _of_record(turn: Mapping[str, Any]) -> tuple[str, tuple[ToolCall, ...]]:
    return turn["content"], in_record(calls_of(turn))


def _with_ids(turn: dict[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The turn with ids for its calls: the source's for one that is the source's, else new ones."""
    calls = calls_of(turn)
    if not calls:
        return turn
    left = list(drafted_calls(data))
    named = []
    for call in calls:
        (own,) = in_record([call])
        same = next((each for each in left if in_record([each]) == (own,)), None)
        if same is not None:
            left.remove(same)
        named.append(replace(call, id=same.id if same else ""))
    whole: dict[str, Any] = paired([*data["messages"], as_turn(turn["content"], named)])[-1]
    return whole


def _as_given(told: str, data: Mapping[str, Any]) -> str:
    """Reasoning with the white space that the source has it in, where it is the source's."""
    thought = data.get(DRAFT_REASONING)
    return thought if isinstance(thought, str) and alike(thought, told) else told
