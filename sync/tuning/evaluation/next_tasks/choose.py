"""Which candidates become tasks: the nearest to what failed, each unlike the others chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.tuning.evaluation.next_tasks.failing_kinds import FailingKind
from sync.tuning.evaluation.next_tasks.leak_guard import QuestionVectors
from sync.tuning.evaluation.next_tasks.project_questions import TaskCandidate, question_of
from sync.tuning.evaluation.question_clusters import TOGETHER

# pairs of candidates and tasks that are compared at once
_TILE = 4_000


@dataclass(frozen=True)
class NextTask:
    """A candidate that is to be answered next.

    Attributes:
        like: mean similarity to the failing items of its kind.
    """

    candidate: TaskCandidate
    kind: FailingKind
    like: float


class ChosenTasks:
    """Tasks that are chosen one after the other, each unlike those before it.

    Attributes:
        vectors: of all that is asked.
        tasks: that were chosen, in their order.
    """

    def __init__(self, kinds: Sequence[FailingKind], vectors: QuestionVectors) -> None:
        """Nothing is chosen yet."""
        self._kinds = kinds
        self._left = [kind.wanted for kind in kinds]
        self.vectors = vectors
        self.tasks: list[NextTask] = []

    def left(self, place: int) -> int:
        """How many more a kind wants."""
        return self._left[place]

    def with_vectors(self, vectors: QuestionVectors) -> None:
        """Go on with more texts."""
        self.vectors = vectors

    def near_enough(self, candidates: Sequence[TaskCandidate]) -> NDArray[np.bool_]:
        """(n,) which candidates are like what fails, of a kind that still wants some."""
        likes = self._likes(candidates)
        wanting = [place for place, left in enumerate(self._left) if left]
        found: NDArray[np.bool_] = np.any(likes[wanting] >= TOGETHER, axis=0)
        return found

    def choose(self, candidates: Sequence[TaskCandidate], usable: NDArray[np.bool_]) -> None:
        """Choose of candidates from one origin, until every kind has what it wants.

        Args:
            usable: (n,) which may be chosen at all.
        """
        rows = self.vectors.of([each.text for each in candidates])
        before = self.vectors.of([task.candidate.text for task in self.tasks])
        usable = usable.copy()
        usable[np.any(rows @ before.T >= self.vectors.near, axis=1)] = False
        likes = self._likes(candidates)
        for flat in np.argsort(-likes, axis=None, kind="stable").tolist():
            number, place = divmod(flat, len(candidates))
            like = float(likes[number, place])
            if like < TOGETHER:
                return
            if self._left[number] and usable[place]:
                self._left[number] -= 1
                self.tasks.append(NextTask(candidates[place], self._kinds[number], like))
                # itself, and all that asks nearly the same
                usable[rows @ rows[place] >= self.vectors.near] = False

    def _likes(self, candidates: Sequence[TaskCandidate]) -> Embeddings:
        """(kinds, n) mean similarities to what fails; -1 where the labels are others."""
        rows = self.vectors.of([each.text for each in candidates])
        likes = np.full((len(self._kinds), len(candidates)), -1.0, dtype=np.float32)
        for number, kind in enumerate(self._kinds):
            failed = self.vectors.of([question_of(item.record.data) for item in kind.items])
            fits = np.array([kind.fits(each.labels) for each in candidates], dtype=bool)
            likes[number, fits] = (rows[fits] @ failed.T).mean(axis=1)
        return likes


def repeating(
    candidates: Sequence[TaskCandidate],
    texts: Sequence[str],
    vectors: QuestionVectors,
    near: float | None = None,
) -> NDArray[np.bool_]:
    """(n,) which candidates ask nothing, or nearly what one of these texts asks.

    Args:
        texts: of other tasks than the candidates.
        near: the similarity from which that is so; None: that of near-duplicates.
    """
    least = vectors.near if near is None else near
    rows = vectors.of([each.text for each in candidates])
    found: NDArray[np.bool_] = np.array([not each.text for each in candidates], dtype=bool)
    others = vectors.of([text for text in dict.fromkeys(texts) if text])
    for start in range(0, len(others), _TILE):
        found[np.any(rows @ others[start : start + _TILE].T >= least, axis=1)] = True
    return found
