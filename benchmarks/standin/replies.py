"""What the stand-in says: the same to the same request, something else to another task."""

import hashlib
import json
import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

VOCABULARY = (
    "account address app balance bank branch bill card cash charge claim cost credit customer date "
    "day debit deposit detail document fee form freeze fund hour identity interest invoice letter "
    "limit loan message money month note notice number order page password payment pension phone "
    "policy price rate receipt refund replacement request salary saving service statement step tax "
    "term ticket transfer travel visit week year"
)
WORDS = VOCABULARY.split()
LENGTH = 16
LOGPROB_TOKENS = 6


def prompt_digest(body: Mapping[str, Any]) -> str:
    """16 hex digits of the model and the messages: one prompt, however it is sampled."""
    asked = json.dumps([body.get("model"), body.get("messages")], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


def choices(body: Mapping[str, Any], count: int, schema: Any, logprobs: bool) -> list[Any]:
    """`count` choices of a chat completion; the first differs from the others by a few words.

    Args:
        schema: JSON schema that every reply follows; None for plain text.
    """
    asked = next((m["content"] for m in reversed(body["messages"]) if m["role"] == "user"), None)
    seed = hashlib.sha256(json.dumps(asked).encode()).digest()
    return [_choice(seed, index, schema, logprobs) for index in range(count)]


def _choice(seed: bytes, index: int, schema: Any, logprobs: bool) -> dict[str, Any]:
    words = [WORDS[byte % len(WORDS)] for byte in seed[:LENGTH]]
    if index:  # the first choice is as it is, the others say some things in other words
        draws = random.Random(seed + bytes([index % 256]))
        for _ in range(3):
            words[draws.randrange(LENGTH)] = draws.choice(WORDS)
    text = " ".join(words).capitalize() + "."
    if schema is not None:
        text = json.dumps(fitting(schema, words, random.Random(seed + bytes([index % 256]))))
    choice: dict[str, Any] = {
        "index": index,
        "message": {"role": "assistant", "content": text},
        "finish_reason": "stop",
        "logprobs": None,
    }
    if logprobs:
        content: list[dict[str, Any]] = [
            {"token": word, "logprob": -0.01 - byte / 256, "bytes": None, "top_logprobs": []}
            for word, byte in zip(words[:LOGPROB_TOKENS], seed[index % 16 :], strict=False)
        ]
        choice["logprobs"] = {"content": content, "refusal": None}
    return choice


def calling(choice: Mapping[str, Any], tool: Mapping[str, Any]) -> dict[str, Any]:
    """A choice that calls a tool in place of saying something, with arguments that it takes."""
    function, said = tool["function"], choice["message"]["content"]
    words = said.rstrip(".").split()
    arguments = fitting(function.get("parameters") or {}, words, random.Random(said))
    called = {"name": function["name"], "arguments": json.dumps(arguments)}
    call = {"id": f"call_{choice['index']}", "type": "function", "function": called}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return {**choice, "message": message, "finish_reason": "tool_calls"}


def fitting(schema: Mapping[str, Any], words: Sequence[str], draws: random.Random) -> Any:
    """A value that a JSON schema accepts; the part of it that reply schemas use."""
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return draws.choice(schema["enum"])
    for name in ("anyOf", "oneOf"):
        if schema.get(name):
            return fitting(schema[name][0], words, draws)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        parts = schema.get("properties", {})
        return {name: fitting(part, words, draws) for name, part in parts.items()}
    if kind == "array":
        least = schema.get("minItems", 0)
        count = draws.randint(least, min(schema.get("maxItems", least + 3), least + 3))
        return [fitting(schema.get("items", {}), words, draws) for _ in range(count)]
    if kind in ("integer", "number"):
        least = schema.get("minimum", 0)
        return draws.randint(least, schema.get("maximum", least + 9))
    if kind == "boolean":
        return draws.random() < 0.5
    return None if kind == "null" else _sentence(words, draws)


def _sentence(words: Sequence[str], draws: random.Random) -> str:
    return " ".join(draws.choices(words, k=6)).capitalize() + "."


def schema_in_prompt(messages: Sequence[Mapping[str, Any]]) -> Any:
    """The first JSON schema that a message holds as text, or None."""
    for message in messages:
        text = str(message.get("content"))
        for brace in re.finditer(r'\{(?=\s*")', text):
            try:
                found, _ = json.JSONDecoder().raw_decode(text, brace.start())
            except ValueError:
                continue
            if "type" in found and ("properties" in found or "items" in found):
                return found
    return None


def pictures(messages: Sequence[Mapping[str, Any]]) -> int:
    """How many pictures the messages bring along as data."""
    parts = [p for m in messages if isinstance(m.get("content"), list) for p in m["content"]]
    shown = [part["image_url"]["url"] for part in parts if part.get("type") == "image_url"]
    return sum(url.startswith("data:image/") for url in shown)


def tokens(messages: Sequence[Mapping[str, Any]]) -> int:
    """How many tokens the messages are, as the stand-in counts: four letters each."""
    return sum(len(str(message.get("content"))) // 4 + 4 for message in messages)
