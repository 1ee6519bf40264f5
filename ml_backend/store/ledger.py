"""Which worker drafts which task, and which drafts wait to be delivered.

Label Studio stays the truth of both.
"""

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from huey.api import Huey

from ml_backend.store.draft_jobs import FinishedDraft
from ml_backend.store.marks import ALIVE_S, Marks

# a job may wait for days behind others; a lost one is told by its number, see `_lost`
QUEUED_S = 30 * 86400.0
RUNNING_S = 3600.0
FAILED_S = 3600.0
DRAFT_S = 86400.0
AGAIN_S = 300.0
ANNOTATED_S = 86400.0
# how long a finished draft may take to show in Label Studio's listings
SETTLE_S = 10.0


@dataclass(frozen=True)
class Failure:
    """A task that was left undrafted, and why.

    Attributes:
        reason: one sentence, without the task's text.
        at: Unix time.
    """

    project_id: int
    task_id: int
    reason: str
    at: float


class Ledger:
    """Claims and finished drafts, shared by all processes that use the same queue.

    A draft's key is `DraftJob.key`: its version, its task, and what shapes it.
    """

    def __init__(self, huey: Huey, marks: Marks) -> None:
        self._huey = huey
        self._marks = marks

    # which draft is under way

    def claim_queued(self, key: str) -> int | None:
        """The job's number for the first caller until the draft is done; None for the others."""
        if self.is_under_way(key):  # so it is with most of what a sweep finds while work is done
            return None
        name = f"queued:{key}"
        number = int(self._huey.storage.incr("enqueued"))
        if self._marks.claim(name, QUEUED_S, number=number, at=time.time()):
            return number
        lost = self._lost(key)
        # of all who see that it is lost, one may replace it
        if lost is None or not self._marks.claim(f"lost:{key}:{lost}", ALIVE_S):
            return None
        self._marks.put(name, QUEUED_S, number=number, at=time.time())
        return number

    def claim_running(self, key: str, seen_at: float, number: int | None = None) -> bool:
        """True for one caller, who may draft; false once the draft that was queued is done.

        A task may be queued twice: by a sweep and by an annotator who waits, or by a sweep whose
        listing was older than the draft.

        Args:
            seen_at: when Label Studio was seen to hold no draft (Unix time).
            number: of a job that waited its turn; None for one that was put to the front.
        """
        if number is not None:
            self._huey.put("started", number)
        if not self._marks.claim(f"running:{key}", RUNNING_S, own=True):
            return False
        if self._marks.is_set(f"queued:{key}") and not self.finished_since(key, seen_at):
            return True
        self.release(key)
        return False

    def release(self, key: str) -> None:
        """Forget both claims, after the draft is stored or has failed."""
        self._marks.delete(f"queued:{key}")
        self._marks.delete(f"running:{key}")

    # second passes: any worker may find them again, so their claims are short

    def claim_again(self, key: str) -> bool:
        """True for the first caller, who may queue a second pass; for a while, if it gets lost.

        One that was put off is not released, so that it is not tried again at once.
        """
        return self._marks.claim(f"queued:{key}", AGAIN_S)

    def is_claimed_again(self, key: str) -> bool:
        """Whether a second pass is queued, running, or was put off a moment ago."""
        return self._marks.is_set(f"queued:{key}") or self._marks.is_set(f"running:{key}")

    def look_later(self, key: str) -> None:
        """Leave a second pass alone for a moment: its draft is not in Label Studio yet."""
        self._marks.put(f"later:{key}", SETTLE_S)

    def is_for_later(self, key: str) -> bool:
        """Whether `look_later` was called a moment ago."""
        return self._marks.is_set(f"later:{key}")

    def hand_back(self, key: str) -> None:
        """Forget that a draft is under way; its job goes back to the queue."""
        self._marks.delete(f"running:{key}")

    def is_under_way(self, key: str) -> bool:
        """Whether a job for this draft is queued or running."""
        return self._marks.is_set(f"queued:{key}") and self._lost(key) is None

    def queued_among(self, keys: Iterable[str]) -> set[str]:
        """Those of these drafts that are queued or running, or were when their worker was killed.

        A draft is stored before it stops being one of them.
        """
        names = {f"queued:{key}": key for key in keys}
        return {names[name] for name in self._marks.set_among(names)}

    def _lost(self, key: str) -> int | None:
        """The number of a queued job that is neither in the queue nor under way.

        That is what a kill between taking a job and claiming it leaves behind, or a kill while
        drafting. Jobs start in the order of their numbers.
        """
        queued = self._marks.read(f"queued:{key}")
        if queued is None or self._marks.is_set(f"running:{key}"):
            return None
        if time.time() - queued["at"] < ALIVE_S:
            return None
        number, started = int(queued["number"]), self._huey.get("started", peek=True) or 0
        return number if number <= started or not self._huey.pending_count() else None

    # failures

    def mark_failed(self, key: str, project_id: int, task_id: int, reason: str) -> None:
        """Leave this draft alone for an hour: trying again at once would fail alike."""
        failure = Failure(project_id, task_id, reason, time.time())
        self._marks.put(f"failed:{key}", FAILED_S, failure=asdict(failure))

    def has_failed(self, key: str) -> bool:
        """Whether this draft failed for good less than an hour ago."""
        return self._marks.is_set(f"failed:{key}")

    def failures(self) -> list[Failure]:
        """Every task that was left undrafted and is not yet due again, newest first."""
        found = (Failure(**mark["failure"]) for _, mark in self._marks.starting_with("failed:"))
        return sorted(found, key=lambda failure: -failure.at)

    def annotated(self, task_id: int) -> None:
        """Note that somebody has finished this task, so that a job still queued for it is left."""
        self._marks.put(f"annotated:{task_id}", ANNOTATED_S, at=time.time())

    def is_annotated_since(self, task_id: int, moment: float) -> bool:
        """Whether somebody was seen to finish this task after that moment (Unix time).

        A later listing that shows the task without an annotation is right: it was deleted.
        """
        mark = self._marks.read(f"annotated:{task_id}")
        return mark is not None and float(mark["at"]) > moment

    # finished drafts on their way

    def want(self, keys: Iterable[str], seconds: float) -> None:
        """Note that a caller waits for these drafts and will hand them to Label Studio."""
        for key in keys:
            self._marks.put(f"wanted:{key}", seconds)

    def unwant(self, keys: Iterable[str]) -> None:
        """Note that nobody waits for these drafts any longer."""
        for key in keys:
            self._marks.delete(f"wanted:{key}")

    def is_wanted(self, key: str) -> bool:
        """Whether somebody waits for this draft."""
        return self._marks.is_set(f"wanted:{key}")

    def put(self, key: str, draft: FinishedDraft) -> None:
        """Store a finished draft until exactly one caller takes it."""
        self._marks.put(f"draft:{key}", DRAFT_S, draft=asdict(draft))
        if not (draft.for_page_only or draft.again):
            self._settle(draft.task_id, key, time.time())

    def take(self, key: str) -> FinishedDraft | None:
        """The finished draft, for one caller alone, who delivers it."""
        mark = self._marks.take(f"draft:{key}")
        if mark is None:
            return None
        draft = FinishedDraft(**{**mark["draft"], "stale": tuple(mark["draft"]["stale"])})
        if not (draft.for_page_only or draft.again):
            # Label Studio's listings may be a little behind the one who delivers it
            self._settle(draft.task_id, key, time.time())
        return draft

    def is_ready(self, key: str) -> bool:
        """Whether a finished draft waits to be delivered."""
        return self._marks.is_set(f"draft:{key}")

    def ready(self, project_id: int) -> set[str]:
        """The keys of all finished drafts of a project that wait to be delivered."""
        return {
            key
            for key, mark in self._marks.starting_with("draft:")
            if mark["draft"]["project_id"] == project_id
        }

    def settled(self, keys: Iterable[str]) -> set[str]:
        """Which of these drafts are finished and not taken yet, or have failed for good."""
        names = {f"{kind}:{key}": key for key in keys for kind in ("draft", "failed")}
        return {names[name] for name in self._marks.set_among(names)}

    def finished_since(self, key: str, moment: float) -> bool:
        """Whether a listing made at that moment (Unix time) may be older than this draft."""
        task_id = int(key.rsplit(":", 2)[1])
        last = self._huey.get(f"drafted:{task_id}", peek=True)
        return last is not None and last["key"] == key and last["at"] > moment - SETTLE_S

    def last_drafted(self, task_id: int) -> str | None:
        """The key of a task's last draft, which tells its version and the task's data."""
        last = self._huey.get(f"drafted:{task_id}", peek=True)
        return None if last is None else str(last["key"])

    def found_drafted(self, task_id: int, key: str) -> None:
        """Note that Label Studio holds this draft, whoever made it."""
        self._settle(task_id, key, 0.0)

    def _settle(self, task_id: int, key: str, at: float) -> None:
        self._huey.put(f"drafted:{task_id}", {"key": key, "at": at})
