"""Together AI.

Sources, as of November 2026: docs.together.ai/docs/fine-tuning/data-preparation (roles, turns,
weights, one format in a file, 100 GB), …/preference-tuning (one assistant message an output),
…/function-calling (`tools`, `tool_calls` and messages of tools).
"""

from collections.abc import Iterator

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault, FileRules
from sync.training_files.trainers.provider import GB, Provider
from sync.training_files.trainers.turns import alternating, chat_of, roles_of, system_first

_RULES = FileRules(max_bytes=100 * GB)
_KEYS = ("messages", "prompt", "text", "preferred_output")  # one of each of its formats


def check(form: str, line: Json) -> Iterator[Fault]:
    """Turns in strict order, one format, and one message an output."""
    found = [key for key in _KEYS if key in line]
    if len(found) > 1:
        names = " and ".join(f"'{key}'" for key in found)
        yield Fault(
            "one-format",
            f"the line has {names}, which are of different formats; leave out what is not trained "
            "on",
        )
    roles = roles_of(chat_of(form, line))
    yield from system_first(roles)
    pair = form == "openai-preference"
    if "system" not in roles[1:]:
        yield from alternating(roles, ("user", "assistant") if pair else ("user",))
    for key in ("preferred_output", "non_preferred_output") if pair else ():
        output = line.get(key)
        if type(output) is list and output and roles_of(output) != ["assistant"]:
            yield Fault(
                "one-answer",
                f"{key} must be exactly one message, of the assistant; found {len(output)} "
                "messages or another role",
            )


TOGETHER = Provider(
    name="together",
    summary="Together AI: user and assistant in strict turns",
    takes={"openai-chat": _RULES, "openai-preference": _RULES},
    line_rules=check,
)
