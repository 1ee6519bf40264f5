"""The rules of ShareGPT's lines, as LLaMA-Factory 0.9.5 keeps them (its `data/converter.py`).

After an optional system turn the asking side (human, observation) stands at odd places and the
answering side (gpt, function_call) at even ones; a line that breaks this is dropped with a warning
among its logs. A turn without `from` or `value`, calls or tools that are not JSON stop it.
"""

import json
from collections.abc import Generator, Iterator
from typing import Any

from sync.common.json_text import Json, json_type
from sync.common.wording import counted
from sync.training_files.formats.format import Fault
from sync.training_files.formats.json_types import is_text, not_filled, same_words, text_fault
from sync.training_files.formats.picture_marks import marks_fault
from sync.training_files.formats.sharegpt_turns import ANSWERING, ASKING, calls_in
from sync.training_files.formats.tool_schemas import not_declared

_ROLES = (*ASKING, *ANSWERING)
_SAME = {
    "user": "human",
    "assistant": "gpt",
    "model": "gpt",
    "bot": "gpt",
    "chatgpt": "gpt",
    "tool": "observation",
    "function": "observation",
}


def turns_faults(line: Any, *, answered: bool) -> Generator[Fault, None, bool]:
    """Every rule that a line breaks by its turns and tools.

    Args:
        answered: whether the last turn is an answer.

    Returns:
        Whether the line is an object, so that the rest of it can be looked at.
    """
    if not isinstance(line, dict):
        yield Fault("object", f"expected an object, found {json_type(line)}")
        return False
    taken = yield from _conversation_faults(line)
    if taken is not None and (fault := _count_fault(taken, answered=answered)) is not None:
        yield fault
    if taken is not None and "images" in line:
        said = [turn.get("value") for turn in line["conversations"][-taken:]]
        for key in ("chosen", "rejected"):  # of a pair: with each of its answers
            answer = line.get(key)
            more = [answer.get("value")] if isinstance(answer, dict) else []
            if (answered or more) and (fault := marks_fault(line, said + more)) is not None:
                yield fault
                break
    return True


def _conversation_faults(line: Json) -> Generator[Fault, None, int | None]:
    """Every rule that the turns and the tools break.

    Returns:
        How many turns stand in their order after the system's; None where they don't.
    """
    yield from _tools_faults(line)
    turns = line.get("conversations")
    if not isinstance(turns, list) or not turns:
        came = not_filled(turns)
        yield Fault("conversations", f"conversations must be a non-empty list, found {came}")
        return None
    in_order = True
    first = _first(turns)
    for number, turn in enumerate(turns, 1):
        if not isinstance(turn, dict):
            yield Fault("turn", f"turn {number} must be an object, found {json_type(turn)}")
            in_order = False
            continue
        fault = _from_fault(number, turn)
        if fault is not None:
            in_order = False
            yield fault
        yield from _value_faults(number, turn)
        if fault is None and in_order and number > first:
            side = ASKING if (number - first) % 2 else ANSWERING
            if turn["from"] not in side:
                in_order = False
                yield Fault(
                    "order",
                    f"turn {number} must be {' or '.join(side)}, found {turn['from']}; "
                    "LLaMA-Factory drops the line without an error, so put the turns in order",
                )
    beside = line.get("system")
    if beside and not isinstance(beside, str):
        yield Fault("system", f"system must be text, found {json_type(beside)}")
    elif first and beside:
        yield Fault(
            "system",
            "a system turn and a system beside the conversations: one of them is not read; put "
            "both into one",
        )
    if not in_order:
        return None
    if line.get("tools") not in (None, "", "[]"):
        yield from _undeclared(line["tools"], turns)
    return len(turns) - first


def _count_fault(turns: int, *, answered: bool) -> Fault | None:
    """That turns in order are too many or too few by one, or None.

    Args:
        turns: how many, the system's not counted.
        answered: whether the last one is an answer.
    """
    if turns % 2 == (0 if answered else 1) and turns:
        return None
    ends = (
        "an even number, the last an answer" if answered else "an odd number, the last a question"
    )
    return Fault(
        "count",
        f"expected {ends}, found {counted(turns, 'turn')}; LLaMA-Factory drops the line without an "
        "error",
    )


