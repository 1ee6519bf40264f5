"""`trl-preference`: two answers to a prompt, one chosen, for TRL's `DPOTrainer`, `RewardTrainer`
and the others that learn from pairs.
"""

from collections.abc import Iterator
from typing import Any

from sync.common.json_text import Json
from sync.training_files.example import PreferenceExample
from sync.training_files.formats.columns import TOOLS, list_of
from sync.training_files.formats.example_texts import PlainLine, Said, read_completion
from sync.training_files.formats.format import CONTENT_RULES, AxolotlEntry, Fault, Format
from sync.training_files.formats.message_rules import MessageRules
from sync.training_files.formats.plain_turns import plain_answers
from sync.training_files.formats.tool_rules import TRL_CALLS
from sync.training_files.formats.trl_messages import (
    ANSWER,
    AXOLOTL_AS_IT_IS,
    PROMPT,
    ROLES,
    TRL_FILE,
    part_faults,
    prompt_line,
)

_PAIR = (("prompt", PROMPT), ("chosen", ANSWER), ("rejected", ANSWER))
_WHOLE = MessageRules(roles=ROLES, calls=TRL_CALLS, weights="ignored")
_IMPLICIT = (("chosen", _WHOLE), ("rejected", _WHOLE))


class TRLPreference(Format):
    """Prompts with a chosen and a rejected answer."""

    name = "trl-preference"
    summary = "chosen and rejected answers (TRL DPOTrainer, RewardTrainer)"
    takes = PreferenceExample
    rules = TRL_FILE
    keys = ("chosen", "rejected")
    guess_rank = 80
    content_rules = CONTENT_RULES | {"prompt", "chosen", "rejected"}
    columns = (list_of("prompt"), list_of("chosen"), list_of("rejected"), TOOLS)
    pictures = "file"
    axolotl = AxolotlEntry("axolotl-preference.yaml", run={"rl": "dpo", **AXOLOTL_AS_IT_IS})

    def encode(self, example: PreferenceExample) -> Json:
        """The prompt and both answers.

        Raises:
            Unsuitable: a call's arguments are no JSON object, or an answer has a picture.
        """
        answers = {"chosen": example.chosen, "rejected": example.rejected}
        return prompt_line(example.prompt, example.tools, **answers)

    def check(self, line: Json) -> Iterator[Fault]:
        """What TRL can't read in a line, and pairs that teach nothing."""
        if isinstance(line, dict) and "prompt" not in line and "chosen" in line:
            found = part_faults(line, _IMPLICIT)
            message = "no 'prompt': TRL takes what both answers begin with; write it by itself"
            found.append(Fault("prompt", message, "warning"))
            readable = all(f.severity != "error" or f.detail == "empty" for f in found)
            if readable and _without_start(line["chosen"], line.get("rejected")):
                message = "chosen and rejected begin differently, so TRL finds no prompt"
                found[-1] = Fault("prompt", f"{message}; write it by itself")
        else:
            found = part_faults(line, _PAIR)
        if isinstance(line, dict) and "chosen" in line and line["chosen"] == line.get("rejected"):
            message = "chosen and rejected are the same, so there is nothing to learn; leave it out"
            found.append(Fault("same", message))
        return iter(found)

    def plain(self, line: Json) -> PlainLine | None:
        """Of messages, without tools."""
        return plain_answers(line, ("chosen", "rejected")) if "label" not in line else None

    def read(self, line: Json) -> Said:
        """Prompt and answers, each messages or text."""
        return read_completion(line)


def _without_start(chosen: Any, rejected: Any) -> bool:
    """Whether TRL stops at two answers since they have no message in common, or one is no text."""
    if isinstance(chosen, list) and isinstance(rejected, list):
        return chosen[:1] != rejected[:1]
    return "" in (chosen, rejected)
