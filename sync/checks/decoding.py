"""Pulled rows as finished work, a batch at a time."""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from label_configs import Interface
from sync.categories.settings import CategorySection
from sync.engine import Engine
from sync.records import Choosing, Labelled, read_records
from sync.store.rows import TaskRow, from_arrow, to_arrow

# rows a batch
_BATCH = 512


@dataclass(frozen=True)
class Decoded:
    """Finished work.

    Attributes:
        missing: of each record what it lacks, as a sentence, or None.
    """

    labelled: Labelled
    missing: tuple[str | None, ...]


@dataclass(frozen=True)
class _Decoding:
    """Batch of rows -> one row, the `Decoded` of the whole batch, pickled."""

    interface: Interface[Any]
    categories: Mapping[str, CategorySection]
    choosing: Choosing

    def __call__(self, batch: pa.Table) -> pa.Table:
        found = read_records(from_arrow(batch), self.interface, self.categories, self.choosing)
        # a reviewer has said already what is wrong with the others; drafts are not looked at
        judged = (replace(r, draft=None) for r in found.records if not r.rejected)
        labelled = replace(found, records=tuple(judged))
        missing = tuple(self.interface.missing(r.record, r.data) for r in labelled.records)
        return pa.table({"decoded": pa.array([pickle.dumps(Decoded(labelled, missing))])})


def decode(
    rows: Sequence[TaskRow],
    interface: Interface[Any],
    categories: Mapping[str, CategorySection],
    choosing: Choosing,
    engine: Engine,
) -> Decoded:
    """Decode every finished task, see `sync.records.read_records`, and see what each lacks.

    What a reviewer rejected is left out.
    """
    decoding = _Decoding(interface, dict(categories), choosing)
    results = engine.map_batches(_batches(rows), decoding)
    parts: list[Decoded] = [pickle.loads(result["decoded"][0].as_py()) for result in results]
    return Decoded(
        labelled=Labelled(
            records=tuple(r for part in parts for r in part.labelled.records),
            unreadable=tuple(u for part in parts for u in part.labelled.unreadable),
            skipped=sum(part.labelled.skipped for part in parts),
            unlabeled=sum(part.labelled.unlabeled for part in parts),
        ),
        missing=tuple(sentence for part in parts for sentence in part.missing),
    )


def _batches(rows: Sequence[TaskRow]) -> Iterator[pa.Table]:
    for start in range(0, len(rows), _BATCH):
        yield to_arrow(rows[start : start + _BATCH])
