"""What waiting and answered tasks ask, as vectors: what repeats what, and what teaches most."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from connectors.embedding import Encoder, load_encoder
from connectors.reading import Embeddings
from sync.common.terminal import ShowProgress
from sync.compute import Engine, LocalEngine
from sync.compute.vector_cache import VECTORS, text_vectors
from sync.coverage.weights import Integers
from sync.queue.category_order import category_leads
from sync.queue.diversity import Question, near_repeats
from sync.queue.priority import NONE
from sync.queue.waiting_drafts import WaitingDraft
from sync.settings import Config
from sync.table.data_folder import data_folder


def _silent(done: int, total: int) -> None:
    """Show nothing."""


@dataclass(frozen=True)
class TextEmbedding:
    """How texts are embedded, where they were not before.

    Attributes:
        load: gives the encoder of a name; not called when all texts were embedded before.
        engine: where what takes long is computed.
        progress: called with texts embedded and texts to embed.
    """

    load: Callable[[str], Encoder] = load_encoder
    engine: Engine = LocalEngine()  # noqa: RUF009 - it holds nothing
    progress: ShowProgress = _silent


@dataclass(frozen=True)
class AskedTexts:
    """The questions of a project; embedded once, and only where they are compared.

    Attributes:
        answered: questions of finished tasks by id, and `categories` of each, by kind of category.
        judged: what finished tasks asked whose drafts are learnt from.
    """

    config: Config
    drafts: Sequence[WaitingDraft]
    answered: Mapping[int, Question]
    categories: Sequence[Mapping[str, str]]
    embedding: TextEmbedding
    judged: Sequence[str] = ()

    def leads(self, audits: Sequence[int]) -> list[int]:
        """Places of the drafts whose category teaches most, by `queue.learn`; else none.

        Args:
            audits: ids of tasks that come at places of their own.
        """
        kind = self.config.queue.learn
        if kind is None:
            return []
        apart = set(audits)
        places = [i for i, draft in enumerate(self.drafts) if draft.task_id not in apart]
        leading = category_leads(
            self._vectors[places],
            self._of_answered,
            [categories.get(kind) for categories in self.categories],
            kinds=len(self.config.learnt_labels()),
        )
        return [places[place] for place in leading]

    def repeats(self, order: Integers) -> Integers:
        """Which waiting tasks nearly repeat one that is answered, or that comes earlier.

        Args:
            order: places of the drafts that are compared, the first to stay first.
        """
        threshold = self.config.queue.near_duplicates
        if threshold is False or not len(order):
            return np.full(len(self.drafts), NONE, dtype=np.int64)
        waiting = [draft.question for draft in self.drafts]
        places = {draft.task_id: place for place, draft in enumerate(self.drafts)}
        of_waiting = np.array([places.get(i, NONE) for i in self.answered], dtype=np.int64)
        engine = self.embedding.engine
        compared = self._vectors[: len(self.drafts) + len(self.answered)]
        answered = [*self.answered.values()]
        return near_repeats(waiting, answered, compared, order, threshold, engine, of_waiting)

    @property
    def of_waiting(self) -> Embeddings:
        """(drafts, dim), rows of unit length."""
        return self._vectors[: len(self.drafts)]

    @property
    def of_judged(self) -> Embeddings:
        """(judged, dim), rows of unit length."""
        return self._vectors[len(self.drafts) + len(self.answered) :]

    @property
    def _of_answered(self) -> Embeddings:
        return self._vectors[len(self.drafts) :][: len(self.answered)]

    @cached_property
    def _vectors(self) -> Embeddings:
        """(drafts + answered + judged, dim), rows of unit length."""
        asked = [*(draft.question for draft in self.drafts), *self.answered.values()]
        return text_vectors(
            [*(question.text for question in asked), *self.judged],
            self.config.embedding.model,
            data_folder(self.config).on_this_machine(VECTORS),
            self.embedding.load,
            self.embedding.engine,
            self.embedding.progress,
            keep_for="rank",
        ).vectors
