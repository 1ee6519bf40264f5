"""One task of a source, whatever the file it came from."""

from dataclasses import dataclass
from typing import Any

# where a task keeps its identity, so that pushing the same file again adds nothing
ID_FIELD = "labeltune_id"


@dataclass(frozen=True)
class SourceTask:
    """One task of a source.

    Attributes:
        id: the source's own id, None where it has none.
        data: `messages`, and whatever else the source holds.
        where: file and line, for errors.
    """

    id: str | None
    data: dict[str, Any]
    where: str
