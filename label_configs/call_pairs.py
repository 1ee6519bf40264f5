"""Calls of tools and their answers: missing ids are added where it is certain which match."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from label_configs.call_arguments import json_text

# a message of task data, whatever its content
TaskMessage = Mapping[str, Any]


def paired(messages: Sequence[Any]) -> list[Any]:
    """Messages whose calls have ids, and whose tools' answers name them.

    An answer that is a JSON list of as many results as there were calls becomes one to each.
    An id that is made says where the call stands, so it is the same in every run. Answers without
    one are told apart by the tool's name, else by their order, where there are as many as calls.
    """
    built = list(messages)
    taken: set[str] = {c["id"] for message in messages for c in _calls(message) if "id" in c}
    for at, message in enumerate(built):
        calls = _calls(message)
        if not calls:
            continue
        end = at + 1
        while end < len(built) and _is_answer(built[end]):
            end += 1
        answers = [_with_text_id(answer) for answer in built[at + 1 : end]]
        if len(answers) == 1 < len(calls):
            answers = _one_each(answers[0], len(calls))
        calls = _with_ids(calls, answers, at + 1, taken)
        if calls != message["tool_calls"]:
            built[at] = {**message, "tool_calls": calls}
        built[at + 1 : end] = _with_calls(answers, calls)
    return built


def with_new_ids(
    calls: list[dict[str, Any]], messages: Sequence[TaskMessage], number: int
) -> list[dict[str, Any]]:
    """Calls of a message, those without an id with one that no call of the messages has.

    Args:
        number: of the message, from 1.
    """
    taken = {call["id"] for message in messages for call in _calls(message) if "id" in call}
    return _with_ids(calls, (), number, taken)


def _calls(message: Any) -> list[dict[str, Any]]:
    """A message's calls; empty where one of them is not a call of a function."""
    calls = message.get("tool_calls") if isinstance(message, Mapping) else None
    if not isinstance(calls, list) or message.get("role") != "assistant":
        return []
    return calls if all(map(_is_whole, calls)) else []


def _is_whole(call: Any) -> bool:
    return (
        isinstance(call, Mapping)
        and isinstance(call.get("function"), Mapping)
        and isinstance(call.get("id", ""), str)
    )


def _is_answer(message: Any) -> bool:
    return isinstance(message, Mapping) and message.get("role") == "tool"


def _with_text_id(answer: TaskMessage) -> TaskMessage:
    own = answer.get("tool_call_id")
    if own == "":
        return {k: v for k, v in answer.items() if k != "tool_call_id"}
    is_number = isinstance(own, int) and not isinstance(own, bool)
    return {**answer, "tool_call_id": str(own)} if is_number else answer


def _one_each(answer: TaskMessage, calls: int) -> list[TaskMessage]:
    """The results of several calls in one answer, an answer each; else the answer alone."""
    content = answer.get("content")
    try:
        held = json.loads(content) if isinstance(content, str) else None
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, list) or len(held) != calls or "tool_call_id" in answer:
        return [answer]
    return [{**answer, **_result(each)} for each in held]


def _result(held: Any) -> dict[str, Any]:
    """An entry of such a list: what was returned, and to which call where it says so."""
    is_told = isinstance(held, Mapping) and "content" in held
    named = (n for n in ("tool_call_id", "name") if is_told and isinstance(held.get(n), str))
    returned = held["content"] if is_told else held
    text = returned if isinstance(returned, str) else json_text(returned)
    return {"content": text, **{name: held[name] for name in named}}


def _with_ids(
    calls: list[dict[str, Any]], answers: Sequence[TaskMessage], number: int, taken: set[str]
) -> list[dict[str, Any]]:
    """Calls with ids: of the answers, where each of these names a call that has none; or new."""
    without = [at for at, call in enumerate(calls) if "id" not in call]
    if not without:
        return calls
    known = {call.get("id") for call in calls}
    named = [own for a in answers if (own := _id(a)) is not None and own not in known]
    fits = len(named) == len(without) and len({*named, *taken}) == len(named) + len(taken)
    given = list(calls)
    for place, at in enumerate(without):
        own = named[place] if fits else _new_id(number, at + 1, taken)
        taken.add(own)
        given[at] = {"id": own, **calls[at]}
    return given


def _id(answer: TaskMessage) -> str | None:
    own = answer.get("tool_call_id")
    return own if isinstance(own, str) else None


def _new_id(message: int, call: int, taken: set[str]) -> str:
    made = f"call_{message}_{call}"
    while made in taken:
        made += "_"
    return made


def _with_calls(answers: list[TaskMessage], calls: Sequence[TaskMessage]) -> list[TaskMessage]:
    """Answers that name the calls that they are to, as far as that is certain."""
    told = {_id(answer) for answer in answers}
    waiting = [call for call in calls if call["id"] not in told]
    silent = [at for at, answer in enumerate(answers) if answer.get("tool_call_id") is None]
    given = list(answers)
    for at in list(silent):
        fitting = [c for c in waiting if c["function"].get("name") == answers[at].get("name")]
        if len(fitting) == 1:
            given[at] = {**answers[at], "tool_call_id": fitting[0]["id"]}
            waiting.remove(fitting[0])
            silent.remove(at)
    if len(silent) == len(waiting) and not any(
        isinstance(answers[at].get("name"), str)
        and answers[at]["name"] != call["function"].get("name")
        for at, call in zip(silent, waiting, strict=True)
    ):
        for at, call in zip(silent, waiting, strict=True):
            given[at] = {**answers[at], "tool_call_id": call["id"]}
    return given
