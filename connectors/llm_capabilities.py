"""What a model server can do, found out from what it refuses, and only believed when proven."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from connectors import llm_turns
from connectors.llm_refusals import Refusal

Structured = Literal["json_schema", "json_object", "prompt"]
FORMS: tuple[Structured, ...] = get_args(Structured)
MOST_CHOICES = 16
SCHEMA_PROMPT = "Answer with one JSON object after this JSON schema and nothing else:\n"


@dataclass(frozen=True)
class Capabilities:
    """What one model of one endpoint is known to do; at first it is trusted with everything.

    Attributes:
        n: most choices a call; `MOST_CHOICES` means not limited so far.
        structured: the best that it does to keep a reply to a JSON schema.
        context_tokens: the size of its context, once it has refused something longer.
        temperature: it takes one; else its own is used.
        max_completion_tokens: it wants `max_tokens` under this newer name.
        system: it takes a system's turn; else its text opens the first turn of the user's.
        any_turns: it takes two turns of one side in a row; else they become one.
    """

    n: int = MOST_CHOICES
    logprobs: bool = True
    structured: Structured = "json_schema"
    context_tokens: int | None = None
    temperature: bool = True
    max_completion_tokens: bool = False
    system: bool = True
    any_turns: bool = True

    def lacking(self) -> list[str]:
        """What the model can't do, in plain words; empty when nothing is known to be missing."""
        said = []
        if not self.logprobs:
            said.append("no logprobs: scored by agreement alone")
        if self.n < MOST_CHOICES:
            said.append("one sample a call" if self.n == 1 else f"{self.n} samples a call at most")
        if self.structured == "json_object":
            said.append("JSON without a schema: the schema goes into the prompt")
        elif self.structured == "prompt":
            said.append("no JSON mode: the schema goes into the prompt")
        if not self.temperature:
            said.append("no temperature: it samples at its own")
        if not self.system:
            said.append("no system role: its text opens the user's first turn")
        if not self.any_turns:
            said.append("turns must alternate: two of one side become one")
        if self.context_tokens is not None:
            said.append(f"a context of {self.context_tokens} tokens")
        return said

    def but(self, other: "Capabilities") -> "Capabilities":
        """The capabilities that both sides report."""
        return Capabilities(
            n=min(self.n, other.n),
            logprobs=self.logprobs and other.logprobs,
            structured=max(self.structured, other.structured, key=FORMS.index),
            context_tokens=other.context_tokens or self.context_tokens,
            temperature=self.temperature and other.temperature,
            max_completion_tokens=self.max_completion_tokens or other.max_completion_tokens,
            system=self.system and other.system,
            any_turns=self.any_turns and other.any_turns,
        )


@dataclass(frozen=True)
class CallOptions:
    """What a call asks for beyond its messages.

    Attributes:
        schema: JSON schema of each reply; None for plain text.
        can: what the server is trusted with; its `n` is how many choices are asked for.
        has_system: whether a turn of the messages is the system's.
        repeats: whether two turns of one side follow each other, or the user's is not the first.
    """

    model: str
    temperature: float
    max_tokens: int
    schema: Mapping[str, Any] | None
    can: Capabilities
    has_system: bool = False
    repeats: bool = False

    @classmethod
    def of(cls, messages: Sequence[Mapping[str, str]], **asked: Any) -> "CallOptions":
        """Options of a call with these messages."""
        return cls(
            **asked,
            has_system=llm_turns.has_system(messages),
            repeats=llm_turns.repeats(messages),
        )

    def body(self, messages: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        """The JSON of the request."""
        can = self.can
        length = "max_completion_tokens" if can.max_completion_tokens else "max_tokens"
        if self.schema is not None and can.structured != "json_schema":
            messages = _with_schema(messages, self.schema)
        messages = llm_turns.as_taken(messages, system=can.system, any_turns=can.any_turns)
        body: dict[str, Any] = {"model": self.model, "messages": messages}
        if can.temperature:
            body["temperature"] = self.temperature
        body[length] = self.max_tokens
        if can.n > 1:
            body["n"] = can.n
        if can.logprobs:
            body["logprobs"] = True
        if self.schema is None:
            return body
        if can.structured == "json_schema":
            named = {"name": "draft", "strict": True, "schema": self.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
            return body
        if can.structured == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    def used(self) -> set[str]:
        """Names of the options that the call makes use of."""
        can = self.can
        asked = {
            "logprobs": can.logprobs,
            "structured": self.schema is not None and can.structured != "prompt",
            "n": can.n > 1,
            "temperature": can.temperature,
            "max_completion_tokens": not can.max_completion_tokens,
            "turns": self.repeats and can.any_turns,
            "system": self.has_system and can.system,
        }
        return {name for name, used in asked.items() if used}

    def weaker(self, refusal: Refusal, proven: frozenset[str]) -> Iterator["CallOptions"]:
        """What to try next: without what the refusal names, one option at a time.

        A refusal that names none is put down to the options that have never worked here; when
        each by itself is innocent, they are left out together.
        """
        used = self.used()
        named = [name for name in _STEPS if name in used and refusal.names(name)]
        suspects = named or [name for name in _SUSPECTS if name in used]
        for name in suspects:
            if named or name not in proven:
                yield from (replace(self, can=can) for can in _STEPS[name](self.can, refusal))
        if not named and len(together := set(suspects) - proven) > 1:
            can = self.can
            for name in together:
                *_, can = _STEPS[name](can, refusal)
            yield replace(self, can=can)


def _fewer(can: Capabilities, refusal: Refusal) -> Iterator[Capabilities]:
    if most := refusal.most_choices(can.n):
        yield replace(can, n=most)
    yield replace(can, n=1)


def _freer(can: Capabilities, _: Refusal) -> Iterator[Capabilities]:
    for form in FORMS[FORMS.index(can.structured) + 1 :]:
        yield replace(can, structured=form)


def _without_system(can: Capabilities, refusal: Refusal) -> Iterator[Capabilities]:
    """Templates that want user and assistant in turn object to the system's by the same words."""
    yield replace(can, system=False)
    if can.any_turns and refusal.names("turns"):
        yield replace(can, system=False, any_turns=False)


_STEPS: Mapping[str, Callable[[Capabilities, Refusal], Iterator[Capabilities]]] = {
    "logprobs": lambda can, _: iter([replace(can, logprobs=False)]),
    "structured": _freer,
    "n": _fewer,
    "temperature": lambda can, _: iter([replace(can, temperature=False)]),
    "max_completion_tokens": lambda can, _: iter([replace(can, max_completion_tokens=True)]),
    "turns": lambda can, _: iter([replace(can, any_turns=False)]),
    "system": _without_system,
}
# what a refusal that names nothing is put down to
_SUSPECTS = ("logprobs", "structured", "n", "system")


def _with_schema(
    messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]
) -> list[Mapping[str, str]]:
    """The messages with the schema at the end of the first one, which is the system's mostly."""
    first, *others = messages
    asked = f"{first['content']}\n\n{SCHEMA_PROMPT}{json.dumps(schema, ensure_ascii=False)}"
    return [{**first, "content": asked}, *others]
