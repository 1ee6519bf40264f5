"""`dataset_info.json`: what LLaMA-Factory needs to know of a release's files.

Keys: LLaMA-Factory 0.9.5, `data/parser.py`; a column that is named must stand in every file, and
what is not named under `columns` or `tags` is not read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sync.common.json_text import Json
from sync.settings.card import CardSection
from sync.training_files.manifest.contents import ReleaseSummary, WrittenFile

_TURNS = {"messages": "conversations", "tools": "tools"}
# ShareGPT's turns by other names. The formatting `openai` would read calls, but it adds "detailed
# thinking off" to system prompts.
_CHAT = {
    "formatting": "sharegpt",
    "columns": {"messages": "messages"},
    "tags": {
        "role_tag": "role",
        "content_tag": "content",
        "user_tag": "user",
        "assistant_tag": "assistant",
        "observation_tag": "tool",
        "function_tag": "function_call",
        "system_tag": "system",
    },
}
_READ: dict[str, Mapping[str, Any]] = {
    "sharegpt": {"formatting": "sharegpt", "columns": _TURNS},
    "sharegpt-preference": {
        "formatting": "sharegpt",
        "ranking": True,
        "columns": {**_TURNS, "chosen": "chosen", "rejected": "rejected"},
    },
    "sharegpt-kto": {"formatting": "sharegpt", "columns": {**_TURNS, "kto_tag": "kto_tag"}},
    "alpaca": {
        "formatting": "alpaca",
        "columns": {
            "prompt": "instruction",
            "query": "input",
            "response": "output",
            "system": "system",
            "history": "history",
        },
    },
    "openai-chat": _CHAT,
    "trl-language-modeling": _CHAT,
}
# their names say so: without `mask_history: true` LLaMA-Factory learns the earlier answers, too
_MASKED = ("alpaca",)
# role and content: what a message without anything special has
_SAID = 2


def llama_factory(summary: ReleaseSummary, card: CardSection) -> dict[str, str]:
    """`dataset_info.json` with an entry a file, named like the file."""
    entries = {
        entry_name(file): {"file_name": file.file, **_READ[file.format]}
        for file in summary.files
        if file.format in _READ and file.lines and _is_safe(file)
    }
    if not entries:
        return {}
    return {"dataset_info.json": json.dumps(entries, indent=2, sort_keys=True) + "\n"}


def entry_name(file: WrittenFile) -> str:
    """What a file's data set is called in LLaMA-Factory's `dataset` setting."""
    name = file.file.removesuffix(".jsonl")
    return f"{name}.mask_history" if file.format in _MASKED else name


def _is_safe(file: WrittenFile) -> bool:
    """Whether LLaMA-Factory reads all that the lines say.

    Of chat messages it knows no weights and no `tool_calls`: it would learn turns that nobody
    vouched for, and stops at a call.
    """
    return _READ[file.format] is not _CHAT or file.plain is True


def is_plain(line: Json) -> bool:
    """Whether LLaMA-Factory reads all of a line of chat messages; see `WrittenFile.plain`."""
    if line.get("tools"):
        return False
    asks = True
    for number, turn in enumerate(line.get("messages") or [{}]):
        if not isinstance(turn.get("content"), str):
            return False
        if not number and turn.get("role") == "system":
            continue
        if turn.get("role") != ("user" if asks else "assistant"):
            return False
        if len(turn) > _SAID and (
            turn.get("weight", 1) == 0 or turn.get("tool_calls") or turn.get("reasoning_content")
        ):
            return False
        asks = not asks
    return asks
