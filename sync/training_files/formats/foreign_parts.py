"""What a part of a content is that a format does not know: whose form it has, and its kind.

Only kinds that are listed here are repeated, since any other text of a line may be private.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sync.common.json_text import json_type

_BY_TYPE = {
    "Anthropic's": (
        *("tool_use", "tool_result", "thinking", "redacted_thinking", "document"),
        *("server_tool_use", "web_search_tool_result", "search_result"),
    ),
    "the form of OpenAI's Responses": (
        *("input_text", "output_text", "input_image", "input_file", "summary_text"),
        *("function_call", "function_call_output", "reasoning_text"),
    ),
    "OpenAI's": ("text", "image_url", "input_audio", "file", "refusal"),
    "the form of vLLM's server": ("video_url", "audio_url"),
    "Hugging Face's": ("image", "audio", "video"),
    "no reader's own form": ("reasoning", "tool_call", "think"),
}
_WHOSE = {kind: whose for whose, kinds in _BY_TYPE.items() for kind in kinds}
_BY_KEY = {
    "Gemini's": (
        *("functionCall", "functionResponse", "inlineData", "fileData", "executableCode"),
        *("function_call", "function_response", "inline_data", "file_data"),
    ),
    "Bedrock's": ("toolUse", "toolResult", "reasoningContent", "cachePoint", "guardContent"),
}
_KEYS = tuple((key, whose) for whose, keys in _BY_KEY.items() for key in keys)
_MEDIA = ("image", "document", "video", "audio")  # of Bedrock, with a format and a source


def told(part: Any) -> str:
    """What a part is, in the words of a fault, such as "a part of Anthropic's: tool_use"."""
    if isinstance(part, str):
        return 'text in place of a part; write {"type": "text", "text": …}'
    if not isinstance(part, Mapping):
        return f"{json_type(part)} in place of a part"
    kind = part.get("type")
    if "value" in part and kind in ("text", "reasoning", "tool_call", *_WHOSE):
        return f"a part of LLaMA-Factory's version 1: {kind} with a value"
    if kind == "image" and isinstance(part.get("source"), Mapping):
        return "a part of Anthropic's: image with a source"
    if isinstance(kind, str):
        whose = _WHOSE.get(kind)
        return f"a part of {whose}: {kind}" if whose else "a part of an unknown type"
    if kind is not None:
        return f"a part whose type is {json_type(kind)}"
    return _without_type(part)


def _without_type(part: Mapping[str, Any]) -> str:
    for key, whose in _KEYS:
        if key in part:
            return f"a part of {whose}: {key}, without a type"
    for key in _MEDIA:
        if isinstance(part.get(key), Mapping):
            return f"a part of Bedrock's: {key}, without a type"
    if "text" in part:
        return 'a part without a type, as Gemini and Bedrock have it; add "type": "text"'
    return "a part without a type"


def first_told(parts: list[Any]) -> str:
    """The first part of a list that is more than text, else the first, in the words of a fault."""
    return told(next(_foreign(parts), parts[0]))


def _foreign(parts: list[Any]) -> Iterator[Any]:
    for part in parts:
        if not (isinstance(part, Mapping) and part.get("type") == "text" and "text" in part):
            yield part
