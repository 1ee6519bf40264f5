"""Drafts that wait for their further samples, in the store of a queue."""

import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from huey.api import Huey

from drafting.more_samples import most_doubtful_first
from ml_backend.store.queues import beside

# as long as the reply cache keeps the first sample
KEPT_S = 30 * 86400.0
# more than this many are not read from the store at each call, which takes 5 us for each of them
FEW = 1000
# of a process's time, what reading many may take at most
SHARE = 0.05


@dataclass(frozen=True)
class DoubtfulDraft:
    """A draft of the first pass that deserves more samples.

    Attributes:
        key: `DraftJob.key` of the first pass.
        score: by the samples so far.
        at: when it was drafted (Unix time).
    """

    key: str
    project_id: int
    task_id: int
    score: float
    at: float = field(default_factory=time.time)

    @property
    def version(self) -> str:
        """The model version of the draft."""
        return self.key.rsplit(":", 2)[0]


class DoubtfulDrafts:
    """What the second pass has still to do, for all processes that use the same queue.

    A draft stays here until its further samples are delivered or no longer wanted, so a worker
    that is killed at any moment loses none. Where this store is lost, drafts keep the samples that
    they have: nothing is drawn again.

    Where many wait, what other processes add or finish is seen some seconds later.
    """

    def __init__(self, huey: Huey) -> None:
        # apart from the marks, since it is listed often
        self._store = beside(huey, "labeltune-doubtful")
        self._read: dict[str, DoubtfulDraft] = {}
        self._fresh_until = 0.0  # by the monotonic clock
        self._reading = threading.Lock()

    def add(self, draft: DoubtfulDraft) -> None:
        """Note that a draft deserves more samples."""
        self._store.put(draft.key, asdict(draft))
        with self._reading:
            self._read[draft.key] = draft

    def done(self, key: str) -> None:
        """Forget a draft: it has its samples, or needs none any more."""
        self._store.delete(key)
        with self._reading:
            self._read.pop(key, None)

    def holds(self, key: str) -> bool:
        """Whether a draft still waits."""
        return self._store.get(key, peek=True) is not None

    def waiting(self) -> list[DoubtfulDraft]:
        """All that wait, the most doubtful first."""
        oldest = time.time() - KEPT_S
        found = self._known()
        kept = [draft for draft in found if draft.at >= oldest]
        for draft in found if len(kept) < len(found) else ():
            if draft.at < oldest:
                self.done(draft.key)
        return [kept[place] for place in most_doubtful_first([draft.score for draft in kept])]

    def _known(self) -> list[DoubtfulDraft]:
        """What is in the store, or was a moment ago."""
        with self._reading:
            began = time.monotonic()
            if began >= self._fresh_until:
                items = self._store.storage.result_items().values()
                read = [DoubtfulDraft(**self._store.serializer.deserialize(raw)) for raw in items]
                self._read = {draft.key: draft for draft in read}
                ended = time.monotonic()
                rest = (ended - began) / SHARE if len(read) > FEW else 0.0
                self._fresh_until = ended + rest
            return list(self._read.values())

    def counts(self, project_ids: Iterable[int]) -> dict[int, int]:
        """How many drafts of each project wait."""
        found = Counter(draft.project_id for draft in self.waiting())
        return {project_id: found[project_id] for project_id in project_ids}
