"""Finished work as records: the annotation that counts, decoded, and what became of its draft.

Rows of the table come in; of each task one outcome comes out: a `LabelledRecord`, or why there is
none.
Open first: `pulled_work`, then `record`.
"""

from label_configs.annotations.choose_annotation import Choosing
from sync.records.record import Labelled, LabelledRecord, Outcome, Unfinished, Unreadable
from sync.records.record_reader import iter_records, read_records

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
