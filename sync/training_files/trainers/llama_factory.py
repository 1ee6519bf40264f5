"""LLaMA-Factory, on machines of your own.

Source: data/README.md and src/llamafactory/data/converter.py of LLaMA-Factory: a row that breaks
the order of turns is dropped with a line in the log.
"""

from collections.abc import Iterator

from sync.common.json_text import Json
from sync.training_files.formats import FORMATS
from sync.training_files.formats.format import Fault, FileRules
from sync.training_files.trainers.provider import Provider
from sync.training_files.trainers.turns import roles_of


def check(form: str, line: Json) -> Iterator[Fault]:
    """Of chat messages: user or tool, then assistant, in pairs, each of them text to learn.

    A system message may come first.
    """
    how = FORMATS[form].llama_factory
    if how is None or not how.plain_only:
        return  # the formats' own rules
    roles = roles_of(line.get("messages"))
    turns = roles[roles[:1] == ["system"] :]
    expected = (("user", "tool"), ("assistant",))
    if len(turns) % 2 or any(role not in expected[i % 2] for i, role in enumerate(turns)):
        yield Fault(
            "turn-order",
            "user (or tool) and assistant must take turns, in pairs, after an optional system "
            "message; LLaMA-Factory drops other rows silently: join or remove turns",
        )
    for number, message in enumerate(line["messages"] if roles else (), 1):
        if type(message) is dict:
            yield from _unread(number, message)


def _unread(number: int, message: Json) -> Iterator[Fault]:
    """What a message says that LLaMA-Factory does not read."""
    if message.get("weight") == 0:
        yield Fault(
            "no-weights",
            f"message {number} has weight 0, which LLaMA-Factory does not know: it would learn it; "
            "export alpaca instead, where it is history",
        )
    if message.get("tool_calls"):
        yield Fault(
            "no-tool-calls",
            f"message {number} has tool_calls, at which LLaMA-Factory stops; export sharegpt "
            "instead",
        )
    elif not isinstance(message.get("content"), str):
        yield Fault(
            "text-only",
            f"message {number}: LLaMA-Factory needs text as content; take parts apart",
        )


LLAMA_FACTORY = Provider(
    name="llama-factory",
    summary="LLaMA-Factory on machines of your own",
    takes={
        "sharegpt": FileRules(),
        "sharegpt-preference": FileRules(),
        "sharegpt-kto": FileRules(),
        "alpaca": FileRules(),
        "openai-chat": FileRules(),
        "trl-language-modeling": FileRules(),
    },
    reads=lambda form: form.llama_factory is not None,
    line_rules=check,
    cuts="is cut off (cutoff_len)",
    takes_datasets=True,
)
