"""Right lines of ShareGPT's formats and Alpaca's, and the changes that are made to them."""

import json
from typing import Any

from tests.sync.training_files.readers.changes import MISSING, Change, Line, column, order, setting

CALL = '{"name": "weather", "arguments": {"city": "Oslo"}}'
TOOLS = [{"name": "weather", "description": "", "parameters": {"type": "object", "properties": {}}}]


def turn(who: str, value: Any = "Hello there.") -> Line:
    return {"from": who, "value": value}


HUMAN, GPT, SYSTEM = turn("human"), turn("gpt", "Hello."), turn("system", "Be kind.")
ASKS, RESULT = turn("function_call", CALL), turn("observation", "4 degrees")
TURNS = [
    [HUMAN, GPT],
    [SYSTEM, HUMAN, GPT],
    [HUMAN, GPT, turn("human", "And then?"), turn("gpt", "Then we wait.")],
    [HUMAN, ASKS, RESULT, GPT],
    [HUMAN, turn("function_call", f"[{CALL}, {CALL}]"), RESULT, GPT],
    [turn("human", "<image>What is it?"), turn("gpt", "A cat.")],
]
VALUES: list[Any] = [
    *("", " ", None, MISSING, 7, {}, [], "Other words.", "<image>What is it?", CALL, "[]", "{"),
    *(f"[{CALL}]", '{"name": "weather"}', '{"name": "weather", "arguments": "{}"}'),
    f"I look.\n<tool_call>{CALL}</tool_call>",
    [{"type": "text", "text": "Hi"}],
]
WHO = ["system", "human", "gpt", "observation", "function_call", "user", "assistant", None, 7]
TURN_CHANGES: list[Change] = [
    setting("from", WHO),
    setting("from", WHO[:5]),
    setting("value", VALUES),
    setting("value", VALUES),
    setting("weight", [0, 1]),
    setting("note", ["mine"]),
    order(SYSTEM, HUMAN, GPT, RESULT),
    order(SYSTEM, HUMAN, GPT, RESULT),
    column("tools", [MISSING, None, "", "[]", "{}", "weather", []]),
    column("tools", [json.dumps(TOOLS), "[{}]", TOOLS]),
    column("system", ["Be kind.", "", None, 7]),
    column("images", [[], ["a.png"], ["a.png", "b.png"], None, "a.png"]),
    column("id", ["row-1"]),
]
ANSWERS = [
    *(MISSING, None, GPT, HUMAN, ASKS, "Hello.", [GPT], turn("gpt", ""), turn("gpt", None)),
    *(turn("function_call", "Hello."), turn("function_call", "")),
]


def with_tools(turns: list[Line], **more: Any) -> Line:
    line: Line = {"conversations": turns, **more}
    if ASKS in turns:
        line["tools"] = json.dumps(TOOLS)
    if any("<image>" in str(said["value"]) for said in turns):
        line["images"] = ["a.png"]
    return line


TEXTS: list[Any] = ["", " ", None, MISSING, 7, {}, [], "Other words.", "<image>What is it?"]
ALPACA = [
    {"instruction": "Say hello.", "input": "", "output": "Hello."},
    {"instruction": "Add.", "input": "2 and 2", "output": "4", "system": "Be short."},
    {"instruction": "And?", "input": "", "output": "Yes.", "history": [["Hi", "Hello."]]},
    {"instruction": "<image>What is it?", "input": "", "output": "A cat.", "images": ["a.png"]},
]
ALPACA_CHANGES: list[Change] = [
    *(column(key, TEXTS) for key in ("instruction", "input", "output", "system")),
    column("history", [[], None, "Hi", [["Hi"]], [["Hi", "Hello."]], [["Hi", None]], [7]]),
    column("images", [[], ["a.png"], ["a.png", "b.png"], None]),
    column("id", ["row-1"]),
]
SEEDS: dict[str, tuple[list[Line], list[Change]]] = {
    "sharegpt": ([with_tools(turns) for turns in TURNS], TURN_CHANGES),
    "sharegpt-preference": (
        [with_tools(t[:-1], chosen=t[-1], rejected=turn("gpt", "No.")) for t in TURNS],
        [*TURN_CHANGES, column("chosen", ANSWERS), column("rejected", ANSWERS)],
    ),
    "sharegpt-kto": (
        [with_tools(turns, kto_tag=True) for turns in TURNS],
        [*TURN_CHANGES, column("kto_tag", [True, False, None, 1, "true", MISSING])],
    ),
    "alpaca": (ALPACA, ALPACA_CHANGES),
}
