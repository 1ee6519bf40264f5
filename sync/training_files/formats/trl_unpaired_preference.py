"""`trl-unpaired-preference`: answers that were good or bad, for TRL's `KTOTrainer`."""

from collections.abc import Iterator

from sync.common.json_text import Json, json_type
from sync.training_files.example import Judgement
from sync.training_files.formats.columns import TOOLS, boolean, list_of
from sync.training_files.formats.example_texts import PlainLine, Said, read_completion
from sync.training_files.formats.format import CONTENT_RULES, AxolotlEntry, Fault, Format
from sync.training_files.formats.plain_turns import plain_answers
from sync.training_files.formats.trl_messages import (
    ANSWER,
    AXOLOTL_AS_IT_IS,
    PROMPT,
    TRL_FILE,
    part_faults,
    prompt_line,
    with_tools,
)

_PARTS = (("prompt", PROMPT), ("completion", ANSWER))


class TRLUnpairedPreference(Format):
    """Prompts with an answer and whether it was good."""

    name = "trl-unpaired-preference"
    summary = "answers that were good or bad (TRL KTOTrainer)"
    takes = Judgement
    rules = TRL_FILE
    keys = ("label",)
    guess_rank = 90
    content_rules = CONTENT_RULES | {"prompt", "completion", "label"}
    columns = (list_of("prompt"), list_of("completion"), boolean("label"), TOOLS)
    pictures = "file"
    axolotl = AxolotlEntry("axolotl-kto.yaml", run={"rl": "kto", **AXOLOTL_AS_IT_IS})

    def encode(self, example: Judgement) -> Json:
        """The prompt, the answer and the verdict.

        Raises:
            Unsuitable: a call's arguments are no JSON object, or an answer has a picture.
        """
        line = prompt_line(example.prompt, (), completion=example.completion)
        return with_tools(line | {"label": example.label}, example.tools)

    def check(self, line: Json) -> Iterator[Fault]:
        """What TRL can't read in a line."""
        found = part_faults(line, _PARTS)
        if isinstance(line, dict) and not isinstance(line.get("label"), bool):
            came = json_type(line.get("label"))
            found.append(Fault("label", f"label must be true or false, found {came}"))
        return iter(found)

    def plain(self, line: Json) -> PlainLine | None:
        """Of messages, without tools."""
        return plain_answers(line, ("completion",)) if "label" in line else None

    def read(self, line: Json) -> Said:
        """Prompt and answers, each messages or text."""
        return read_completion(line)
