"""What an example says: its prompt, its answer, and what of it is trained on.

It is read by the shape of a line, not by its format's name, so that a new format of a known shape
needs nothing here. Nothing is assumed of a line: what has the wrong type is not there.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson

from sync.common.json_text import Json


class Said(NamedTuple):
    """The texts of one example.

    Attributes:
        prompt: what comes before the last answer, tools included.
        answer: the last answer, or both of a pair.
        trained: what the loss is computed on.
        turns: messages, for the tokens of a chat template.
        mark: what else tells examples apart, such as a label.
    """

    prompt: list[str]
    answer: list[str]
    trained: list[str]
    turns: int
    mark: str = ""


Reader = Callable[[Json], Said]

_ANSWERS = frozenset({"assistant", "gpt", "model", "function_call"})


def read_messages(line: Json) -> Said:
    """`messages` of OpenAI, TRL and Bedrock; `system` may stand beside them."""
    return _conversation(line, line.get("messages"), "role", "content")


def read_conversations(line: Json) -> Said:
    """ShareGPT; a pair has `chosen` and `rejected` beside the conversation."""
    said = _conversation(line, line.get("conversations"), "from", "value")
    pair = [text for key in ("chosen", "rejected") for text in _turn(line.get(key), "value")]
    if not pair:
        return said._replace(mark=_label(line, "kto_tag"))
    return Said([*said.prompt, *said.answer], pair, pair, said.turns + 1)


def read_contents(line: Json) -> Said:
    """Gemini."""
    return _conversation(line, line.get("contents"), "role", "parts")


def read_pair(line: Json) -> Said:
    """OpenAI's preferences."""
    asked = line.get("input")
    prompt, turns = _prompt(asked.get("messages") if type(asked) is dict else None)
    answers = [
        text for key in ("preferred_output", "non_preferred_output") for text in _list(line, key)
    ]
    tools = _tools(asked) if type(asked) is dict else []
    return Said([*tools, *prompt], answers, answers, turns + 1)


def read_completion(line: Json) -> Said:
    """TRL's `prompt` with a completion, a pair, or steps; each is messages or text."""
    prompt, turns = _prompt(line.get("prompt"))
    keys = ("completion", "chosen", "rejected", "completions")
    answers = [text for key in keys for text in _list(line, key)]
    mark = _label(line, "label") or _label(line, "labels")
    return Said([*_tools(line), *prompt], answers, answers, turns + 1, mark)


def read_instruction(line: Json) -> Said:
    """Alpaca."""
    history = line.get("history")
    earlier = [
        text
        for turn in (history if type(history) is list else ())
        if type(turn) is list
        for text in turn
        if type(text) is str
    ]
    asked = [text for key in ("system", "instruction", "input") for text in _texts(line.get(key))]
    keys = ("output", "chosen", "rejected")
    answer = [text for key in keys for text in _texts(line.get(key))]
    mark = _label(line, "kto_tag")
    return Said([*earlier, *asked], answer, answer, 2 + len(earlier), mark)


def read_any(line: Json) -> Said:
    """A shape that is not known here: every text counts, none as prompt or as trained on."""
    return Said([], list(_strings(line)), [], 1)


def _conversation(line: Json, turns: Any, role: str, text: str) -> Said:
    texts = _texts(line.get("system"))
    instruction = line.get("systemInstruction")
    if type(instruction) is dict:
        texts += _texts(instruction.get("parts"))
    texts += _tools(line)
    trained: list[str] = []
    before = len(texts)  # texts ahead of the last answer
    last: list[str] = []
    for turn in turns if type(turns) is list else ():
        found = _turn(turn, text)
        if type(turn) is dict and type(said := turn.get(role)) is str and said in _ANSWERS:
            before, last = len(texts), found
            if turn.get("weight") != 0:
                trained += found
        else:
            last = []
        texts += found
    count = len(turns) if type(turns) is list else 0
    if not last:  # the last turn is no answer: all of it is a prompt
        return Said(texts, [], [], count)
    return Said(texts[:before], texts[before:], trained, count)


def _turn(turn: Any, text: str) -> list[str]:
    """The texts of one message: what it says, what it calls, what it thinks."""
    if type(turn) is not dict:
        return []
    content = turn.get(text)
    found = [content] if type(content) is str else _texts(content)
    if len(turn) > 2:
        found += _texts(turn.get("reasoning_content"))
        if turn.get("tool_calls"):
            found.append(orjson.dumps(turn["tool_calls"]).decode())
    return found


def _texts(value: Any) -> list[str]:
    """A text, or the texts of a list of content parts."""
    if type(value) is str:
        return [value]
    if type(value) is not list:
        return []
    found = []
    for part in value:
        if type(part) is str:
            found.append(part)
        elif type(part) is dict:
            text = part.get("text")
            found.append(text if type(text) is str else orjson.dumps(part).decode())
    return found


def _list(line: Json, key: str) -> list[str]:
    """The texts of a field that holds text, texts or messages."""
    value = line.get(key)
    if type(value) is list and value and type(value[0]) is dict:
        return [text for turn in value for text in _turn(turn, "content")]
    return _texts(value)


def _prompt(value: Any) -> tuple[list[str], int]:
    """The texts of a prompt and its messages."""
    if type(value) is not list:
        return _texts(value), 1
    return [text for turn in value for text in _turn(turn, "content")], len(value)


def _tools(line: Json) -> list[str]:
    tools = line.get("tools")
    if not tools:
        return []
    return [tools if type(tools) is str else orjson.dumps(tools).decode()]


def _label(line: Json, key: str) -> str:
    return orjson.dumps(line[key]).decode() if key in line else ""


def _strings(value: Any) -> Iterator[str]:
    if type(value) is str:
        yield value
    elif type(value) is dict or type(value) is list:
        for inner in value.values() if type(value) is dict else value:
            yield from _strings(inner)
