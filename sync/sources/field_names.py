"""What the fields of a source can be for, and how they are listed in an error."""

from collections.abc import Iterable
from itertools import islice

# what [sources.columns] can fill, apart from facts and documents, which have names of their own
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
CONTEXT, DOCUMENTS = "context.", "documents."
NAMED_TARGETS = (CONTEXT, DOCUMENTS)
# where the answer goes that a source had already
REFERENCE = "reference"

_LISTED = 20


def listed(names: Iterable[str]) -> str:
    """The names, or the first of very many; "" where there are none."""
    rest = iter(names)
    some = list(islice(rest, _LISTED))
    return ", ".join([*some, "…"] if next(rest, None) is not None else some)
