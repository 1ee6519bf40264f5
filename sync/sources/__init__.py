"""Sources as tasks: rows of conversations in many forms, and documents cut into sections."""

from sync.sources.reading import SourceReader, read_sources
from sync.sources.task import ID_FIELD, SourceTask

__all__ = ["ID_FIELD", "SourceReader", "SourceTask", "read_sources"]
