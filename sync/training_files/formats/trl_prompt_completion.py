"""`trl-prompt-completion`: one answer and what leads to it, for TRL's `SFTTrainer`.

Only the completion is learnt (`completion_only_loss` is on for this type by default).
"""

from collections.abc import Iterator

from sync.common.json_text import Json
from sync.training_files.example import Completion
from sync.training_files.formats.columns import TOOLS, list_of
from sync.training_files.formats.example_texts import PlainLine, Said, read_completion
from sync.training_files.formats.format import CONTENT_RULES, Fault, Format
from sync.training_files.formats.plain_turns import plain_answers
from sync.training_files.formats.trl_messages import (
    ANSWER,
    PROMPT,
    TRL_FILE,
    part_faults,
    prompt_line,
)

_PARTS = (("prompt", PROMPT), ("completion", ANSWER))


class TRLPromptCompletion(Format):
    """Prompts with one answer each, which alone is learnt."""

    name = "trl-prompt-completion"
    summary = "prompt and answer, the answer alone learnt (TRL SFTTrainer)"
    takes = Completion
    rules = TRL_FILE
    keys = ("completion",)
    guess_rank = 100
    content_rules = CONTENT_RULES | {"prompt", "completion"}
    columns = (list_of("prompt"), list_of("completion"), TOOLS)
    pictures = "file"

    def encode(self, example: Completion) -> Json:
        """The prompt and the turn to learn.

        Raises:
            Unsuitable: a call's arguments are no JSON object, or an answer has a picture.
        """
        return prompt_line(example.prompt, example.tools, completion=(example.completion,))

    def check(self, line: Json) -> Iterator[Fault]:
        """What TRL can't read in a line."""
        return iter(part_faults(line, _PARTS))

    def plain(self, line: Json) -> PlainLine | None:
        """Of messages, without tools."""
        return plain_answers(line, ("completion",)) if "label" not in line else None

    def read(self, line: Json) -> Said:
        """Prompt and answers, each messages or text."""
        return read_completion(line)
