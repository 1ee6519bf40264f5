"""The finished examples of each project, and which of them are most like a task to be drafted.

Never from validation or test: what a model was shown must not be what it is judged by.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connectors.embedding import Encoder
from connectors.errors import ConnectorError
from drafting.finished_example import (
    ConversationIdentity,
    FinishedExample,
    conversation_of,
    embedded_text,
    nearest_examples,
)
from drafting.prompts import FewShotExample
from label_configs import Interface
from label_configs.annotations import ORDER, Rule
from ml_backend.drafts.finished_tasks import FinishedListing
from ml_backend.drafts.finished_work import FinishedWork
from ml_backend.drafts.live_review_verdicts import KnownProjects

log = logging.getLogger(__name__)

REFRESH_S = 60.0
ENCODE_S = 10.0  # a refresh embeds for so long, the newest first; the others follow
ENCODED_AT_ONCE = 32  # drafts that wait for the encoder get their turn in between
FIRST_WAIT_S = 20.0  # for a project's first examples, while another thread reads them

_Clock = Callable[[], float]


class Examples:
    """The finished examples of all projects, read anew as work is finished; safe for threads."""

    def __init__(
        self,
        client: FinishedListing,
        encoder: Encoder,
        known: KnownProjects,
        clock: _Clock = time.monotonic,
    ) -> None:
        """Nothing is read yet.

        Args:
            encoder: of the model that the projects name under `embedding.model`.
            known: the projects of the backend: those with the interface `review` may review others.
            clock: seconds, for when to look again.
        """
        self._client = client
        self._encoder = encoder
        self._known = known
        self._clock = clock
        self._shelves: dict[tuple[Any, ...], _Shelf] = {}
        self._lock = threading.Lock()

    def nearest(
        self,
        project_id: int,
        interface: Interface[Any],
        data: Mapping[str, Any],
        k: int,
        task_id: int | None = None,
        order: Sequence[Rule] = ORDER,
    ) -> list[FewShotExample]:
        """The finished examples that are most like a task, the most similar first.

        While Label Studio is down, they are chosen from those that were read before.

        Args:
            data: of the task to be drafted; its own conversation is never among them.
            k: at most so many; 0 asks for nothing.
            order: of the rules by which one annotation of a finished task counts.
        """
        if k <= 0:
            return []
        key = (project_id, interface.name, interface.categories, tuple(order))
        with self._lock:
            shelf = self._shelves.get(key)
            if shelf is None:
                work = FinishedWork(self._client, project_id, interface, order, self._known)
                shelf = self._shelves[key] = _Shelf(work, self._encoder, self._clock)
        shelf.refresh(project_id)
        own = conversation_of(interface, data)
        return shelf.nearest(embedded_text(interface, data), own, k, task_id)


class _Shelf:
    """The examples of one project with their embeddings."""

    def __init__(self, work: FinishedWork, encoder: Encoder, clock: _Clock) -> None:
        self._work = work
        self._encoder = encoder
        self._clock = clock
        self._due = float("-inf")
        self._refreshing = threading.Lock()
        self._filled = threading.Event()
        self._vectors: dict[str, NDArray[np.float32]] = {}  # by text
        # swapped as a whole, so that readers need no lock
        self._ready: tuple[tuple[FinishedExample, ...], NDArray[np.float32]]
        self._ready = ((), np.empty((0, 0), np.float32))

    def nearest(
        self, embedded: str, own: ConversationIdentity, k: int, task_id: int | None
    ) -> list[FewShotExample]:
        finished, vectors = self._ready
        if not finished:
            return []
        similarity = vectors @ self._encoder.encode([embedded])[0]
        return nearest_examples(finished, similarity, own, k, task_id)

    def refresh(self, project_id: int) -> None:
        """Look for newly finished work, where that is due; one thread at a time."""
        if self._clock() < self._due:
            return
        if not self._refreshing.acquire(blocking=False):
            self._filled.wait(FIRST_WAIT_S)
            return
        try:
            if self._clock() >= self._due:
                self._read(project_id)
        finally:
            self._due = self._clock() + REFRESH_S
            self._filled.set()
            self._refreshing.release()

    def _read(self, project_id: int) -> None:
        try:
            self._work.refresh()
        except ConnectorError as error:
            log.warning(
                "project %s: finished examples can't be read, drafting goes on with %d (%s)",
                project_id,
                len(self._ready[0]),
                error,
            )
        examples = self._work.examples()
        texts = dict.fromkeys(one.embedded for one in examples)
        self._vectors = {text: self._vectors[text] for text in texts if text in self._vectors}
        # before anything is embedded: what is no example any more must not be shown meanwhile
        self._show(examples)
        unknown = [text for text in texts if text not in self._vectors]
        until = self._clock() + ENCODE_S
        for start in range(0, len(unknown), ENCODED_AT_ONCE):
            if start and self._clock() >= until:
                break
            some = unknown[start : start + ENCODED_AT_ONCE]
            self._vectors.update(zip(some, self._encoder.encode(some), strict=True))
            self._show(examples)

    def _show(self, examples: list[FinishedExample]) -> None:
        """Let other threads find those that are embedded."""
        shown = tuple(one for one in examples if one.embedded in self._vectors)
        self._ready = (shown, np.array([self._vectors[one.embedded] for one in shown]))
