"""`alpaca`: instruction, input, output, with the earlier turns in `history`.

LLaMA-Factory learns the answers in `history` as well, unless `mask_history: true` is set; whoever
trains on these lines must set it, since nobody vouched for them. Axolotl does not read `history`.
Every key stands in every line: LLaMA-Factory wants each column that `dataset_info.json` names.
"""

from collections.abc import Iterator
from typing import Any

from sync.common.json_text import Json, json_type
from sync.training_files.example import Completion, Messages
from sync.training_files.formats.columns import IMAGES, list_of, string
from sync.training_files.formats.example_texts import PlainLine, Said, mark_of, texts_of
from sync.training_files.formats.format import (
    CONTENT_RULES,
    Fault,
    FileRules,
    Format,
    LlamaFactoryEntry,
    Unsuitable,
)
from sync.training_files.formats.json_types import text_fault
from sync.training_files.formats.picture_marks import marks_fault
from sync.training_files.formats.pictures import marked
from sync.training_files.formats.plain_turns import plain_text
from sync.training_files.formats.two_sides import system_and_turns, text_of

_ASKED = ("system", "instruction", "input")
_KEYS = {*_ASKED, "output", "history"}


class Alpaca(Format):
    """One answer to learn: the last user's turn is the instruction."""

    name = "alpaca"
    summary = "instruction, input, output, history (LLaMA-Factory, with mask_history: true)"
    takes = Completion
    rules = FileRules()
    keys = ("instruction",)
    guess_rank = 70
    content_rules = CONTENT_RULES | {"instruction", "input", "output", "system", "history"}
    columns = (
        *(string(name) for name in ("instruction", "input", "output", "system")),
        list_of("history", {"list": "string"}),
    )
    pictures = "file"
    loading_note = (
        "LLaMA-Factory with `alpaca`: set `mask_history: true`, or the earlier answers in "
        "`history`, which nobody vouched for, are learnt, too."
    )
    # its name says so: without `mask_history: true` LLaMA-Factory learns the earlier answers, too
    llama_factory = LlamaFactoryEntry(
        {
            "formatting": "alpaca",
            "columns": {
                "prompt": "instruction",
                "query": "input",
                "response": "output",
                "system": "system",
                "history": "history",
            },
        },
        suffix=".mask_history",
    )

    def encode(self, example: Completion) -> Json:
        """The instruction is what the user said last; `input` stays empty."""
        if example.tools or example.completion.get("tool_calls"):
            raise Unsuitable("tools, which the format has no place for")
        prompt, pictures = marked(example.prompt)
        system, turns = system_and_turns(prompt)
        if not turns or turns[-1]["role"] != "user":
            raise Unsuitable("a prompt that does not end with the user's turn")
        return {
            "instruction": text_of(turns[-1]),
            "input": "",
            "output": text_of(example.completion),
            "system": system,
            "history": _pairs(turns[:-1]),
            **({IMAGES: pictures} if pictures else {}),
        }

    def check(self, line: Json) -> Iterator[Fault]:
        """What LLaMA-Factory fails on, and lines with nothing to ask or to learn."""
        if not isinstance(line, dict):
            yield Fault("object", f"expected an object, found {json_type(line)}")
            return
        instruction, context = line.get("instruction"), line.get("input")
        silent = isinstance(context, str) and bool(context.strip())
        for rule, value, empty in (
            ("instruction", instruction, silent),
            ("input", "" if context is None else context, True),
            ("output", line.get("output"), False),
            ("system", line.get("system") or "", True),
        ):
            fault = text_fault(rule, value, rule, empty)
            if fault is not None:
                yield fault
        history = line.get("history")
        yield from _history_faults(history)
        if "images" in line:
            pairs = [p for p in history if isinstance(p, list)] if isinstance(history, list) else []
            said = [text for pair in pairs for text in pair]
            fault = marks_fault(line, [*said, instruction, context, line.get("output")])
            if fault is not None:
                yield fault

    def plain(self, line: Json) -> PlainLine | None:
        """Of an instruction and an output, without a history."""
        if line.get("history") not in (None, []) or not line.keys() <= _KEYS:
            return None
        asked = [text for key in _ASKED if (text := line.get(key)) is not None]
        said: list[Any] = [line.get("output")]
        if not plain_text(line.get("instruction")) or not plain_text(said[0]):
            return None
        if set(map(type, asked)) != {str}:
            return None
        return Said(asked, said, said, 2), len(line) + len(asked) + 1

    def read(self, line: Json) -> Said:
        """The history, what is asked, and the answer; or a pair of answers, which others write."""
        history = line.get("history")
        earlier = [
            text
            for turn in (history if type(history) is list else ())
            if type(turn) is list
            for text in turn
            if type(text) is str
        ]
        asked = [t for key in ("system", "instruction", "input") for t in texts_of(line.get(key))]
        answer = [t for key in ("output", "chosen", "rejected") for t in texts_of(line.get(key))]
        mark = mark_of(line, "kto_tag")
        return Said([*earlier, *asked], answer, answer, 2 + len(earlier), mark)


def _pairs(turns: Messages) -> list[list[str]]:
    roles = [turn["role"] for turn in turns]
    if "tool" in roles or any(turn.get("tool_calls") for turn in turns):
        raise Unsuitable("tools, which the format has no place for")
    if roles != ["user", "assistant"] * (len(roles) // 2):
        first = roles and roles[0] == "assistant"
        raise Unsuitable(
            "a conversation that the user does not begin"
            if first
            else "two turns of one side in a row"
        )
    told = [text_of(turn) for turn in turns]
    return [[told[i], told[i + 1]] for i in range(0, len(told), 2)]


def _history_faults(history: Any) -> Iterator[Fault]:
    if history is None:
        return
    if not isinstance(history, list):
        yield Fault(
            "history",
            f"history must be a list of pairs, [user, assistant], found {json_type(history)}",
        )
        return
    for number, pair in enumerate(history, 1):
        if not isinstance(pair, list) or len(pair) != 2:
            yield Fault("history", f"history {number} must be a pair, [user, assistant]")
            continue
        for who, text in zip(("user", "assistant"), pair, strict=True):
            fault = text_fault(f"history {number}: what the {who} said", text, "history")
            if fault is not None:
                yield fault
