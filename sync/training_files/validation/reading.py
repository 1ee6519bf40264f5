"""How a file beside the examples says that they are to be read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault


def no_faults(row: Json, line: Json) -> Iterator[Fault]:
    """Of a reader that asks nothing of a row beyond its format."""
    return iter(())


@dataclass(frozen=True)
class RowReading:
    """What the file says of one data set.

    Attributes:
        told_by: the file that says it, as people read its name.
        entry: the data set's name there.
        reader: the provider that reads it so.
        form: the format that its rows are of once they are in that format's own names; None: a
            guess by the first rows.
        line: a row in the format's own names; None: rows are in them already.
        faults: what the reader asks beyond the format: of a row, and of what it is in the format.
        names: which names the row has in place of the format's, for people; may be empty.
    """

    told_by: str
    entry: str
    reader: str
    form: str | None
    line: Callable[[Json], Json] | None = None
    faults: Callable[[Json, Json], Iterator[Fault]] = no_faults
    names: str = ""
