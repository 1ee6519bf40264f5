"""ShareGPT: `conversations`, each turn with from and value, a call of a tool as well."""

import re
from collections.abc import Mapping
from typing import Any

from label_configs.message_forms import put_right
from label_configs.raw_reply import split_reply
from sync.common.errors import SourceError
from sync.intake.sources.json_values import parse
from sync.intake.sources.shapes.parts import read_parts
from sync.intake.sources.shapes.shape import RowShape, SourceMessage, take_turns

_ROLES = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "chatgpt": "assistant",
    "bard": "assistant",
    "bing": "assistant",
    "model": "assistant",
    "system": "system",
    "developer": "developer",
    "tool": "tool",
    "observation": "tool",
    "function": "tool",
    "function_response": "tool",
    "tool_response": "tool",
}
_CALLS = ("function_call", "tool_call")
# words before calls, as LLaMA-Factory takes them
_TAGGED = re.compile(r"(.*?)\n?<tool_call>(.*?)</tool_call>\s*", re.DOTALL)


def _conversation(fields: dict[str, Any], where: str) -> list[SourceMessage]:
    said: list[SourceMessage] = []
    for number, turn in enumerate(take_turns(fields, "conversations", "{from, value}", where), 1):
        speaker, words, rest = _parts(number, turn, where)
        if speaker in _CALLS and isinstance(words, str):
            _add_calls(said, words, rest)
        else:
            said.append({**rest, "role": _role(speaker, number, where), "content": words})
    return put_right(said)


def _parts(number: int, turn: Any, where: str) -> tuple[str, Any, dict[str, Any]]:
    """Who speaks, in lower case, the words or parts, and what else the turn holds."""
    said = dict(turn) if isinstance(turn, Mapping) else {}
    # some files name the fields as OpenAI does
    speaker, words = said.get("from", said.get("role")), said.get("value", said.get("content"))
    if isinstance(speaker, str) and words is None and {"value", "content"} & said.keys():
        words = ""  # a tool that returned nothing, or an empty message, which is refused as that
    if isinstance(words, list) and words:
        words = read_parts(words, f"{where}: turn {number}").text_or_parts
    if isinstance(speaker, str) and "tool_calls" in said:
        words = words or ""
    if not isinstance(speaker, str) or not isinstance(words, (str, list)):
        raise SourceError(f"{where}: turn {number} must hold 'from' and 'value', both text")
    names = ("from", "value") if "from" in said else ("role", "content")
    rest = {k: v for k, v in said.items() if k not in names and v is not None}
    return speaker.lower(), words, rest


def _role(speaker: str, number: int, where: str) -> str:
    role = _ROLES.get(speaker)
    if role is None:
        known = ", ".join([*_ROLES, *_CALLS])
        raise SourceError(f"{where}: turn {number} is from {speaker!r}; known are {known}")
    return role


def _add_calls(said: list[SourceMessage], words: str, rest: Mapping[str, Any]) -> None:
    """Calls as JSON text, perhaps after reasoning and words, in the assistant's turn.

    That is the turn before, where it is the assistant's and has no calls yet.
    Text that is no JSON stays for others to refuse.
    """
    thought = split_reply(words)
    told: SourceMessage = {}
    if thought.reasoning and not thought.unclosed:
        told["reasoning_content"] = thought.reasoning
        words = thought.answer
    if (tagged := _TAGGED.fullmatch(words)) is not None:
        told["content"], words = tagged.groups()
    if told:
        said.append({"role": "assistant", "content": "", **told})
    calls = _calls_in(words)
    before = said[-1] if said and said[-1].get("role") == "assistant" else None
    own = before.get("tool_calls") if before else None
    if before is None or (own and not (isinstance(own, list) and calls)):
        said.append({**rest, "role": "assistant", "content": "", "tool_calls": calls or words})
    else:
        said[-1] = {**before, **rest, "tool_calls": [*(own or ()), *calls] if calls else words}


def _calls_in(words: str) -> list[Any]:
    """The calls in JSON text: one, or a list; none where it is something else."""
    try:
        found = parse(words)
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else [found] if isinstance(found, dict) else []


shape = RowShape("ShareGPT", "conversations", _conversation, also_read=("tools",))
