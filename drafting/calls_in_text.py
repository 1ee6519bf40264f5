"""Calls of tools that a server left in the text of a reply, as a model's chat template marks them.

Only what is certain is a call: it stands in marks that a template writes, or is all that the reply
says; and it names a tool that the model was offered. Everything else is text.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.llm_calls import arguments_text
from label_configs.call_arguments import json_text
from label_configs.content import ToolCall
from label_configs.reply_marks import is_quoted

_BLANKS = " \t\r\n\ufeff"
# Hermes, Qwen, and what `connectors.llm_tools` asks for; the end may be cut with the turn's
_BLOCK = re.compile(
    r"<(?P<tag>tool_call|function_call)>\s*(?P<said>.*?)\s*(?:</(?P=tag)>|\Z)", re.DOTALL
)
# Qwen3-Coder: each parameter in tags of its own
_TAGGED = re.compile(
    r"<function=(?P<name>[^>\s]+)>\s*(?P<said>.*?)\s*(?:</function>|\Z)", re.DOTALL
)
_PARAMETER = re.compile(r"<parameter=(?P<name>[^>]+)>\n?(?P<value>.*?)\n?</parameter>", re.DOTALL)
_MISTRAL = re.compile(r"\[TOOL_CALLS\]\s*(?P<said>.*)\Z", re.DOTALL)
_MISTRAL_NAMED = re.compile(r"\s*(?P<name>[\w.-]+)\s*(?:\[CALL_ID\][^\[{]*)?(?:\[ARGS\])?\s*(?=\{)")
_PYTHON_TAG = re.compile(r"<\|python_tag\|>\s*(?P<said>.*)\Z", re.DOTALL)
_DEEPSEEK = re.compile(
    r"<\uff5ctool\u2581calls\u2581begin\uff5c>(?P<said>.*?)(?:<\uff5ctool\u2581calls\u2581end\uff5c>|\Z)",
    re.DOTALL,
)
_DEEPSEEK_CALL = re.compile(
    r"<\uff5ctool\u2581call\u2581begin\uff5c>(?:function<\uff5ctool\u2581sep\uff5c>(?P<old>[^\n]+)\n```json\n(?P<fenced>.*?)\n?```"
    r"|(?P<new>.*?)<\uff5ctool\u2581sep\uff5c>(?P<bare>.*?))\s*<\uff5ctool\u2581call\u2581end\uff5c>",
    re.DOTALL,
)
_FENCED = re.compile(r"```(?:json|tool_call|tool_code)?\s*\n(?P<said>.*?)\n?\s*```", re.DOTALL)
# the end of a turn says nothing
_TURN_END = re.compile(r"<\|(?:im_end|eot_id|eom_id|end|return)\|>|</s>")


@dataclass(frozen=True)
class TextWithCalls:
    """A reply's words and the calls that stood among them.

    Attributes:
        words: without the calls and their marks.
        broken: marks of a call are there, and no call of an offered tool can be read of them.
    """

    words: str
    calls: tuple[ToolCall, ...] = ()
    broken: bool = False


def split_calls(text: str, names: Collection[str]) -> TextWithCalls:
    """A reply, its reasoning aside, as words and calls; without calls the words are the text.

    Args:
        names: of the tools that the model may call.
    """
    bare = _TURN_END.sub("", text).strip(_BLANKS)
    fenced = _FENCED.fullmatch(bare)
    bare = fenced["said"] if fenced else bare
    marked = False
    for pattern, read in _FORMS:
        found = list(pattern.finditer(bare))
        if not found or any(is_quoted(one, bare) for one in found):
            continue
        marked = True
        if calls := _all_of((list(read(one)) for one in found), names):
            return TextWithCalls(pattern.sub("", bare).strip(_BLANKS), calls)
    if not marked and (calls := _all_of([list(_in_json(bare))], names)):
        return TextWithCalls("", calls)
    return TextWithCalls(text, broken=marked)


def _all_of(found: Iterable[list[ToolCall | None]], names: Collection[str]) -> tuple[ToolCall, ...]:
    """Calls of one form; none where one of them is no call of an offered tool."""
    calls = [call for block in found for call in block or [None]]
    known = [call for call in calls if call is not None and call.name in names]
    return tuple(known) if len(known) == len(calls) else ()


def _in_block(found: re.Match[str]) -> Iterator[ToolCall | None]:
    tagged = list(_TAGGED.finditer(found["said"]))
    yield from map(_tagged, tagged) if tagged else _in_json(found["said"])


def _in_tags(found: re.Match[str]) -> Iterator[ToolCall | None]:
    yield _tagged(found)


def _tagged(found: re.Match[str]) -> ToolCall:
    """Parameters in tags, or the arguments as JSON, as Llama writes them."""
    said = found["said"]
    if said.startswith("{"):
        return ToolCall(found["name"], arguments_text(said))
    values = {p["name"].strip(): _value(p["value"]) for p in _PARAMETER.finditer(said)}
    return ToolCall(found["name"], json_text(values))


def _value(text: str) -> Any:
    """JSON where it is a number, a list or the like; else the text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _after_mark(found: re.Match[str]) -> Iterator[ToolCall | None]:
    """Mistral's calls: a list of objects, or a name and its arguments, again and again."""
    said = found["said"]
    named = _MISTRAL_NAMED.match(said)
    if named is None:
        yield from _in_json(said)
    while named is not None:
        try:
            value, end = json.JSONDecoder().raw_decode(said, named.end())
        except (ValueError, RecursionError):
            yield None
            return
        yield ToolCall(named["name"], json_text(value))
        said = said[end:].lstrip(_BLANKS).removeprefix("[TOOL_CALLS]")
        named = _MISTRAL_NAMED.match(said)


