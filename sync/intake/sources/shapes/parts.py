"""The parts of a message's content, in the words of every API that has some, as what they say.

OpenAI (chat and Responses), Anthropic and Hugging Face give a part's kind as its `type`; Gemini and
Bedrock name the one field that it holds. What no page can show is refused by its true name.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from label_configs.call_arguments import json_text
from label_configs.content import TEXT, image_urls
from label_configs.source_reasoning import NAME as REASONING
from sync.common.json_text import json_type
from sync.intake.sources.row import Unshowable
from sync.intake.sources.shapes.pictures import WHAT_IT_IS, picture, picture_of_media
from sync.intake.sources.shapes.shape import SourceMessage

SourcePart = Mapping[str, Any]


@dataclass
class ReadParts:
    """What the parts of one message say, by what it becomes.

    Attributes:
        content: parts of text and pictures, in order.
        results: messages of the role tool.
        kept: keys of the message that carry what nobody reads.
    """

    content: list[dict[str, Any]] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    results: list[SourceMessage] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def text_or_parts(self) -> Any:
        """The content: one text, or parts where there is a picture among them."""
        if image_urls(self.content):
            return [p for p in self.content if p["type"] != TEXT or p[TEXT].strip()]
        return "\n".join(part[TEXT] for part in self.content)


def read_parts(parts: Sequence[Any], at: str) -> ReadParts:
    """The parts of a content.

    Args:
        at: file, line and message, for errors.

    Raises:
        Unshowable: a part that no page can show.
    """
    said = ReadParts()
    for part in parts:
        if isinstance(part, str):
            said.content.append({"type": TEXT, TEXT: part})
        elif isinstance(part, Mapping):
            _read_part({k: v for k, v in part.items() if v is not None}, said, at)
        else:
            raise Unshowable(f"{at} holds {json_type(part)} among its parts; {_REMEDY}")
    return said


def messages_of(message: SourceMessage, at: str) -> list[SourceMessage]:
    """A message with a content of parts as messages: tools' results stand by themselves.

    Raises:
        Unshowable: a part that no page can show.
    """
    said = read_parts(message["content"], at)
    rest = {name: value for name, value in message.items() if name != "content"} | said.kept
    if said.reasoning:
        told = [message.get(REASONING), *said.reasoning]
        rest[REASONING] = "\n\n".join(text for text in told if isinstance(text, str) and text)
    if said.calls:
        own = message.get("tool_calls")
        rest["tool_calls"] = [*(own if isinstance(own, list) else []), *said.calls]
    only_results = said.results and not (said.content or said.calls)
    spoken = [] if only_results else [{**_first(rest), "content": said.text_or_parts, **rest}]
    return [*said.results, *spoken]


def call(name: Any, arguments: Any, own_id: Any = None) -> dict[str, Any]:
    """A call in OpenAI's form; arguments are written as JSON text."""
    is_text = isinstance(arguments, str)
    written = arguments if is_text else json_text(arguments or {})
    own = {"id": own_id} if own_id not in (None, "") else {}
    return {**own, "type": "function", "function": {"name": name, "arguments": written}}


def result(content: Any, own_id: Any = None, **keys: Any) -> SourceMessage:
    """A message of the role tool; data becomes its JSON, nothing becomes ""."""
    if content is None:
        content = ""
    if not isinstance(content, (str, list)):
        content = json_text(content)
    named = {"tool_call_id": own_id} if own_id not in (None, "") else {}
    return {"role": "tool", "content": content, **named, **keys}


_REMEDY = "replace it by words, or remove the conversation"


def _first(rest: Mapping[str, Any]) -> dict[str, Any]:
    return {"role": rest["role"]} if "role" in rest else {}


def _read_part(part: SourcePart, said: ReadParts, at: str) -> None:
    kind = part.get("type")
    if kind is None:
        named = next((name for name in part if name in _BY_FIELD), None)
        if named is not None:
            _BY_FIELD[named](part, said, at)
            return
        kind = next(iter(part), "nothing")
    elif reader := _BY_TYPE.get(str(kind)):
        reader(part, said, at)
        return
    if what := WHAT_IT_IS.get(str(kind)):
        raise Unshowable(
            f"{at} holds {what} ({kind!r}), which no page can show: say in words what is in it, "
            "or remove the conversation"
        )
    raise Unshowable(f"{at} holds a part of type {kind!r}, which nothing here reads; {_REMEDY}")


def _text(part: SourcePart, said: ReadParts, at: str) -> None:
    written = next((part[name] for name in (TEXT, "value", "refusal") if name in part), None)
    if not isinstance(written, str):
        raise Unshowable(f"{at} holds a part of type 'text' without text; {_REMEDY}")
    if part.get("thought") is True:
        said.reasoning.append(written)
    else:
        said.content.append({"type": TEXT, TEXT: written})


