"""Fireworks AI.

Sources, as of November 2026: docs.fireworks.ai/fine-tuning/fine-tuning-models (3 to 3 million
examples, a system message first only), …/dpo-fine-tuning (the same numbers).
"""

from collections.abc import Iterator

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault, FileRules
from sync.training_files.trainers.provider import Provider
from sync.training_files.trainers.turns import chat_of, roles_of, system_first

_RULES = FileRules(least_examples=3, most_examples=3_000_000)


def check(form: str, line: Json) -> Iterator[Fault]:
    """A system message comes first."""
    return system_first(roles_of(chat_of(form, line)))


FIREWORKS = Provider(
    name="fireworks",
    summary="Fireworks AI: 3 to 3,000,000 examples, a system message first only",
    takes={
        "openai-chat": _RULES,
        "openai-preference": _RULES,
        "openai-reinforcement": _RULES,
    },
    line_rules=check,
)
