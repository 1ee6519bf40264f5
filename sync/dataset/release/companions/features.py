"""The columns of formats, as `datasets` writes features in a dataset card.

They are stated rather than left to be inferred, since `datasets` infers them of a file's first
rows: a tool, a weight or a system prompt that only later rows or another split have would then
stop it. What differs from line to line (messages with their own keys, tools, arguments) has the
type `json`, which `datasets` knows since 4.7; each value is loaded as it stands in the line.
"""

from collections.abc import Collection
from typing import Any

Feature = dict[str, Any]


def _text(name: str) -> Feature:
    return {"name": name, "dtype": "string"}


def _any(name: str) -> Feature:
    return {"name": name, "dtype": "json"}


def _list(name: str, of: Any = "json") -> Feature:
    return {"name": name, "list": of}


_TURN = [_text("from"), _text("value")]
_BLOCK = [_text("text")]
_SHAREGPT = _list("conversations", _TURN)
_TOOLS = _list("tools")
_CHAT = [_list("messages"), _TOOLS]

_FEATURES: dict[str, list[Feature]] = {
    "openai-chat": _CHAT,
    "openai-preference": [
        _any("input"),
        _list("preferred_output"),
        _list("non_preferred_output"),
    ],
    "openai-reinforcement": [*_CHAT, _text("reference_answer"), _any("categories")],
    "trl-language-modeling": _CHAT,
    "trl-prompt-completion": [_list("prompt"), _list("completion"), _TOOLS],
    "trl-preference": [_list("prompt"), _list("chosen"), _list("rejected"), _TOOLS],
    "trl-unpaired-preference": [
        _list("prompt"),
        _list("completion"),
        {"name": "label", "dtype": "bool"},
        _TOOLS,
    ],
    "trl-stepwise": [_text("prompt"), _list("completions", "string"), _list("labels", "bool")],
    "sharegpt": [_SHAREGPT, _text("tools")],
    "sharegpt-preference": [
        _SHAREGPT,
        {"name": "chosen", "struct": _TURN},
        {"name": "rejected", "struct": _TURN},
        _text("tools"),
    ],
    "sharegpt-kto": [_SHAREGPT, {"name": "kto_tag", "dtype": "bool"}, _text("tools")],
    "alpaca": [
        *(_text(name) for name in ("instruction", "input", "output", "system")),
        _list("history", {"list": "string"}),
    ],
    "gemini": [
        {"name": "systemInstruction", "struct": [_text("role"), _list("parts", _BLOCK)]},
        _list("contents"),
        _TOOLS,
    ],
    "bedrock-conversation": [
        _text("schemaVersion"),
        _list("system", _BLOCK),
        _list("messages", [_text("role"), _list("content", _BLOCK)]),
    ],
}


def features(form: str, keys: Collection[str]) -> list[Feature]:
    """The columns of a format's lines; none where they can't be told.

    Args:
        keys: of some lines; one that is no known column shows that there may be more of them.
    """
    known = _FEATURES.get(form, [])
    return known if {column["name"] for column in known}.issuperset(keys) else []
