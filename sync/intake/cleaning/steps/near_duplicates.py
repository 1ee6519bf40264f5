"""Tasks that ask nearly what another one asks: in the sources, or in the project.

They are laid aside until all are read, then compared. Of tasks that are near each other the first
stays; what the project holds comes before what is new. A task goes only for one that stays, so a
chain of small differences does not end in one task.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.common.source_task import SourceTask
from sync.compute import Engine
from sync.compute.embedding import as_matrix
from sync.compute.near_duplicate_search import first_near
from sync.compute.objects import map_objects
from sync.intake.cleaning.arrow_form import over_arrow
from sync.intake.cleaning.task_batches import TaskBatch, batches
from sync.intake.cleaning.task_identity import circumstances_digest
from sync.intake.cleaning.task_vectors import DOCUMENTS_VECTOR, VECTOR, Embedding
from sync.intake.cleaning.temporary_files import VectorFile
from sync.settings.cleaning import NearDuplicatesSection

# who stays when two are near each other: the lower
_HELD, _UPDATE, _NEW = 0, 1, 2


@dataclass(frozen=True)
class NearDuplicate:
    """A task of the sources to drop.

    Attributes:
        place: among those that were laid aside.
    """

    place: int
    id: str
    where: str
    reason: str


@dataclass
class _Row:
    """A task that was laid aside.

    Attributes:
        circumstances: a number for what must be equal, else tasks are not compared.
        document: the place of its documents' vector, or -1.
    """

    where: str
    circumstances: int
    document: int
    rank: int


class NearDuplicates:
    """Vectors on disk, and a place for every task, in the order of the sources."""

    def __init__(self, settings: NearDuplicatesSection) -> None:
        self._settings = settings
        self._said = VectorFile()
        self._documents = VectorFile()
        self._circumstances: dict[bytes, int] = {}
        self._rows: list[_Row] = []
        self._ids: list[str] = []

    def add(self, batch: TaskBatch) -> None:
        """Lay aside tasks of the sources.

        Args:
            batch: with the columns of `Embedding`, and an id for each task.
        """
        self._add(batch, _NEW)
        self._ids += [str(task.id) for task in batch.tasks]

    def near(
        self, held: Iterable[SourceTask], engine: Engine, embedding: Embedding
    ) -> list[NearDuplicate]:
        """Which tasks of the sources to drop, in their order.

        Args:
            held: tasks of the project. One that the sources hold, too, is updated: what the
                sources say of it counts, and is not dropped.
        """
        places = {task_id: place for place, task_id in enumerate(self._ids)}
        others = self._others(held, places)
        for batch in map_objects(engine, batches(others), over_arrow(embedding)):
            self._add(batch, _HELD)
        ranks = np.array([row.rank for row in self._rows], dtype=np.int8)
        numbers = np.array([row.circumstances for row in self._rows], dtype=np.int64)
        # by what must be equal, then by who stays, then by the order of the sources
        ordered = np.lexsort((ranks, numbers))
        reasons: dict[int, str] = {}
        for group in np.split(ordered, np.flatnonzero(np.diff(numbers[ordered])) + 1):
            if len(group) > 1:
                reasons |= self._near_in(group, ranks[group] < _NEW, engine)
        return [
            NearDuplicate(place, self._ids[place], self._rows[place].where, reason)
            for place, reason in sorted(reasons.items())
        ]

    def close(self) -> None:
        """Give the room back."""
        self._said.close()
        self._documents.close()

    def _near_in(
        self, group: NDArray[np.int64], stays: NDArray[np.bool_], engine: Engine
    ) -> dict[int, str]:
        """Of tasks that may be compared."""
        vectors: list[Embeddings] = [self._said.rows()[group]]
        if self._rows[group[0]].document >= 0:
            documents = [self._rows[i].document for i in group]
            vectors.append(self._documents.rows()[documents])
        near = first_near(vectors, self._settings.threshold, stays, engine)
        return {
            int(group[row]): f"{similarity:.3f} similar to {self._rows[group[first]].where}"
            for row, (first, similarity) in near.items()
        }

    def _others(self, held: Iterable[SourceTask], places: dict[str, int]) -> Iterator[SourceTask]:
        """What the project holds beside the sources, as far as it may be compared with them."""
        for task in held:
            place = places.get(task.id) if task.id is not None else None
            if place is not None:
                self._rows[place].rank = _UPDATE
            elif self._digest(task.data) in self._circumstances:
                yield task

    def _add(self, batch: TaskBatch, rank: int) -> None:
        documents = batch.columns[DOCUMENTS_VECTOR]
        present = documents.is_valid().to_pylist()
        place = len(self._documents)
        for task, has_documents in zip(batch.tasks, present, strict=True):
            digest = self._digest(task.data)
            number = self._circumstances.setdefault(digest, len(self._circumstances))
            self._rows.append(_Row(task.where, number, place if has_documents else -1, rank))
            place += has_documents
        self._said.add(as_matrix(batch.columns[VECTOR]))
        if any(present):
            self._documents.add(as_matrix(documents.drop_null()))

    def _digest(self, data: dict[str, object]) -> bytes:
        return circumstances_digest(data, context=not self._settings.ignore_context)
