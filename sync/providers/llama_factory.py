"""LLaMA-Factory, on machines of your own.

Source: data/README.md and src/llamafactory/data/converter.py of LLaMA-Factory: a row that breaks
the order of turns is dropped with a line in the log.
"""

from collections.abc import Iterator

from sync.formats.format import Fault, FileRules, Json
from sync.providers.provider import Provider
from sync.providers.turns import roles_of


def check(form: str, line: Json) -> Iterator[Fault]:
    """Of chat messages: user or tool, then assistant, and so on in pairs.

    A system message may come first, and tools that answer one after another count as one.
    """
    if form != "openai-chat":
        return  # the formats' own rules
    roles = roles_of(line.get("messages"))
    turns = [
        role
        for i, role in enumerate(roles)
        if not (i == 0 and role == "system") and not (role == "tool" and roles[i - 1] == "tool")
    ]
    expected = (("user", "tool"), ("assistant",))
    if len(turns) % 2 or any(role not in expected[i % 2] for i, role in enumerate(turns)):
        yield Fault(
            "turn-order",
            "user (or tool) and assistant must take turns, in pairs, after an optional system "
            "message; LLaMA-Factory drops other rows silently: join or remove turns",
        )


LLAMA_FACTORY = Provider(
    name="llama-factory",
    summary="LLaMA-Factory on machines of your own",
    formats={
        "sharegpt": FileRules(),
        "sharegpt-preference": FileRules(),
        "sharegpt-kto": FileRules(),
        "alpaca": FileRules(),
        "openai-chat": FileRules(),
    },
    line_rules=check,
    cuts="is cut off (cutoff_len)",
)
