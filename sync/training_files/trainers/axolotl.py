"""Axolotl, on machines of your own.

Source, as of November 2026: docs.axolotl.ai, "Dataset formats": `chat_template` reads `messages`
and ShareGPT's `conversations`, `stepwise_supervised` its own; preferences go to TRL's trainers as
they are. Of Alpaca's rows it does not read `history`, so those are not among them. What stops it is
what stops its prompt strategies (0.19), which the tests give generated lines.
"""

from collections.abc import Iterator
from typing import Any

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault, FileRules
from sync.training_files.trainers.provider import Provider

_TURNS = {
    "openai-chat": "messages",
    "trl-language-modeling": "messages",
    "sharegpt": "conversations",
}
_LEARNT = ("assistant", "gpt", "function_call")
# faults of the formats' that it trains on all the same: turns in any order, among others
_TAKEN = (
    *("order", "count", "system", "last", "same", "name"),
    *("weight: role", "weight: true or false"),
    *("value: empty", "content: empty", "chosen: empty", "rejected: empty"),
)


def check(form: str, line: Json) -> Iterator[Fault]:
    """What stops its prompt strategies, or is not learnt by them."""
    if form == "sharegpt" and line.get("tools") == "":
        yield Fault("tools", "tools is empty text, at which Axolotl stops; write []")
    turns = line.get(_TURNS.get(form, ""))
    if type(turns) is not list:
        return
    learnt = [turn for turn in turns if type(turn) is dict and _is_learnt(turn)]
    if not any(map(_says_something, learnt)):
        yield Fault(
            "nothing-learnt",
            "no turn of the assistant's has words or calls, so nothing is learnt; leave it out",
        )


def _is_learnt(turn: Json) -> bool:
    return (turn.get("from") or turn.get("role")) in _LEARNT and turn.get("weight") != 0


def _says_something(message: Json) -> bool:
    said: Any = message.get("value", message.get("content"))
    texts = [part.get("text") for part in said if type(part) is dict] if type(said) is list else []
    return bool(message.get("tool_calls")) or any(texts) or (type(said) is not list and bool(said))


AXOLOTL = Provider(
    name="axolotl",
    summary="Axolotl on machines of your own",
    takes={
        "openai-chat": FileRules(),
        "trl-language-modeling": FileRules(),
        "trl-preference": FileRules(),
        "trl-stepwise": FileRules(),
        "trl-unpaired-preference": FileRules(),
        "sharegpt": FileRules(),
    },
    reads=lambda form: form.axolotl is not None,
    line_rules=check,
    severities={**dict.fromkeys(_TAKEN, "warning"), "tool_arguments: empty": "error"},
    cuts="is cut off, or the example left out (sequence_len)",
    takes_datasets=True,
)
