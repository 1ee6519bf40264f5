"""Pulled rows as records: which annotation of a task counts, and what became of its draft."""

from sync.categories.assigning import user_text
from sync.records.deciding import Choosing
from sync.records.labelled import Labelled, LabelledRecord, Outcome, Unfinished, Unreadable
from sync.records.reading import iter_records, read_records

__all__ = [
    "Choosing",
    "Labelled",
    "LabelledRecord",
    "Outcome",
    "Unfinished",
    "Unreadable",
    "iter_records",
    "read_records",
    "user_text",
]
