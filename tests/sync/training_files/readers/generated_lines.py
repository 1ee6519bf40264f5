"""Lines of every format, right ones and what becomes of them by some changes; the same each time.

A seed and its number make a line: one that is right is taken, and up to three changes are made that
keep its structure in mind: roles, orders, contents, parts, calls, weights, names, tools, columns.
"""

import copy
import json
import random
from typing import Any

from tests.sync.training_files.readers.changes import MISSING, Change, Line, column, order, setting
from tests.sync.training_files.readers.generated_turns import SEEDS

PNG = "data:image/png;base64,iVBORw0KGgo="


def said(role: str, content: Any = "Hello there.", **more: Any) -> Line:
    return {"role": role, "content": content, **more}


def call(arguments: Any = '{"city": "Oslo"}', id: Any = "c1", name: Any = "weather") -> Line:
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def text(words: Any = "Hi") -> Line:
    return {"type": "text", "text": words}


def image(url: Any = PNG) -> Line:
    return {"type": "image_url", "image_url": {"url": url}}


WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
RESULT = said("tool", "5", tool_call_id="c1")
SYSTEM, USER, ANSWER = said("system", "Be kind."), said("user"), said("assistant", "Hello.")


def conversations(objects: bool) -> list[list[Line]]:
    """Conversations that are right; `objects`: a call's arguments are an object, not text."""
    arguments: Any = {"city": "Oslo"} if objects else '{"city": "Oslo"}'
    asks = said("assistant", None, tool_calls=[call(arguments)])
    talks = said("assistant", "I look.", tool_calls=[call(arguments)])
    two = said("assistant", "", tool_calls=[call(arguments), call(arguments, "c2")])
    result = said("tool", "4 degrees", tool_call_id="c1")
    other = said("tool", "5 degrees", tool_call_id="c2")
    return [
        [USER, ANSWER],
        [SYSTEM, USER, ANSWER],
        [USER, ANSWER, said("user", "And then?"), said("assistant", "Then we wait.")],
        [USER, asks, result, ANSWER],
        [SYSTEM, USER, talks, result, ANSWER, said("user", "Thanks"), said("assistant", "Bye.")],
        [USER, two, result, other, ANSWER],
        [USER, asks],
        [said("user", [text(), image()]), said("assistant", [text("A cat.")])],
        [said("user", [image()]), ANSWER],
        [USER, said("assistant", "4", reasoning_content="2 and 2.")],
    ]


ROLES = ["system", "user", "assistant", "tool", "developer", "function", "human", "", None, 7]
CONTENTS: list[Any] = [
    *("", " ", None, MISSING, 7, {}, [], "Other words.", "<image>What is it?"),
    [text()],
    [text(None)],
    [text(), image()],
    [image("https://example.org/a.png")],
    [image("data:image/gif;base64,R0lGOD==")],
    [image("file:///a.png"), text()],
    [image(None)],
    [{"type": "image_url", "image_url": PNG}],
    [{"type": "image_url"}],
    [{"type": "image"}, text()],
    [{"type": "image", "image": "a.png"}],
    [{"type": "input_audio", "input_audio": {"data": "aa", "format": "wav"}}],
    [{"type": "video", "video": "a.mp4"}, text()],
    [{"type": "refusal", "refusal": "No."}],
    [{"type": "reasoning", "text": "So."}, text()],
    [{"text": "no type"}],
    ["only words"],
    [image()] * 11,
    [image()] * 65,
]
CALLS: list[Any] = [
    *(None, [], {}, "weather", [{}], [call()], [call({"city": "Oslo"})], [call(), call()]),
    [call(), call(id="c2")],
    [call("{")],
    [call("")],
    [call("[1]")],
    [call(None)],
    [call(MISSING)],
    [call(id=None)],
    [call(name="get weather")],
    [call(name=None)],
    [call(name="other")],
    [{"id": "c1", "type": "function", "function": "weather"}],
]
TOOLS: list[Any] = [
    *(None, [], {}, "weather", "[]", json.dumps([WEATHER]), [{}], [WEATHER], [WEATHER, WEATHER]),
    [{"type": "function", "function": {"name": "weather"}}],
    [{"type": "function", "function": {"name": "weather", "parameters": {"type": "dict"}}}],
    [{"type": "function", "function": {"name": "weather", "parameters": "{}"}}],
    [{"name": "weather", "parameters": {}}],
    ["weather"],
]


MESSAGE_CHANGES: list[Change] = [
    setting("role", ROLES),
    setting("content", CONTENTS),
    setting("content", CONTENTS),
    setting("tool_calls", CALLS),
    setting("tool_call_id", ["c1", "c2", None, 7, MISSING]),
    setting("weight", [0, 1, 2, 0.5, 1.0, True, None, "1"]),
    setting("name", ["ann", "two words", 1, None]),
    setting("reasoning_content", ["So.", "", None, ["So."]]),
    setting("function_call", [{"name": "weather", "arguments": "{}"}, None]),
    setting("note", ["mine"]),
    order(SYSTEM, USER, ANSWER, RESULT, said("tool", "5", tool_call_id="c9")),
    order(SYSTEM, USER, ANSWER, RESULT),
    order(SYSTEM, USER, ANSWER),
]
COLUMN_CHANGES: list[Change] = [
    column("tools", TOOLS),
    column("tools", TOOLS),
    column("parallel_tool_calls", [True, None, "no"]),
    column("id", ["row-1", 7]),
    column("images", [[], ["a.png"], None]),
    column("text", ["Words.", "", None]),
    column("prompt", ["Words."]),
]


