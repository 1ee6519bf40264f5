"""Which formats a line may be in, by its keys, and what to call a file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.common.json_text import Json
from sync.training_files.formats.format import Format
from sync.training_files.trainers.provider import Provider


@dataclass(frozen=True)
class LineShape:
    """What lines of some formats have in common.

    Attributes:
        keys: a line has one of them at its top.
        formats: in the order of preference, where lines keep the rules of several.
    """

    keys: tuple[str, ...]
    formats: tuple[str, ...]


def line_shapes(formats: Mapping[str, Format]) -> tuple[LineShape, ...]:
    """The shapes of formats; a line has the first of which it has a key."""
    ranked = sorted(formats.values(), key=lambda form: form.guess_rank)
    named: dict[tuple[str, ...], list[str]] = {}
    for form in ranked:
        named.setdefault(form.keys, []).append(form.name)
    for form in ranked:
        if form.keys_of_kin in named:
            named[form.keys_of_kin].append(form.name)
    for form in ranked:
        if form.plain_keys:
            named.setdefault(form.plain_keys, []).append(form.name)
    return tuple(LineShape(keys, tuple(names)) for keys, names in named.items() if keys)


def shape_of(line: Json, shapes: Sequence[LineShape]) -> LineShape | None:
    """The shape of a line, or None where none of its keys is known."""
    return next((shape for shape in shapes if any(key in line for key in shape.keys)), None)


def guess(
    first: Sequence[Json], formats: Mapping[str, Format], reader: Provider | None = None
) -> str | None:
    """The format that a file's first lines are of: by their keys, then by their faults.

    Args:
        first: some objects of the file.
        reader: who is to train on it: what it does not read is thought of last, and it says what
            an error is.

    Returns:
        The name, or None where no line has a known key.
    """
    known = line_shapes(formats)
    shapes = Counter(shape for line in first if (shape := shape_of(line, known)))
    if not shapes:
        return None
    shape = shapes.most_common(1)[0][0]
    own = [line for line in first if shape_of(line, known) == shape]

    names = [name for name in shape.formats if reader is None or name in reader.formats]
    names = names or list(shape.formats)

    def faults(name: str) -> int:
        """Those of the format, or the errors that its reader sees."""
        form = formats[name]
        if reader is None or name not in reader.formats:
            return sum(sum(1 for _ in form.check(line)) for line in own)
        found = (fault for line in own for fault in reader.faults(form, line))
        return sum(fault.severity == "error" for fault in found)

    return min(names, key=faults) if len(names) > 1 else names[0]
