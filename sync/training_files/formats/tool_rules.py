"""The rules that formats have for calls of tools and for the tools' answers.

Sources, as of November 2026: OpenAI's API description (`function.name`: letters, digits, `_` and
`-`, 64 at most; `function.arguments`: JSON as text; `tool_call_id`) and its guides "Function
calling" and "Fine-tuning" (every call is answered before anybody else speaks, an example may end
with a call); its service refuses a request otherwise ("An assistant message with 'tool_calls' must
be followed by tool messages responding to each 'tool_call_id'"), and one that has an id twice in a
message. What it takes but a trainer may stumble on is a warning.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.common.json_text import json_type
from sync.training_files.formats.format import Fault, FaultSeverity
from sync.training_files.formats.json_types import not_filled

# what OpenAI asks of names, of functions and of participants
OPENAI_NAMES = re.compile(r"[a-zA-Z0-9_-]{1,64}")
OPENAI_NAMES_TOLD = "letters of English, digits, _ and -, 64 at most"


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


# made once; Python reads NaN and Infinity, which are in no JSON
_DECODER = json.JSONDecoder(parse_constant=_no_number)


@dataclass(frozen=True, slots=True)
class CallRules:
    """What a format asks of calls of tools.

    Attributes:
        arguments: the type of `function.arguments`: JSON as text, or the object itself.
        ids: whether each call has an id, which its answer repeats.
        whole: whether a list of messages holds every call that its tools' answers are to.
        names: what a function's name must be; None: any text.
        answered: how bad it is that a call has no answer before somebody else speaks.
    """

    arguments: type[str] | type[dict[str, Any]]
    ids: bool
    whole: bool = True
    names: re.Pattern[str] | None = None
    answered: FaultSeverity = "error"

    def faults(self, where: str, role: Any, calls: Any) -> Iterator[Fault]:
        """Every rule that one message's `tool_calls` break.

        Args:
            where: such as "message 3".
            role: the message's.
        """
        if calls is None and not self.ids:
            return  # a column that is null in this row
        if role != "assistant":
            yield Fault("tool_calls", f"{where}: only assistant messages may call tools")
        if not isinstance(calls, list) or not calls:
            came = not_filled(calls)
            yield Fault("tool_calls", f"{where}: tool_calls must be a non-empty list, found {came}")
            return
        for call in calls:
            yield from self._call(where, call)

    def _call(self, where: str, call: Any) -> Iterator[Fault]:
        function = call.get("function") if isinstance(call, dict) else None
        name = function.get("name") if isinstance(function, dict) else None
        if not isinstance(function, dict) or not isinstance(name, str):
            yield Fault("tool_calls", f"{where}: a tool call needs a function with a name")
            return
        if self.names is not None and not self.names.fullmatch(name):
            yield Fault(
                "tool_name",
                f"{where}: a function's name may have {OPENAI_NAMES_TOLD}; rename it here and "
                "where it is declared",
            )
        if self.ids and not isinstance(call.get("id"), str):
            yield Fault("tool_calls", f"{where}: a tool call needs an id that is text")
        fault = self._argument_fault(where, function.get("arguments"))
        if fault is not None:
            yield fault

    def _argument_fault(self, where: str, arguments: Any) -> Fault | None:
        rule = "tool_arguments"
        if not isinstance(arguments, self.arguments):
            expected = (
                "text (JSON in a string)"
                if self.arguments is str
                else "an object (the JSON itself, not as text)"
            )
            came = json_type(arguments)
            return Fault(rule, f"{where}: function.arguments must be {expected}, found {came}")
        if not isinstance(arguments, str):
            return None
        if not arguments.strip():
            message = f"{where}: function.arguments is empty, which is no JSON; write {{}}"
            return Fault(rule, message, "warning", "empty")
        try:
            value = _DECODER.decode(arguments)
        except (ValueError, RecursionError):
            message = f"{where}: function.arguments is text that is no JSON; complete or correct it"
            return Fault(rule, message)
        if isinstance(value, dict):
            return None
        return Fault(
            rule,
            f"{where}: function.arguments must hold a JSON object, found {json_type(value)}; name "
            "each argument",
        )

    def order_faults(self, messages: list[Any], where: str) -> Iterator[Fault]:
        """Tools' answers whose `tool_call_id` names no call that was made before them."""
        if not self.whole:
            yield from self._missing_ids(messages, where)
            return
        called: set[str] = set()
        for number, message in enumerate(messages, 1):
            if not isinstance(message, dict):
                continue
            answers = message.get("tool_call_id")
            told = self.ids or answers is not None
            known = isinstance(answers, str) and answers in called
            if message.get("role") == "tool" and told and not known:
                came = "another" if isinstance(answers, str) else json_type(answers)
                yield Fault(
                    "tool_call_id",
                    f"{where} {number}: tool_call_id must be the id of a tool call that was made "
                    f"before it, found {came}",
                )
            called.update(_ids(message))

    def _missing_ids(self, messages: list[Any], where: str) -> Iterator[Fault]:
        """Tools' answers without any id, where the calls may stand before the list."""
        for number, message in enumerate(messages, 1):
            if not (self.ids and isinstance(message, dict) and message.get("role") == "tool"):
                continue
            if not isinstance(answers := message.get("tool_call_id"), str):
                told = f"{where} {number}: tool_call_id must be the id of a tool call"
                yield Fault("tool_call_id", f"{told}, found {json_type(answers)}")

    def pair_faults(self, messages: list[Any], where: str) -> Iterator[Fault]:
        """Calls without an answer, and ids that stand twice; of messages right in all else."""
        seen: set[str] = set()
        for at, message in enumerate(messages):
            ids = _ids(message)
            if len(set(ids)) < len(ids):
                told = f"{where} {at + 1}: two calls of one message have the same id; tell them "
                yield Fault("tool_ids", f"{told}apart", self.answered)
            elif not seen.isdisjoint(ids):
                yield Fault(
                    "tool_ids",
                    f"{where} {at + 1}: a call has the id of an earlier one, and who goes by ids "
                    "mixes their answers up; give it its own",
                    "warning",
                )
            seen.update(ids)
            calls = message.get("tool_calls")
            end = _end_of_answers(messages, at + 1)
            if calls and end < len(messages):
                missing = _unanswered(calls, ids, messages[at + 1 : end])
                if missing:
                    yield Fault(
                        "unanswered",
                        f"{where} {at + 1}: {missing} of its {len(calls)} tool calls "
                        f"{'has' if missing == 1 else 'have'} no answer before somebody else "
                        "speaks; add the tool's message, or take the call away",
                        self.answered,
                    )


