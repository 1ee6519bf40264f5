"""The columns of formats whose lines all have the same ones, as `datasets` writes features.

Formats that hold tools, or messages with different keys, are left to `datasets` to infer: what
stands in their lines depends on the data.
"""

from typing import Any

Feature = dict[str, Any]


def _text(name: str) -> Feature:
    return {"name": name, "dtype": "string"}


_TURN = [_text("from"), _text("value")]
_BLOCK = [_text("text")]
_SHAREGPT = [{"name": "conversations", "list": _TURN}]

FEATURES: dict[str, list[Feature]] = {
    "alpaca": [
        *(_text(name) for name in ("instruction", "input", "output", "system")),
        {"name": "history", "list": {"list": "string"}},
    ],
    "sharegpt": [*_SHAREGPT, _text("tools")],
    "sharegpt-preference": [
        *_SHAREGPT,
        {"name": "chosen", "struct": _TURN},
        {"name": "rejected", "struct": _TURN},
        _text("tools"),
    ],
    "sharegpt-kto": [*_SHAREGPT, {"name": "kto_tag", "dtype": "bool"}, _text("tools")],
    "trl-stepwise": [
        _text("prompt"),
        {"name": "completions", "list": "string"},
        {"name": "labels", "list": "bool"},
    ],
    "bedrock-conversation": [
        _text("schemaVersion"),
        {"name": "system", "list": _BLOCK},
        {"name": "messages", "list": [_text("role"), {"name": "content", "list": _BLOCK}]},
    ],
}
