"""What an example says: its prompt, its answer, and what of it is trained on.

Here is what several formats read in the same way; each format's `read` takes what fits its lines.
Nothing is assumed of a line: what has the wrong type is not there.
"""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import orjson

from sync.common.json_text import Json, to_json


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


# of a plain line what it says, and how many keys and texts it has
PlainLine = tuple[Said, int]

_ANSWERS = frozenset({"assistant", "gpt", "model", "function_call"})


def read_messages(line: Json) -> Said:
    """`messages` of OpenAI, TRL and Bedrock; `system` may stand beside them."""
    return conversation(line, line.get("messages"), "role", "content")


def read_completion(line: Json) -> Said:
    """TRL's `prompt` with a completion, a pair, or steps; each is messages or text."""
    prompt, turns = prompt_texts(line.get("prompt"))
    keys = ("completion", "chosen", "rejected", "completions")
    answers = [text for key in keys for text in texts_at(line, key)]
    mark = mark_of(line, "label") or mark_of(line, "labels")
    return Said([*tools_texts(line), *prompt], answers, answers, turns + 1, mark)


def every_text(line: Json) -> Said:
    """Of lines that nothing is known of: every text counts, none as prompt or as trained on."""
    return Said([], list(_strings(line)), [], 1)


def conversation(
    line: Json, turns: Any, role: str, text: str, answers: Collection[str] = _ANSWERS
) -> Said:
    """A line of turns; what it says of a system and of tools beside them belongs to the prompt.

    Args:
        turns: any JSON value.
        role, text: the keys of a turn for who speaks and for what is said.
        answers: the names of who is learnt from.
    """
    texts = texts_of(line.get("system"))
    instruction = line.get("systemInstruction")
    if type(instruction) is dict:
        texts += texts_of(instruction.get("parts"))
    texts += tools_texts(line)
    trained: list[str] = []
    before = len(texts)  # texts ahead of the last answer
    last: list[str] = []
    for turn in turns if type(turns) is list else ():
        found = turn_texts(turn, text)
        if type(turn) is dict and type(said := turn.get(role)) is str and said in answers:
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


def turn_texts(turn: Any, text: str) -> list[str]:
    """The texts of one message: what it says, what it calls, what it thinks."""
    if type(turn) is not dict:
        return []
    content = turn.get(text)
    found = [content] if type(content) is str else texts_of(content)
    if len(turn) > 2:
        found += texts_of(turn.get("reasoning_content"))
        if turn.get("tool_calls"):
            found.append(_written(turn["tool_calls"]))
    return found


def texts_of(value: Any) -> list[str]:
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
            found.append(text if type(text) is str else _written(part))
    return found


def texts_at(line: Json, key: str) -> list[str]:
    """The texts of a field that holds text, texts or messages."""
    value = line.get(key)
    if type(value) is list and value and type(value[0]) is dict:
        return [text for turn in value for text in turn_texts(turn, "content")]
    return texts_of(value)


def prompt_texts(value: Any) -> tuple[list[str], int]:
    """The texts of a prompt and its messages."""
    if type(value) is not list:
        return texts_of(value), 1
    return [text for turn in value for text in turn_texts(turn, "content")], len(value)


def tools_texts(line: Json) -> list[str]:
    """The tools of a line as one text."""
    tools = line.get("tools")
    if not tools:
        return []
    return [tools if type(tools) is str else _written(tools)]


def mark_of(line: Json, key: str) -> str:
    """A value that tells examples apart; nothing where it is not there."""
    return _written(line[key]) if key in line else ""


def count_quoted(value: Any) -> int:
    """The keys and texts of a list or an object, those inside of it included."""
    count, waiting = 0, [value]
    for inner in waiting:  # grows while it is gone through
        if type(inner) is dict:
            count += len(inner)
            inner = inner.values()
        for held in inner:
            kind = type(held)
            if kind is str:
                count += 1
            elif kind is dict or kind is list:
                waiting.append(held)
    return count


def _strings(value: Any) -> Iterator[str]:
    if type(value) is str:
        yield value
    elif type(value) is dict or type(value) is list:
        for inner in value.values() if type(value) is dict else value:
            yield from _strings(inner)


def _written(value: Any) -> str:
    """A value as JSON; "" where it is nested deeper than Python writes."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # half of a surrogate pair, a number above 64 bits, deep nesting
        pass
    try:
        return to_json(value)
    except RecursionError:
        return ""