def answer_faults(line: Json) -> Iterator[Fault]:
    """Every rule that `chosen` and `rejected` break."""
    said = []
    for key in ("chosen", "rejected"):
        answer = line.get(key)
        if not isinstance(answer, dict):
            yield Fault(
                key,
                f'{key} must be one turn, {{"from", "value"}}, found {json_type(answer)}',
            )
            continue
        if answer.get("from") not in ANSWERING:
            yield Fault(key, f"{key}: from must be {' or '.join(ANSWERING)}")
        fault = text_fault(f"{key}: value", answer.get("value"), key)
        if answer.get("from") == "function_call" and not _is_call(answer.get("value")):
            yield Fault("function_call", f"{key}: a function_call's value must be JSON in text")
        elif fault is not None:
            yield fault
        else:
            said.append(answer["value"])
    if len(said) == 2 and same_words(*said):
        yield Fault(
            "same", "chosen and rejected are the same, so there is nothing to prefer; leave it out"
        )


def _first(turns: list[Any]) -> int:
    """How many system turns stand before the others: 0 or 1."""
    return int(isinstance(turns[0], dict) and turns[0].get("from") == "system")


def _from_fault(number: int, turn: Json) -> Fault | None:
    said = turn.get("from")
    if isinstance(said, str):
        if said in _ROLES or (said == "system" and number == 1):
            return None
        if said == "system":
            return Fault(
                "system",
                f"turn {number}: a system turn may stand first only; LLaMA-Factory drops the line",
            )
        came = f"'{said}'; write '{_SAME[said]}'" if said in _SAME else "another"
    else:
        came = json_type(said)
    return Fault("from", f"turn {number}: from must be {', '.join(_ROLES)} or system, found {came}")


def _value_faults(number: int, turn: Json) -> Iterator[Fault]:
    value = turn.get("value")
    if not is_text(value):
        # a tool may have nothing to say, and an empty call is no JSON
        empty = turn.get("from") in ("observation", "function_call")
        fault = text_fault(f"turn {number}: value", value, "value", empty)
        if fault is not None:
            yield fault
            return
    if turn.get("from") == "function_call" and not _is_call(value):
        yield Fault(
            "function_call",
            f"turn {number}: a function_call's value must be JSON in text, an object with name and "
            "arguments (an object) or a list of them; words before it ask for <tool_call> around",
        )
    if turn.get("weight", 1) == 0:
        yield Fault(
            "weight",
            f"turn {number}: LLaMA-Factory knows no weight and learns the turn all the same; leave "
            "the example out, or train with mask_history if it is not the last turn",
        )


def _is_call(value: Any) -> bool:
    calls = calls_in(value)
    calls = calls if isinstance(calls, list) else [calls]
    return bool(calls) and all(
        isinstance(call, dict)
        and isinstance(call.get("name"), str)
        and isinstance(call.get("arguments"), dict)
        for call in calls
    )


def _tools_faults(line: Json) -> Iterator[Fault]:
    tools = line.get("tools")
    if tools is None or tools in ("", "[]"):
        return
    named = _parsed(tools)
    if not isinstance(named, list) or not all(_has_name(tool) for tool in named):
        yield Fault(
            "tools",
            "tools must be text that holds JSON: a list of the tools' schemas, each with a name, "
            f"found {json_type(tools) if not isinstance(tools, str) else 'other text'}",
        )


def _undeclared(tools: Any, turns: list[Json]) -> Iterator[Fault]:
    """Calls of functions that are not among a line's tools."""
    named = _parsed(tools)
    if not isinstance(named, list) or not all(map(_has_name, named)):
        return
    called: list[tuple[int, str]] = []
    for number, turn in enumerate(turns, 1):
        if turn["from"] == "function_call" and _is_call(turn.get("value")):
            calls = calls_in(turn["value"])
            listed = calls if isinstance(calls, list) else [calls]
            called += ((number, call["name"]) for call in listed)
    yield from not_declared({tool.get("function", tool)["name"] for tool in named}, called, "turn")


def _has_name(tool: Any) -> bool:
    if not isinstance(tool, dict):
        return False
    inner = tool.get("function", tool)
    return isinstance(inner, dict) and isinstance(inner.get("name"), str)


def _parsed(text: Any) -> Any:
    """What JSON text holds; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
