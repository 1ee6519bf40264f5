"""`gemini`: `{"systemInstruction", "contents", "tools"}` lines for tuning on Vertex AI.

Rules: Google's "Prepare supervised fine-tuning data for Gemini models" and the API's `Content`, as
of November 2026; 100 examples recommended. It knows no weights, so every turn of the model's is
taken to be learnt. A tool's answer is a part of a user's turn; turns of one side in a row become
parts of one turn, since sides alternate. Calls have no ids: responses stand in their order.
"""

import json
import mimetypes
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from label_configs.content import TEXT
from label_configs.task_tools import Tools
from sync.common.json_text import Json, json_type
from sync.training_files.example import Conversation, Message, Messages
from sync.training_files.formats.columns import TOOLS, list_of, string, struct
from sync.training_files.formats.example_texts import PlainLine, Said, conversation, count_quoted
from sync.training_files.formats.format import CONTENT_RULES, Fault, FileRules, Format, Unsuitable
from sync.training_files.formats.gemini_calls import (
    function_faults,
    pair_faults,
    system_faults,
    tools_faults,
)
from sync.training_files.formats.json_types import not_filled, text_fault
from sync.training_files.formats.pictures import NOT_TEXT, at_large, split_content
from sync.training_files.formats.plain_turns import GEMINI_TURNS, plain_block, plain_text
from sync.training_files.formats.two_sides import (
    REASONING,
    call_of,
    calls_of,
    calls_tools,
    in_order_of_calls,
    system_and_turns,
    text_of,
    vouched,
)

_ROLES = ("user", "model")
_PLAIN = 2  # role and content, as most messages have
_SAME = {"assistant": "model", "gpt": "model", "human": "user", "tool": "user", "function": "user"}
_PARTS = ("text", "functionCall", "functionResponse", "fileData", "inlineData")


class Gemini(Format):
    """Conversations of user and model, every turn of the model's learnt."""

    name = "gemini"
    summary = "contents of user and model (Gemini on Vertex AI)"
    takes = Conversation
    rules = FileRules(recommended_examples=100)
    keys = ("contents",)
    guess_rank = 30
    content_rules = CONTENT_RULES | {"contents", "systemInstruction"}
    columns = (
        struct("systemInstruction", [string("role"), list_of("parts", [string("text")])]),
        list_of("contents"),
        TOOLS,
    )

    def encode(self, example: Conversation) -> Json:
        """The system instruction, if there is one, the turns, and the tools, if there are any."""
        system, turns = system_and_turns(vouched(example.messages))
        if calls_tools(turns):
            turns = in_order_of_calls(turns)
        line: Json = {}
        if system:
            line["systemInstruction"] = {"role": "system", "parts": [{"text": system}]}
        line["contents"] = _contents(turns)
        if example.tools:
            line["tools"] = _declarations(example.tools)
        return line

    def check(self, line: Json) -> Iterator[Fault]:
        """What Gemini's tuning refuses."""
        if not isinstance(line, dict):
            yield Fault("object", f"expected an object, found {json_type(line)}")
            return
        if (system := line.get("systemInstruction")) is not None:
            yield from system_faults(system)
        turns = line.get("contents")
        if not isinstance(turns, list) or not turns:
            came = not_filled(turns)
            yield Fault("contents", f"contents must be a non-empty list, found {came}")
            return
        broken: set[str] = set()
        for number, turn in enumerate(turns, 1):
            for fault in _turn_faults(f"turn {number}", turn):
                broken.add(fault.rule)
                yield fault
        if broken.isdisjoint(("role", "turn")):
            yield from _order_faults([turn["role"] for turn in turns])
        if not broken and any("text" not in part for turn in turns for part in turn["parts"]):
            yield from pair_faults(turns)
        if line.get("tools") is not None:
            yield from tools_faults(line["tools"], turns)

    def plain(self, line: Json) -> PlainLine | None:
        """Of turns of one text each, with a system's text or none."""
        system = line.get("systemInstruction")
        text = plain_block(system.get("parts")) if type(system) is dict else None
        before = [text] if plain_text(text) else []
        beside = len(line) + (count_quoted(system) if before else 0)
        found = GEMINI_TURNS.conversation(line.get("contents"), before, beside)
        return found if len(line) == 1 + len(before) else None

    def read(self, line: Json) -> Said:
        """The turns, made of parts."""
        return conversation(line, line.get("contents"), "role", "parts")


