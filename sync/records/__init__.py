"""Pulled rows as records: which annotation of a task counts, and what became of its draft."""

from label_configs.annotations.choose_annotation import Choosing
from sync.records.read_records import iter_records, read_records
from sync.records.record import Labelled, LabelledRecord, Outcome, Unfinished, Unreadable

__all__ = [
    "Choosing",
    "Labelled",
    "LabelledRecord",
    "Outcome",
    "Unfinished",
    "Unreadable",
    "iter_records",
    "read_records",
]
