"""Sources as tasks: rows of conversations in many forms, and documents cut into sections."""

from sync.common.source_task import ID_FIELD, SourceTask
from sync.intake.sources.reader import SourceReader

__all__ = ["ID_FIELD", "SourceReader", "SourceTask"]
