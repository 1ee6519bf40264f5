"""What may not become a task: what a later split would keep together with a held-out item.

Such a task would fall into the test split itself, or be dropped from training: nobody could learn
from the expert's hour.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.dataset.splits.groups import groups_of
from sync.dataset.splits.prompt_vectors import PromptVectors
from sync.dataset.splits.split_items import TEST, SplitItem
from sync.dataset.splits.stored_splits import known_to, read_named
from sync.settings.split import SplitSection
from sync.table.data_folder import DataFolder
from sync.tuning.evaluation.arms.prompts import VectorsOf
from sync.tuning.evaluation.next_tasks.project_questions import TaskCandidate

# where a split looks for no near-duplicates
_NEAR = 0.9


def held_out_keys(folder: DataFolder, asked: Iterable[str]) -> set[str]:
    """Keys of every item that is, or ever was, held out by the splits that count.

    Args:
        asked: keys of the items that an evaluation asks.

    Raises:
        SyncError: the newest split was changed since, or can't be read.
    """
    newest = known_to(folder)[-1:]
    homes = (read_named(folder, name).homes() for name in newest)
    return {*asked, *(key for each in homes for key, home in each.items() if home == TEST)}


@dataclass(frozen=True)
class QuestionVectors:
    """Texts with their vectors, each once; `near` is the similarity of near-duplicates."""

    prompts: PromptVectors
    near: float

    def of(self, texts: Sequence[str]) -> Embeddings:
        """(n, dim) vectors; zeros of no text, which is like none."""
        width = self.prompts.vectors.shape[1] if self.prompts.vectors.size else 1
        found = np.zeros((len(texts), width), dtype=np.float32)
        for row, text in enumerate(texts):
            if (place := self.prompts.places.get(text)) is not None:
                found[row] = self.prompts.vectors[place]
        return found


def question_vectors(
    texts: Iterable[str], settings: SplitSection, vectors_of: VectorsOf
) -> QuestionVectors:
    """Embed what is asked."""
    distinct = sorted({text for text in texts if text})
    places = {text: place for place, text in enumerate(distinct)}
    near = settings.near_duplicates or _NEAR
    return QuestionVectors(PromptVectors(places, vectors_of(distinct)), near)


def leaking(
    finished: Sequence[SplitItem],
    candidates: Sequence[TaskCandidate],
    held_out: Collection[str],
    vectors: QuestionVectors,
) -> NDArray[np.bool_]:
    """(n,) which candidates a split would keep together with a held-out item, however indirectly.

    Args:
        finished: all items that a split would share out now, held-out ones among them.
    """
    items = [*finished, *map(_as_item, candidates)]
    groups = groups_of(items, vectors.prompts, vectors.near)
    held = [place for place, item in enumerate(finished) if item.key in held_out]
    found: NDArray[np.bool_] = np.isin(groups[len(finished) :], np.unique(groups[held]))
    return found


def _as_item(candidate: TaskCandidate) -> SplitItem:
    return SplitItem(candidate.key, 0, candidate.text, candidate.ties, None, ())
