"""Calls of tools in an answer that was written as one text, as a reviewer amends it."""

from collections.abc import Sequence

from label_configs.call_arguments import compact, parsed
from label_configs.content import ToolCall


def read(text: str, calls: Sequence[ToolCall]) -> tuple[str, tuple[ToolCall, ...]] | None:
    """Words and calls of a text that was made of both, each call on a line as `name({…})`.

    Args:
        calls: that it held before; without any, all of it is words.

    Returns:
        None where a line begins as a call of one of these tools and does not go on as one, or
        words stand after a call: nobody could tell what is meant.
    """
    names = {call.name for call in calls}
    lines = text.splitlines() if names else []
    starts = [at for at, line in enumerate(lines) if line.split("(", 1)[0].strip() in names]
    starts = [at for at in starts if "(" in lines[at]]
    if not starts:
        return text, ()
    found = []
    for line in filter(str.strip, lines[starts[0] :]):
        name, _, rest = line.strip().partition("(")
        arguments = rest.removesuffix(")")
        if name.strip() not in names or arguments == rest or parsed(arguments) is None:
            return None
        found.append(ToolCall(name.strip(), compact(arguments)))
    return "\n".join(lines[: starts[0]]).strip(), tuple(found)