def _ids(message: Any) -> list[str]:
    calls = message.get("tool_calls") if isinstance(message, dict) else None
    return [
        call["id"]
        for call in (calls if isinstance(calls, list) else ())
        if isinstance(call, dict) and isinstance(call.get("id"), str)
    ]


def _end_of_answers(messages: Sequence[Any], start: int) -> int:
    """The index of the first message that is no tool's."""
    while start < len(messages) and messages[start].get("role") == "tool":
        start += 1
    return start


def _unanswered(calls: Sequence[Any], ids: Sequence[str], answers: Sequence[Any]) -> int:
    """How many calls have no answer; by their ids, or where they have none by their number."""
    told = [a.get("tool_call_id") for a in answers]
    if len(ids) < len(calls) or None in told:
        return max(0, len(calls) - len(answers))
    return sum(own not in told for own in ids)


OPENAI_CALLS = CallRules(arguments=str, ids=True, names=OPENAI_NAMES)
TRL_CALLS = CallRules(arguments=dict, ids=False, answered="warning")


def called_names(messages: Any) -> Iterator[tuple[int, str]]:
    """(message, from 1; name) of every function that messages call, whatever they hold."""
    for number, message in enumerate(messages if isinstance(messages, list) else (), 1):
        calls = message.get("tool_calls") if isinstance(message, Mapping) else None
        for call in calls if isinstance(calls, list) else ():
            function = call.get("function") if isinstance(call, Mapping) else None
            name = function.get("name") if isinstance(function, Mapping) else None
            if isinstance(name, str):
                yield number, name