def _picture(part: SourcePart, said: ReadParts, at: str) -> None:
    said.content.append(picture(part, at))


def _media(part: SourcePart, said: ReadParts, at: str) -> None:
    said.content.append(picture_of_media(part, at))


def _reasoning(part: SourcePart, said: ReadParts, at: str) -> None:
    told = next((part[n] for n in ("thinking", "reasoning", TEXT, "value") if n in part), "")
    if isinstance(told, list):  # a summary of several paragraphs
        told = "\n\n".join(str(each.get(TEXT, "")) for each in told if isinstance(each, Mapping))
    if isinstance(told, str) and told.strip():
        said.reasoning.append(told)


def _reasoning_of_bedrock(part: SourcePart, said: ReadParts, at: str) -> None:
    told = part["reasoningContent"]
    inner = told.get("reasoningText") if isinstance(told, Mapping) else None
    if isinstance(inner, Mapping):
        _reasoning(inner, said, at)
    elif isinstance(told, Mapping):
        said.kept.setdefault("redacted_reasoning", []).append(dict(told))


def _redacted(part: SourcePart, said: ReadParts, at: str) -> None:
    said.kept.setdefault("redacted_reasoning", []).append(dict(part))


def _call(part: SourcePart, said: ReadParts, at: str) -> None:
    """A call of Anthropic's, Bedrock's or Gemini's, or as JSON text in `value`: one, or a list."""
    given: Any = next((part[n] for n in _CALLS if isinstance(part.get(n), Mapping)), part)
    written = given.get("value")
    if isinstance(written, str):
        try:
            given = json.loads(written)
        except (ValueError, RecursionError):
            given = {}
    said.calls += map(_called, given if isinstance(given, list) else [given])


def _called(given: Any) -> dict[str, Any]:
    """One call; without a name where it is none, which is refused as that."""
    given = given if isinstance(given, Mapping) else {}
    inner = given.get("function")
    inner = inner if isinstance(inner, Mapping) else given
    arguments: Any = next((inner[n] for n in ("input", "args", "arguments") if n in inner), {})
    own_id = next((given[n] for n in ("id", "toolUseId") if n in given), None)
    return call(inner.get("name"), arguments, own_id)


def _result(part: SourcePart, said: ReadParts, at: str) -> None:
    """A result of Anthropic's or Bedrock's."""
    given: Any = part.get("toolResult") or part
    given = given if isinstance(given, Mapping) else {"content": given}
    own_id = next((given[n] for n in ("tool_use_id", "toolUseId") if n in given), None)
    content = given.get("content")
    if isinstance(content, list):
        content = read_parts(content, at).text_or_parts
    failed = given.get("is_error") is True or given.get("status") == "error"
    said.results.append(result(content, own_id, **({"is_error": True} if failed else {})))


def _response(part: SourcePart, said: ReadParts, at: str) -> None:
    """A result of Gemini's."""
    given = next(part[n] for n in ("functionResponse", "function_response") if n in part)
    given = given if isinstance(given, Mapping) else {}
    named = {"name": given["name"]} if given.get("name") else {}
    said.results.append(result(given.get("response"), given.get("id"), **named))


def _data(part: SourcePart, said: ReadParts, at: str) -> None:
    said.content.append({"type": TEXT, TEXT: json_text(part["json"])})


def _nothing(part: SourcePart, said: ReadParts, at: str) -> None:
    """A mark for a cache, which says nothing."""


_CALLS = ("toolUse", "functionCall", "function_call")
_PartReader = Callable[[SourcePart, ReadParts, str], None]
_BY_TYPE: dict[str, _PartReader] = {
    **dict.fromkeys((TEXT, "input_text", "output_text", "refusal"), _text),
    **dict.fromkeys(("image_url", "image", "input_image"), _picture),
    **dict.fromkeys(("reasoning", "thinking"), _reasoning),
    "redacted_thinking": _redacted,
    **dict.fromkeys(("tool_use", "tool_call", "function_call"), _call),
    "tool_result": _result,
}
# of parts without a type, in this order
_BY_FIELD: dict[str, _PartReader] = {
    **dict.fromkeys((TEXT, "refusal"), _text),
    **dict.fromkeys(("image", "image_url"), _picture),
    **dict.fromkeys(("inlineData", "inline_data", "fileData", "file_data"), _media),
    "reasoningContent": _reasoning_of_bedrock,
    **dict.fromkeys(_CALLS, _call),
    "toolResult": _result,
    **dict.fromkeys(("functionResponse", "function_response"), _response),
    "json": _data,
    "cachePoint": _nothing,
}
