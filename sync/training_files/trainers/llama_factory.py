"""LLaMA-Factory, on machines of your own.

Source: data/README.md and src/llamafactory/data/converter.py of LLaMA-Factory: a row that breaks
the order of turns is dropped with a line in the log.
"""

from collections.abc import Iterator
from typing import Any

from sync.common.json_text import Json
from sync.training_files.formats import FORMATS
from sync.training_files.formats.format import Fault, FileRules
from sync.training_files.formats.picture_marks import marks_fault
from sync.training_files.trainers.provider import Provider
from sync.training_files.trainers.turns import roles_of


def check(form: str, line: Json) -> Iterator[Fault]:
    """Of chat messages: user or tool, then assistant, in pairs, each of them text to learn.

    A system message may come first.
    """
    if form == "sharegpt-kto":
        yield from _empty_answer(line.get("conversations"))
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
    messages = [m if type(m) is dict else {} for m in line["messages"]] if roles else []
    for number, message in enumerate(messages, 1):
        yield from _unread(number, message)
    if line.get("tools") and not isinstance(line["tools"], str):
        yield Fault(
            "no-tools",
            "tools are no text that holds JSON, at which LLaMA-Factory stops where its entry names "
            "them; export sharegpt instead",
        )
    said = [m.get("content") for m in messages[len(roles) - len(turns) :]]
    if "images" in line and (fault := marks_fault(line, said)) is not None:
        yield fault


def _empty_answer(turns: Any) -> Iterator[Fault]:
    """LLaMA-Factory goes by which of two answers is empty, whatever `kto_tag` says."""
    last = turns[-1] if type(turns) is list and turns else None
    if type(last) is dict and last.get("value") == "":
        yield Fault(
            "empty-answer",
            "the judged answer is empty, and LLaMA-Factory takes an empty one for the other "
            "verdict; leave the line out",
        )


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


# faults of the formats' that it trains on all the same
_TAKEN = (
    *("same", "name", "weight: role"),
    *(f"{rule}: empty" for rule in ("value", "content", "instruction", "output", "history")),
    *("chosen: empty", "rejected: empty"),
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
    severities=dict.fromkeys(_TAKEN, "warning"),
    cuts="is cut off (cutoff_len)",
    takes_datasets=True,
)
