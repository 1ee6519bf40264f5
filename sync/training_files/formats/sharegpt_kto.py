"""`sharegpt-kto`: a conversation whose last answer was good or bad, for LLaMA-Factory's KTO.

Only the last answer is judged, whatever the turns before it.
"""

from collections.abc import Iterator

from sync.common.json_text import Json, json_type
from sync.training_files.example import Judgement
from sync.training_files.formats.format import Fault, FileRules
from sync.training_files.formats.sharegpt_rules import turns_faults
from sync.training_files.formats.sharegpt_turns import tools_text, turns


class ShareGPTKTO:
    """Conversations with `kto_tag`: true for a good last answer, false for a bad one."""

    name = "sharegpt-kto"
    summary = "good and bad answers by from / value (LLaMA-Factory's KTO)"
    takes = Judgement
    rules = FileRules()

    def encode(self, example: Judgement) -> Json:
        """The turns with the answer as the last, and the verdict on it."""
        answer = {"role": "assistant", "content": example.completion}
        return {
            "conversations": turns([*example.prompt, answer]),
            "kto_tag": example.label,
            "tools": tools_text(example.tools),
        }

    def check(self, line: Json) -> Iterator[Fault]:
        """What LLaMA-Factory drops without a word, fails on, or takes for something else."""
        if not (yield from turns_faults(line, answered=True)):
            return
        verdict = line.get("kto_tag")
        if not isinstance(verdict, bool):
            yield Fault(
                "kto_tag",
                f"kto_tag must be true or false, found {json_type(verdict)}; LLaMA-Factory's KTO "
                "drops the line without an error",
            )
