"""What a model server can do, found out from what it refuses, and only believed when proven."""

from dataclasses import dataclass
from typing import Literal, get_args

Structured = Literal["json_schema", "json_object", "prompt"]
FORMS: tuple[Structured, ...] = get_args(Structured)
MOST_CHOICES = 16


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
        tools: it takes tools, calls and their results; else they are text of the prompt.
        tool_choice: it takes this option; else the model decides.
        parallel_tool_calls: likewise.
        pictures: it sees pictures.
    """

    n: int = MOST_CHOICES
    logprobs: bool = True
    structured: Structured = "json_schema"
    context_tokens: int | None = None
    temperature: bool = True
    max_completion_tokens: bool = False
    system: bool = True
    any_turns: bool = True
    tools: bool = True
    tool_choice: bool = True
    parallel_tool_calls: bool = True
    pictures: bool = True

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
        if not self.tools:
            said.append("no tools: they are described in the prompt")
        said += [
            f"no {name}: it does as it does without"
            for name in ("tool_choice", "parallel_tool_calls")
            if not getattr(self, name)
        ]
        if not self.pictures:
            said.append("no pictures: tasks with some get no draft")
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
            tools=self.tools and other.tools,
            tool_choice=self.tool_choice and other.tool_choice,
            parallel_tool_calls=self.parallel_tool_calls and other.parallel_tool_calls,
            pictures=self.pictures and other.pictures,
        )
