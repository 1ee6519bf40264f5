"""The rules that Gemini has for calls of functions and the responses to them.

Sources, as of November 2026: the API's `Content`, `FunctionCall`, `FunctionResponse` and
`FunctionDeclaration` (a name begins with a letter or _, then letters, digits, _ . : -, 128 at
most), and what its service refuses: "the number of function response parts is equal to the number
of function call parts of the function call turn". A conversation may end with a call.
"""

import re
from collections.abc import Iterator
from typing import Any

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault
from sync.training_files.formats.json_types import text_fault
from sync.training_files.formats.tool_schemas import not_declared, schema_fault

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}")
_NAME_TOLD = (
    "a function's name begins with a letter of English or _ and may have letters, digits, _ . : "
    "and -, 128 at most; rename it"
)
_KINDS = {"functionCall": ("model", "args"), "functionResponse": ("user", "response")}


def function_faults(where: str, role: Any, part: Json) -> Iterator[Fault]:
    """Every rule that one part breaks by itself."""
    for key, (speaker, holds) in _KINDS.items():
        if key not in part:
            continue
        function = part[key] if isinstance(part[key], dict) else {}
        name = function.get("name")
        if not isinstance(name, str) or not isinstance(function.get(holds), dict):
            yield Fault(key, f"{where}: {key} must hold a name and {holds}, an object")
        elif not _NAME.fullmatch(name):
            yield Fault(key, f"{where}: {_NAME_TOLD}")
        if role != speaker and role in ("user", "model"):
            yield Fault(key, f"{where}: {key} may stand in a turn of the {speaker}'s only; move it")


def pair_faults(turns: list[Json]) -> Iterator[Fault]:
    """Responses that are more or fewer than the calls before them; of turns right in all else."""
    for number, turn in enumerate(turns, 1):
        responses = _names(turn, "functionResponse")
        called = _names(turns[number - 2], "functionCall") if number > 1 else []
        if len(responses) != len(called):
            yield Fault(
                "function_pairs",
                f"turn {number}: {len(responses)} functionResponse parts to {len(called)} "
                "functionCall parts of the turn before; write one for each",
            )
        elif sorted(responses) != sorted(called):
            yield Fault(
                "function_pairs",
                f"turn {number}: a functionResponse has another name than the functionCall before "
                "it; write the same",
                "warning",
            )


def tools_faults(tools: Any, turns: Any) -> Iterator[Fault]:
    """Every rule that the declared functions break, and calls of others."""
    known: set[str] = set()
    for tool in tools if isinstance(tools, list) else [None]:
        declared = tool.get("functionDeclarations") if isinstance(tool, dict) else None
        if not isinstance(declared, list) or not all(
            isinstance(function, dict) and isinstance(function.get("name"), str)
            for function in declared
        ):
            yield Fault(
                "tools", "tools must be a list of objects with functionDeclarations, each named"
            )
            return
        for number, function in enumerate(declared, 1):
            yield from _declaration_faults(f"functionDeclaration {number}", function, known)
            known.add(function["name"])
    if known and isinstance(turns, list):
        called = [(n, name) for n, turn in enumerate(turns, 1) for name in _names(turn)]
        yield from not_declared(known, called, "turn")


def _declaration_faults(where: str, function: Json, known: set[str]) -> Iterator[Fault]:
    if not _NAME.fullmatch(function["name"]):
        yield Fault("tools", f"{where}: {_NAME_TOLD}")
    if function["name"] in known:
        message = f"{where} has the name of an earlier one; leave one out, or rename it"
        yield Fault("tools", message, "warning")
    fault = schema_fault(where, function.get("parameters"), capitals=True)
    if fault is not None:
        yield fault


def _names(turn: Any, key: str = "functionCall") -> list[str]:
    parts = turn.get("parts") if isinstance(turn, dict) else None
    functions = [
        part[key]
        for part in (parts if isinstance(parts, list) else ())
        if isinstance(part, dict) and isinstance(part.get(key), dict)
    ]
    return [f["name"] for f in functions if isinstance(f.get("name"), str)]


def system_faults(system: Any) -> Iterator[Fault]:
    """Every rule that a line's `systemInstruction` breaks."""
    parts = system.get("parts") if isinstance(system, dict) else None
    if not isinstance(parts, list) or not parts:
        yield Fault(
            "systemInstruction",
            "systemInstruction must be an object with parts, a non-empty list of texts",
        )
        return
    for part in parts:
        text = part.get("text") if isinstance(part, dict) else None
        fault = text_fault("systemInstruction: text", text, "systemInstruction")
        if fault is not None:
            yield fault
