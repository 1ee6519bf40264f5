"""`openai-preference`: two answers to the same messages, one preferred, for direct preference
optimisation at OpenAI, Azure, Together and Fireworks.

Rules: OpenAI's and Azure's "Direct preference optimization" pages and the schema
`FineTunePreferenceRequestInput`, as of November 2026. All of it is text.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from label_configs.answer_turns import answer_turns
from sync.common.json_text import Json, json_type
from sync.training_files.example import PreferenceExample
from sync.training_files.formats.columns import anything, list_of
from sync.training_files.formats.example_texts import (
    PlainLine,
    Said,
    prompt_texts,
    texts_at,
    tools_texts,
)
from sync.training_files.formats.format import CONTENT_RULES, Fault, Format, Unsuitable
from sync.training_files.formats.json_types import not_filled
from sync.training_files.formats.message_rules import OPENAI
from sync.training_files.formats.openai_chat import OPENAI_FILE, settings_faults
from sync.training_files.formats.part_rules import PartRules
from sync.training_files.formats.pictures import has_pictures
from sync.training_files.formats.plain_turns import CHAT
from sync.training_files.formats.tool_rules import OPENAI_CALLS
from sync.training_files.formats.tool_schemas import undeclared

_INPUT = replace(OPENAI, parts=PartRules(text_only=True))
_OUTPUT = replace(_INPUT, roles=("assistant", "tool"), calls=replace(OPENAI_CALLS, whole=False))
_OUTPUTS = ("preferred_output", "non_preferred_output")


class OpenAIPreference(Format):
    """Pairs of answers, one assistant message each."""

    name = "openai-preference"
    summary = "preferred and non-preferred answers (OpenAI, Azure, Together, Fireworks)"
    takes = PreferenceExample
    rules = OPENAI_FILE
    keys = _OUTPUTS
    guess_rank = 10
    content_rules = CONTENT_RULES | {"input", "output"}
    columns = (anything("input"), *(list_of(name) for name in _OUTPUTS))

    def encode(self, example: PreferenceExample) -> Json:
        """The prompt as the input, and both answers.

        Raises:
            Unsuitable: there is a picture.
        """
        preferred, other = answer_turns(example.chosen), answer_turns(example.rejected)
        if has_pictures(example.prompt, preferred, other):
            raise Unsuitable("a picture, and the preferences of this format are text alone")
        given: Json = {"messages": list(example.prompt)}
        if example.tools:
            given["tools"] = list(example.tools)
        return {
            "input": given,
            "preferred_output": preferred,
            "non_preferred_output": other,
        }

    def check(self, line: Json) -> Iterator[Fault]:
        """What OpenAI refuses in a line, and what it does not know."""
        if not isinstance(line, dict):
            return iter((Fault("object", f"expected an object, found {json_type(line)}"),))
        given = line.get("input")
        if isinstance(given, dict):
            found = _INPUT.faults(given.get("messages"), "input message")
            if len(given) > 1:
                found += settings_faults(given)
                said = [("input message", given.get("messages"))]
                said += [(f"{name} message", line.get(name)) for name in _OUTPUTS]
                found += undeclared(given.get("tools"), *said)
        else:
            message = f"input must be an object with messages, found {json_type(given)}"
            found = [Fault("input", message)]
        for name in _OUTPUTS:
            found += _output(name, line.get(name))
        if line.get("preferred_output") == line.get("non_preferred_output") and not found:
            message = "both outputs are the same, so there is nothing to prefer; leave the pair out"
            found.append(Fault("same", message))
        return iter(found)

    def plain(self, line: Json) -> PlainLine | None:
        """Of messages alone, and one answer each."""
        given = line.get("input")
        if len(line) != 1 + len(_OUTPUTS) or type(given) is not dict or len(given) != 1:
            return None
        asked = CHAT.texts(given.get("messages"), answered=False)
        said = [text for key in _OUTPUTS if (text := CHAT.only(line.get(key))) is not None]
        if asked is None or len(said) < len(_OUTPUTS) or said[0] == said[1]:
            return None
        quoted = 2 + len(_OUTPUTS) + CHAT.quoted * (len(asked) + len(said))
        return Said(asked, said, said, len(asked) + 1), quoted

    def read(self, line: Json) -> Said:
        """The input and both outputs."""
        asked = line.get("input")
        prompt, turns = prompt_texts(asked.get("messages") if type(asked) is dict else None)
        answers = [text for key in _OUTPUTS for text in texts_at(line, key)]
        tools = tools_texts(asked) if type(asked) is dict else []
        return Said([*tools, *prompt], answers, answers, turns + 1)


def _output(name: str, messages: Any) -> list[Fault]:
    if not isinstance(messages, list) or not messages:
        came = not_filled(messages)
        return [Fault("output", f"{name} must be a non-empty list of messages, found {came}")]
    found = _OUTPUT.faults(messages, f"{name} message")
    if not any(isinstance(m, dict) and m.get("role") == "assistant" for m in messages):
        found.append(Fault("assistant", f"{name} needs an assistant message; add the answer"))
    return found