def _chats(objects: bool) -> list[Line]:
    return [
        {"messages": turns}
        | ({"tools": [WEATHER]} if any("tool_calls" in m for m in turns) else {})
        for turns in conversations(objects)
    ]


def _pairs() -> list[Line]:
    better, worse = [said("assistant", "Oslo.")], [said("assistant", "Rome.")]
    asks = [said("assistant", None, tool_calls=[call()])]
    starts = [turns[:-1] for turns in conversations(False) if len(turns) < 4]
    return [
        *(
            {"input": {"messages": s}, "preferred_output": better, "non_preferred_output": worse}
            for s in starts
        ),
        {
            "input": {"messages": [USER], "tools": [WEATHER]},
            "preferred_output": asks,
            "non_preferred_output": worse,
        },
    ]


def _trl(*answers: str, **more: Any) -> list[Line]:
    lines: list[Line] = []
    for turns in conversations(True):
        if turns[-1]["role"] == "assistant" and len(turns) > 1:
            line: Line = {"prompt": turns[:-1], **more}
            line |= {key: [turns[-1] | {"note": key}] for key in answers}
            if any("tool_calls" in m for m in turns):
                line["tools"] = [WEATHER]
            lines.append(line)
    lines.append({"prompt": "The sky", **dict.fromkeys(answers, " is blue."), **more})
    for line in lines:
        for key in answers:
            if isinstance(line[key], list):
                line[key] = [{k: v for k, v in m.items() if k != "note"} for m in line[key]]
    if "rejected" in answers:
        lines = [line | {"rejected": _other(line["rejected"])} for line in lines]
    return lines


def _other(answer: Any) -> Any:
    return "no" if isinstance(answer, str) else [said("assistant", "Another answer.")]


TRL_ANSWERS: list[Change] = [
    column(key, [MISSING, None, "", "Words.", [], 7, [USER], [ANSWER], [SYSTEM], [USER, ANSWER]])
    for key in ("prompt", "completion", "chosen", "rejected")
]
ROW_TEXTS: list[Any] = [
    *("", " ", None, 7, [], {}, "Other words.", MISSING, [text()], [text(), image()], [USER]),
    [image("https://example.org/a.png")],
]
Seeds = dict[str, tuple[list[Line], list[Change]]]


def seeds() -> Seeds:
    """Right lines and changes, by format."""
    label = column("label", [True, False, None, 1, "true", MISSING])
    chat = MESSAGE_CHANGES + COLUMN_CHANGES
    outputs = [
        column(
            key, [MISSING, None, [], "Words.", [ANSWER], [ANSWER, ANSWER], [USER], [said("tool")]]
        )
        for key in ("preferred_output", "non_preferred_output", "input")
    ]
    return SEEDS | {
        "openai-chat": (_chats(False), chat),
        "openai-preference": (_pairs(), [*MESSAGE_CHANGES, *outputs, *COLUMN_CHANGES[2:5]]),
        "openai-reinforcement": (
            [
                {"messages": turns[:-1], "reference_answer": "4"}
                for turns in conversations(False)[:3]
            ],
            chat,
        ),
        "trl-language-modeling": (_chats(True), chat),
        "trl-prompt-completion": (_trl("completion"), [*chat, *TRL_ANSWERS[:2]]),
        "trl-preference": (_trl("chosen", "rejected"), [*chat, TRL_ANSWERS[0], *TRL_ANSWERS[2:]]),
        "trl-unpaired-preference": (_trl("completion", label=True), [*chat, label, label]),
        "together text": ([{"text": "Words."}], [column("text", ROW_TEXTS), *COLUMN_CHANGES[3:5]]),
        "together prompt": (
            [{"prompt": "One and", "completion": " two."}],
            [column("prompt", ROW_TEXTS), column("completion", ROW_TEXTS), *COLUMN_CHANGES],
        ),
    }


def generated(form: str, number: int, seed: int = 0) -> list[Line]:
    """Lines of a format, all of them different."""
    rights, changes = seeds()[form]
    chance = random.Random(f"{form} {seed}")
    found: dict[str, Line] = {}
    tries = 0
    while len(found) < number and tries < number * 20:
        tries += 1
        line = copy.deepcopy(chance.choice(rights))
        for _ in range(chance.choice((1, 1, 1, 1, 2, 2, 3))):
            chance.choice(changes)(chance, line)
        found[json.dumps(_written(line), sort_keys=True)] = line
    return [json.loads(key) for key in found]


def _written(value: Any) -> Any:
    """What stays of a value in JSON: what is missing is not there."""
    if isinstance(value, dict):
        return {k: _written(v) for k, v in value.items() if v is not MISSING}
    return [_written(v) for v in value] if isinstance(value, list) else value
