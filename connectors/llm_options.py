"""One call to a model server: its JSON, and what to leave out of it when the server refuses it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors import llm_turns
from connectors.llm_capabilities import FORMS, Capabilities
from connectors.llm_content import PromptMessage, has_pictures, has_tool_turns, joined
from connectors.llm_refusals import Refusal
from connectors.llm_tools import OfferedTools, written_out

SCHEMA_PROMPT = "Answer with one JSON object after this JSON schema and nothing else:\n"


@dataclass(frozen=True)
class CallOptions:
    """What a call asks for beyond its messages.

    Attributes:
        schema: JSON schema of each reply; None for plain text.
        can: what the server is trusted with; its `n` is how many choices are asked for.
        has_system: whether a turn of the messages is the system's.
        repeats: whether two turns of one side follow each other, or the user's is not the first.
        tools: that the model may call; None where there are none.
        has_tool_turns: whether turns call tools or are their results.
        has_pictures: whether turns hold pictures.
        writes_tools: tools are text in this call, since the server objects to these, not to all.
    """

    model: str
    temperature: float
    max_tokens: int
    schema: Mapping[str, Any] | None
    can: Capabilities
    has_system: bool = False
    repeats: bool = False
    tools: OfferedTools | None = None
    has_tool_turns: bool = False
    has_pictures: bool = False
    writes_tools: bool = False

    @classmethod
    def of(cls, messages: Sequence[PromptMessage], **asked: Any) -> "CallOptions":
        """Options of a call with these messages."""
        return cls(
            **asked,
            has_system=llm_turns.has_system(messages),
            repeats=llm_turns.repeats(messages),
            has_tool_turns=has_tool_turns(messages),
            has_pictures=has_pictures(messages),
        )

    def body(self, messages: Sequence[PromptMessage]) -> dict[str, Any]:
        """The JSON of the request."""
        can = self.can
        length = "max_completion_tokens" if can.max_completion_tokens else "max_tokens"
        if not self._tools_apart and (self.tools or self.has_tool_turns):
            messages = written_out(messages, self.tools)
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
        if self.tools and self._tools_apart:
            body |= self.tools.options(choice=can.tool_choice, parallel=can.parallel_tool_calls)
        if self.schema is None:
            return body
        if can.structured == "json_schema":
            named = {"name": "draft", "strict": True, "schema": self.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
            return body
        if can.structured == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    @property
    def _tools_apart(self) -> bool:
        """Whether tools, calls and results stand in fields of their own."""
        return self.can.tools and not self.writes_tools

    def used(self) -> set[str]:
        """Names of the options that the call makes use of."""
        can, told = self.can, self.tools if self._tools_apart else None
        asked = {
            "logprobs": can.logprobs,
            "structured": self.schema is not None and can.structured != "prompt",
            "n": can.n > 1,
            "temperature": can.temperature,
            "max_completion_tokens": not can.max_completion_tokens,
            "turns": self.repeats and can.any_turns,
            "system": self.has_system and can.system,
            "tool_choice": told is not None and told.says_choice and can.tool_choice,
            "parallel_tool_calls": (
                told is not None and told.parallel is not None and can.parallel_tool_calls
            ),
            "tools": self._tools_apart and bool(self.tools or self.has_tool_turns),
            "pictures": self.has_pictures,
        }
        return {name for name, used in asked.items() if used}

    def weaker(self, refusal: Refusal, proven: frozenset[str]) -> Iterator["CallOptions"]:
        """What to try next: without what the refusal names, one option at a time.

        A refusal that names none is put down to the options that have never worked here; when
        each by itself is innocent, they are left out together.
        """
        used = self.used()
        named = [name for name in _STEPS if name in used and self._is_named(name, refusal)]
        suspects = named or [name for name in _SUSPECTS if name in used]
        for name in suspects:
            if name == "tools" and named and not refusal.about_missing_tools:
                yield replace(self, writes_tools=True)
            elif named or name not in proven:
                yield from (replace(self, can=can) for can in _STEPS[name](self.can, refusal))
        if not named and len(together := set(suspects) - proven) > 1:
            can = self.can
            for name in together:
                *_, can = _STEPS[name](can, refusal)
            yield replace(self, can=can)

    def _is_named(self, name: str, refusal: Refusal) -> bool:
        """Whether a refusal is about an option.

        A template without tools objects to their turns as to others; a server that makes a grammar
        of a tool's schema, to the grammar.
        """
        if name == "tools" and not refusal.names(name):
            grammar = self.schema is None and refusal.names("structured")
            return grammar or (self.has_tool_turns and refusal.about_turns)
        return refusal.names(name)


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
    "tool_choice": lambda can, _: iter([replace(can, tool_choice=False)]),
    "parallel_tool_calls": lambda can, _: iter([replace(can, parallel_tool_calls=False)]),
    "tools": lambda can, _: iter([replace(can, tools=False)]),
}
# what a refusal that names nothing is put down to
_SUSPECTS = ("logprobs", "structured", "n", "system", "tools")


def _with_schema(
    messages: Sequence[PromptMessage], schema: Mapping[str, Any]
) -> list[PromptMessage]:
    """The messages with the schema at the end of the first one, which is the system's mostly."""
    first, *others = messages
    asked = f"{SCHEMA_PROMPT}{json.dumps(schema, ensure_ascii=False)}"
    return [{**first, "content": joined(first["content"], asked)}, *others]
