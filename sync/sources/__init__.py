"""Sources as tasks: rows of conversations in many forms, and documents cut into sections."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from sync.errors import SourceError
from sync.sources.reading import SourceReader, read_sources
from sync.sources.task import ID_FIELD, SourceTask

__all__ = ["ID_FIELD", "SourceReader", "SourceTask", "read_source", "read_sources"]


def read_source(path: Path, seen: dict[str, str]) -> Iterator[SourceTask]:
    """A file's tasks, each with an id: its own, else a digest of conversation and context.

    Args:
        seen: id -> where, of the tasks read so far; two with the same id are refused.
    """
    from sync.config import SourcesSection

    for task in read_sources([path], SourcesSection(last_assistant="keep")):
        inputs = json.dumps([task.data["messages"], task.data.get("context") or {}], sort_keys=True)
        own_id = task.id or hashlib.sha256(inputs.encode()).hexdigest()[:16]
        if own_id in seen:
            raise SourceError(
                f"{task.where}: the id {own_id!r} was used at {seen[own_id]}; ids must differ"
            )
        seen[own_id] = task.where
        yield SourceTask(own_id, task.data, task.where)
