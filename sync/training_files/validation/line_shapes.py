"""By which keys a line's shape is known, which formats have it, and what to call a file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.common.json_text import Json
from sync.training_files.formats.format import Format
from sync.training_files.validation.example_texts import (
    Reader,
    read_any,
    read_completion,
    read_contents,
    read_conversations,
    read_instruction,
    read_messages,
    read_pair,
)


@dataclass(frozen=True)
class Shape:
    """What lines of some formats have in common.

    Attributes:
        keys: a line has one of them at its top.
        formats: in the order of preference, where lines keep the rules of several.
        read: what such a line says.
    """

    keys: tuple[str, ...]
    formats: tuple[str, ...]
    read: Reader


# a line has the first shape that one of its keys is of
SHAPES = (
    Shape(("preferred_output", "non_preferred_output"), ("openai-preference",), read_pair),
    Shape(
        ("conversations",),
        ("sharegpt-kto", "sharegpt-preference", "sharegpt"),
        read_conversations,
    ),
    Shape(("contents",), ("gemini",), read_contents),
    Shape(("schemaVersion",), ("bedrock-conversation",), read_messages),
    Shape(
        ("messages",),
        (
            "openai-chat",
            "trl-language-modeling",
            "openai-reinforcement",
            "bedrock-conversation",
        ),
        read_messages,
    ),
    Shape(("completions",), ("trl-stepwise",), read_completion),
    Shape(("instruction",), ("alpaca",), read_instruction),
    Shape(("chosen", "rejected"), ("trl-preference",), read_completion),
    Shape(("label",), ("trl-unpaired-preference",), read_completion),
    Shape(("completion",), ("trl-prompt-completion",), read_completion),
)


def shape_of(line: Json) -> Shape | None:
    """The shape of a line, or None where none of its keys is known."""
    return next((shape for shape in SHAPES if any(key in line for key in shape.keys)), None)


def keys_of(form: str) -> tuple[str, ...]:
    """Keys of which a line of a format has one; none for a format that has no shape here."""
    return next((shape.keys for shape in SHAPES if form in shape.formats), ())


def reader_of(form: str) -> Reader:
    """How to read a line of a format."""
    return next((shape.read for shape in SHAPES if form in shape.formats), read_any)


def guess(first: Sequence[Json], formats: Mapping[str, Format]) -> str | None:
    """The format that a file's first lines are of: by their keys, then by their faults.

    Args:
        first: some objects of the file.

    Returns:
        The name, or None where no line has a known key.
    """
    shapes = Counter(shape for line in first if (shape := shape_of(line)))
    if not shapes:
        return None
    shape = shapes.most_common(1)[0][0]
    known = [name for name in shape.formats if name in formats]
    if len(known) < 2:
        return known[0] if known else None
    own = [line for line in first if shape_of(line) == shape]

    def faults(name: str) -> int:
        form = formats[name]
        return sum(sum(1 for _ in form.check(line)) for line in own)

    return min(known, key=faults)