def _deepseek(found: re.Match[str]) -> Iterator[ToolCall | None]:
    for call in _DEEPSEEK_CALL.finditer(found["said"]):
        arguments = call["fenced"] if call["old"] else call["bare"]
        yield ToolCall((call["old"] or call["new"]).strip(), arguments_text(arguments.strip()))


def _in_python_tag(found: re.Match[str]) -> Iterator[ToolCall | None]:
    # several are separated by semicolons
    yield from _in_json(found["said"])


def _in_json(said: str) -> Iterator[ToolCall | None]:
    """Calls that are JSON objects: one, several after each other, or a list of them."""
    decoder, said = json.JSONDecoder(), said.strip(_BLANKS)
    # Qwen2.5-Coder, whose template shows two braces, ends its call with two or with more
    skipped = _BLANKS + (";,}" if said.startswith("{{") else ";,")
    at = 1 if said.startswith("{{") else 0
    while at < len(said):
        try:
            value, at = decoder.raw_decode(said, at)
        except (ValueError, RecursionError):
            yield None
            return
        yield from map(_from_object, value if isinstance(value, list) else [value])
        while at < len(said) and said[at] in skipped:
            at += 1


def _from_object(value: Any) -> ToolCall | None:
    """`{"name", "arguments"}`, or `parameters` as Llama has it, and nothing beside them."""
    if not isinstance(value, Mapping):
        return None
    inner = value.get("function")
    told = inner if isinstance(inner, Mapping) else value
    name = told.get("name")
    keys = [key for key in ("arguments", "parameters") if key in told]
    beside = told.keys() - {"name", "arguments", "parameters", "id", "type"}
    if not isinstance(name, str) or len(keys) != 1 or beside:
        return None
    arguments = told[keys[0]]
    if not isinstance(arguments, (str, Mapping)) and arguments is not None:
        return None
    return ToolCall(name, arguments_text(arguments))


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[ToolCall | None]]], ...] = (
    (_BLOCK, _in_block),
    (_TAGGED, _in_tags),
    (_MISTRAL, _after_mark),
    (_PYTHON_TAG, _in_python_tag),
    (_DEEPSEEK, _deepseek),
)
