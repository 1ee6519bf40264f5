"""Fireworks AI.

Sources, as of November 2026: docs.fireworks.ai/fine-tuning/fine-tuning-models (3 to 3 million
examples, a system message first only), …/dpo-fine-tuning (the same numbers), …/fine-tuning-vlm
(pictures inside the line, PNG and JPEG).
"""

from collections.abc import Iterator
from typing import Any

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault, FileRules
from sync.training_files.formats.part_rules import picture_fault
from sync.training_files.trainers.provider import Provider
from sync.training_files.trainers.turns import chat_of, roles_of, system_first

_INSIDE = ("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/jpg;base64,")
_RULES = FileRules(least_examples=3, most_examples=3_000_000)


def check(form: str, line: Json) -> Iterator[Fault]:
    """A system message comes first; pictures stand inside the line."""
    messages = chat_of(form, line)
    yield from system_first(roles_of(messages))
    for number, message in enumerate(messages if type(messages) is list else (), 1):
        content = message.get("content") if type(message) is dict else None
        if type(content) is list and any(map(_is_elsewhere, content)):
            yield Fault(
                "images",
                f"message {number}: a picture must be inside the line, data:image/png;base64,… or "
                "data:image/jpeg;base64,…; Fireworks fetches no addresses",
            )


def _is_elsewhere(part: Any) -> bool:
    """Whether a picture that OpenAI takes is not inside the line, as PNG or JPEG."""
    picture = part.get("image_url") if type(part) is dict else None
    if picture is None or picture_fault("", picture) is not None:
        return False
    return not picture["url"].startswith(_INSIDE)


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
