"""What a release holds, as its manifest and its companion files tell it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.common.json_text import Json
from sync.records.unlisted import Unlisted

# role and content: what a message without anything special has
_SAID = 2


@dataclass(frozen=True)
class WrittenFile:
    """One file of examples.

    Attributes:
        split: train / validation / test; None where the project was never split.
        left_out: examples that the format can't say or its readers refuse, by reason.
        plain: whether every line is chat messages of text that take turns, all of them to learn:
            what LLaMA-Factory reads of chat messages; None: not known.
        wide: whether a line has what few have, such as pictures; see `Format.is_wide`.
    """

    format: str
    split: str | None
    file: str
    lines: int
    bytes: int
    sha256: str
    left_out: Mapping[str, int] = field(default_factory=dict)
    plain: bool | None = None
    wide: bool = False


@dataclass(frozen=True)
class ReleaseSummary:
    """A release before its manifest is written; the same inputs give an equal one.

    Attributes:
        counts: what became of the project's tasks, by name.
        categories: of the exported tasks: how many have each label, by kind of category.
        drafts: what experts made of the drafts of the exported tasks.
        held: how many exported tasks each split has, and what percent of them each label has.
        split: the split's settings, sizes and proof; None without a split.
        balance: what balancing did; None without.
        left_out: examples that a format can't say or its readers refuse, by format and reason;
            of formats without a line, too.
        unlisted: labels that annotations hold and `labeltune.toml` does not list.
        sample: the first line of every file, by file name, for the card.
        pictures: files of pictures that lines name: file, bytes and hash each.
    """

    project: str
    interface: str
    files: tuple[WrittenFile, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    drafts: Mapping[str, Any] = field(default_factory=dict)
    held: Mapping[str, Any] = field(default_factory=dict)
    split: Json | None = None
    balance: Json | None = None
    unlisted: tuple[Unlisted, ...] = ()
    left_out: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    sample: Mapping[str, Json] = field(default_factory=dict)
    pictures: tuple[Json, ...] = ()


def is_plain(line: Json) -> bool:
    """Whether LLaMA-Factory reads all of a line of chat messages; see `WrittenFile.plain`."""
    if line.get("tools"):
        return False
    asks = True
    for number, turn in enumerate(line.get("messages") or [{}]):
        if not isinstance(turn.get("content"), str):
            return False
        if not number and turn.get("role") == "system":
            continue
        if turn.get("role") != ("user" if asks else "assistant"):
            return False
        if len(turn) > _SAID and (
            turn.get("weight", 1) == 0 or turn.get("tool_calls") or turn.get("reasoning_content")
        ):
            return False
        asks = not asks
    return asks
