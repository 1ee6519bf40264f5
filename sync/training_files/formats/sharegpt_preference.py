"""`sharegpt-preference`: a conversation and two answers to it, for LLaMA-Factory's DPO and rewards.

Only the two answers are compared, whatever the turns before them.
"""

from collections.abc import Iterator

from sync.common.json_text import Json
from sync.training_files.example import Preference
from sync.training_files.formats.format import Fault, FileRules, Unsuitable
from sync.training_files.formats.sharegpt_rules import answer_faults, turns_faults
from sync.training_files.formats.sharegpt_turns import ASKING, tools_text, turns


class ShareGPTPreference:
    """Two answers to the last turn, `chosen` and `rejected`."""

    name = "sharegpt-preference"
    summary = "preferences by from / value (LLaMA-Factory's DPO and reward models)"
    takes = Preference
    rules = FileRules()

    def encode(self, example: Preference) -> Json:
        """The turns, which end with the user's or a tool's, and the two answers."""
        asked = turns(example.prompt)
        if not asked or asked[-1]["from"] not in ASKING:
            raise Unsuitable("a prompt that does not end with the user's turn")
        return {
            "conversations": asked,
            "chosen": {"from": "gpt", "value": example.chosen},
            "rejected": {"from": "gpt", "value": example.rejected},
            "tools": tools_text(example.tools),
        }

    def check(self, line: Json) -> Iterator[Fault]:
        """What LLaMA-Factory drops without a word, fails on, or does not read."""
        if (yield from turns_faults(line, answered=False)):
            yield from answer_faults(line)
