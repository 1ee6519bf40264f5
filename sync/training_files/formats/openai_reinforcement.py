"""`openai-reinforcement`: prompts whose answers a grader judges, with what the grader may read.

Rules: OpenAI's and Azure's "Reinforcement fine-tuning" pages and the schema
`FineTuneReinforcementRequestInput`, as of November 2026. `messages` and `tools` are the reserved
keys; a grader reads any other as `{{ item.KEY }}`. Instructions have the role `developer`.
"""

from collections.abc import Iterator
from dataclasses import replace

from sync.common.json_text import Json, json_type
from sync.training_files.example import GradedPrompt
from sync.training_files.formats import chat_lines
from sync.training_files.formats.columns import anything, string
from sync.training_files.formats.example_texts import PlainLine, Said, count_quoted, read_messages
from sync.training_files.formats.format import Fault, Format, Unsuitable
from sync.training_files.formats.message_rules import OPENAI
from sync.training_files.formats.openai_chat import OPENAI_FILE, settings_faults
from sync.training_files.formats.pictures import has_pictures, inside
from sync.training_files.formats.plain_turns import PlainTurns
from sync.training_files.formats.tool_schemas import undeclared

REFERENCE = "reference_answer"
_RESERVED = frozenset(("messages", "tools", REFERENCE))
_TURNS = PlainTurns(system="developer")
# what is looked at closely, or read as a part of the prompt
_NOT_PLAIN = frozenset(("tools", "parallel_tool_calls", "system", "systemInstruction"))
_RULES = replace(OPENAI, roles=("developer", "system", "user", "assistant", "tool"))


class OpenAIReinforcement(Format):
    """Prompts with the expert's answer as `reference_answer` and the task's facts beside it."""

    name = "openai-reinforcement"
    summary = "prompts for graders (OpenAI, Azure)"
    takes = GradedPrompt
    rules = OPENAI_FILE
    keys = ("messages",)
    guess_rank = 52
    columns = (*chat_lines.COLUMNS, string(REFERENCE), anything("categories"))
    needs_validation = "OpenAI"

    def encode(self, example: GradedPrompt) -> Json:
        """The prompt, what the expert answered, and the facts by their names.

        Raises:
            Unsuitable: the answer calls tools, a picture stands in another message than the
                user's, or a fact has the name of a key that stands for something else.
        """
        if not isinstance(example.reference, str):
            raise Unsuitable("an answer that calls tools, which no grader can compare as text")
        prompt = inside(example.prompt) if has_pictures(example.prompt) else example.prompt
        line: Json = {
            "messages": [{**m, "role": "developer"} if m["role"] == "system" else m for m in prompt]
        }
        if example.tools:
            line["tools"] = list(example.tools)
        line[REFERENCE] = example.reference
        if not _RESERVED.isdisjoint(example.facts):
            raise Unsuitable(
                "a fact is called as a key of the format itself is "
                f"({', '.join(sorted(_RESERVED))}); rename it"
            )
        line.update(example.facts)
        return line

    def check(self, line: Json) -> Iterator[Fault]:
        """What OpenAI refuses in a line, and what it does not know."""
        if not isinstance(line, dict):
            return iter((Fault("object", f"expected an object, found {json_type(line)}"),))
        messages = line.get("messages")
        found = _RULES.faults(messages)
        found += settings_faults(line)
        found += undeclared(line.get("tools"), ("message", messages))
        if isinstance(messages, list) and messages:
            last = messages[-1]
            if not isinstance(last, dict) or last.get("role") != "user":
                message = "the last message must be the user's, since the model is to answer it"
                found.append(Fault("last", f"{message}; take away what comes after it"))
            if any(isinstance(m, dict) and m.get("role") == "system" for m in messages):
                message = "instructions have the role 'developer' here; write it for 'system'"
                found.append(Fault("system", message, "warning"))
        if not line.keys() - {"messages", "tools"}:
            message = "no key beside the messages for a grader to read; add a reference answer"
            found.append(Fault("grader", message, "warning"))
        return iter(found)

    def plain(self, line: Json) -> PlainLine | None:
        """Of messages that begin with a developer's or none, without tools."""
        if not _NOT_PLAIN.isdisjoint(line) or len(line) < 2:
            return None
        asked = _TURNS.texts(line.get("messages"), answered=False)
        if asked is None:
            return None
        quoted = len(line) + _TURNS.quoted * len(asked)
        for key, value in line.items():
            if type(value) is str:
                quoted += 1
            elif key != "messages":
                quoted += count_quoted([value])
        return Said(asked, [], [], len(asked)), quoted

    def read(self, line: Json) -> Said:
        """As chat messages."""
        return read_messages(line)