def _contents(messages: Messages) -> list[Json]:
    """The turns, without the system's.

    Raises:
        Unsuitable: the user does not begin, or something can't be said.
    """
    turns: list[Json] = []
    called: dict[str, str] = {}
    for message in messages:
        role = "model" if message["role"] == "assistant" else "user"
        parts = _parts(message, called)
        if turns and turns[-1]["role"] == role:
            turns[-1]["parts"] += parts
        else:
            turns.append({"role": role, "parts": parts})
    if not turns or turns[0]["role"] != "user":
        raise Unsuitable("a conversation that the user does not begin")
    return turns


def _declarations(tools: Tools) -> list[Json]:
    """The tools as one `Tool` of function declarations."""
    keys = ("name", "description", "parameters")
    declared = []
    for tool in tools:
        function = tool.get("function")
        if not isinstance(function, Mapping):
            raise Unsuitable("tools that are no functions")
        declared.append({k: function[k] for k in keys if k in function})
    return [{"functionDeclarations": declared}]


def _parts(message: Message, called: dict[str, str]) -> list[Json]:
    """A message's parts; `called` remembers which tool a call's id was for."""
    if message["role"] == "tool":
        answers = message.get("tool_call_id")
        name = called.get(answers) if isinstance(answers, str) else None
        if name is None:
            raise Unsuitable("a tool's answer to no call that was made before it")
        return [{"functionResponse": {"name": name, "response": _response(message)}}]
    content = message.get("content")
    if type(content) is str and content and len(message) == _PLAIN:
        return [{"text": text_of(message)}]
    calls = calls_of(message)
    parts: list[Json] = []
    if type(content) is list and message["role"] == "user":
        return [_shown(kind, said) for kind, said in split_content(message)]
    if message.get("content") or not calls:
        parts.append({"text": text_of(message)})
    if message.get("reasoning_content"):
        raise Unsuitable(REASONING)
    for call in calls:
        name, arguments = call_of(call)
        if isinstance(own_id := call.get("id"), str):
            called[own_id] = name
        parts.append({"functionCall": {"name": name, "args": arguments}})
    return parts


def _shown(kind: str, said: str) -> Json:
    """A part of what the user says: words, or a picture."""
    if kind == TEXT:
        return {"text": text_of({"content": said})}
    address = at_large(said)
    if address.startswith("data:"):
        mime, _, data = address.removeprefix("data:").partition(";base64,")
        return {"inlineData": {"mimeType": mime, "data": data}}
    mime = mimetypes.guess_type(re.split("[?#]", address)[0])[0] or ""
    if not mime.startswith("image/"):
        raise Unsuitable("a picture whose address does not end as pictures do, such as .png")
    return {"fileData": {"mimeType": mime, "fileUri": address}}


def _response(message: Message) -> Json:
    """A tool's answer as the object that the API wants; `output` is its name for plain text."""
    content = message.get("content")
    if not isinstance(content, str):
        raise Unsuitable(NOT_TEXT)
    said = _object(content)
    return {"output": content} if said is None else said


def _object(text: Any) -> Json | None:
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _turn_faults(where: str, turn: Any) -> Iterator[Fault]:
    if not isinstance(turn, dict):
        yield Fault("turn", f"{where} must be an object, found {json_type(turn)}")
        return
    role = turn.get("role")
    if role not in _ROLES:
        came = "another" if isinstance(role, str) else json_type(role)
        if role == "system":
            came = "'system'; write it as systemInstruction, beside contents"
        elif isinstance(role, str) and role in _SAME:
            came = f"'{role}'; write '{_SAME[role]}'"
        yield Fault("role", f"{where}: role must be user or model, found {came}")
    parts = turn.get("parts")
    if not isinstance(parts, list) or not parts:
        came = not_filled(parts)
        yield Fault("parts", f"{where}: parts must be a non-empty list, found {came}")
        return
    for part in parts:
        if not isinstance(part, dict) or not any(key in part for key in _PARTS):
            yield Fault(
                "parts", f"{where}: a part must be an object with one of {', '.join(_PARTS)}"
            )
        elif "text" in part:
            fault = text_fault(f"{where}: text", part["text"])
            if fault is not None:
                yield fault
        else:
            yield from function_faults(where, role, part)


def _order_faults(roles: list[str]) -> Iterator[Fault]:
    if "model" not in roles:
        yield Fault("model", "no turn of the model's, so there is nothing to learn; add the answer")
        return
    if roles[0] != "user":
        yield Fault("first", "the first turn must be the user's, found 'model'; leave it away")
    if roles[-1] != "model":
        yield Fault("last", "the last turn must be the model's; take away what comes after it")
    for number, (before, role) in enumerate(pairwise(roles), 2):
        if before == role:
            yield Fault(
                "order",
                f"turn {number}: {role} spoke before, too; make both parts of one turn",
                "warning",
            )
