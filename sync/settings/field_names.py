"""What the fields of a source can be for, and how they are listed in an error."""

from collections.abc import Iterable
from itertools import islice

# what [sources.columns] can fill, apart from facts, categories and documents, which are named
COLUMN_TARGETS = (
    "id",
    "prompt",
    "system",
    "answer",
    "messages",
    "conversations",
    "instruction",
    "input",
    "output",
    "history",
)
DOCUMENTS = "documents."
# each a column of its own in a flat source, and together one field of a task
GATHERED = ("context.", "categories.")
NAMED_TARGETS = (*GATHERED, DOCUMENTS)
# where the answer goes that a source had already
REFERENCE = "reference"

_LISTED = 20
_LONGEST = 40


def _shortened(text: str, most: int) -> str:
    """A text, or its beginning."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def listed(names: Iterable[str]) -> str:
    """The names, or the first of very many; "" where there are none.

    Each is one short line: the first row of a table without a header may be anything.
    """
    rest = (_shortened(" ".join(name.split()), _LONGEST) for name in names)
    some = list(islice(rest, _LISTED))
    return ", ".join([*some, "…"] if next(rest, None) is not None else some)
