"""One task of a source, whatever the file it came from."""

from dataclasses import dataclass
from typing import Any

from sync.common.json_text import Json

# where a task keeps its identity, so that pushing the same file again adds nothing
ID_FIELD = "labeltune_id"
# the model that wrote the question; absent where people asked it
WRITTEN_BY = "written_by"


@dataclass(frozen=True)
class SourceTask:
    """One task of a source.

    Attributes:
        id: the source's own id, None where it has none.
        data: `messages`, and whatever else the source holds.
        where: file and line, for errors.
        annotations, predictions: finished work and drafts that the source brings along, as Label
            Studio's import takes them; sent where the task is created.
    """

    id: str | None
    data: dict[str, Any]
    where: str
    annotations: tuple[Json, ...] = ()
    predictions: tuple[Json, ...] = ()

    @property
    def beside(self) -> dict[str, tuple[Json, ...]]:
        """What is sent beside the data; empty for most tasks."""
        if not (self.annotations or self.predictions):
            return {}
        return {"annotations": self.annotations, "predictions": self.predictions}
