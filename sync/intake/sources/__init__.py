"""Files and folders as source tasks: rows in many shapes, documents cut into sections.

Paths come in, a stream of `SourceTask` comes out, each with its file and line. Nothing is held in
memory but the row at hand.
Open first: `reader`.
"""

from sync.common.source_task import ID_FIELD, SourceTask
from sync.intake.sources.reader import SourceReader

__all__ = ["ID_FIELD", "SourceReader", "SourceTask"]
