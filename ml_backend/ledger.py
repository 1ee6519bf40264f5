"""Who drafts what, and which drafts wait to be delivered: marks in the queue's own store.

Every mark expires, so that a process that was killed blocks nothing for long; Label Studio stays
the truth about which tasks have a draft.
"""

import time
from dataclasses import asdict
from typing import Any

from huey.api import Huey

from ml_backend.settings import ProjectSettings
from ml_backend.tasks import FinishedDraft

QUEUED_S = 3600.0
RUNNING_S = 900.0
FAILED_S = 3600.0
# how long a finished draft may take to show in Label Studio's listings
SETTLE_S = 10.0
SWEEP_S = 60.0


class Ledger:
    """Marks shared by all processes that use the same queue."""

    def __init__(self, huey: Huey) -> None:
        self._huey = huey

    def claim_queued(self, key: str) -> bool:
        """True for the first caller until the draft is done: it may enqueue the job."""
        return self._mark(f"queued:{key}", QUEUED_S)

    def claim_running(self, key: str, seen_at: float) -> bool:
        """True for one caller, who may draft; false once the draft that was queued is done.

        A task may be queued twice: by a sweep and by an annotator who waits, or by a sweep whose
        listing was older than the draft.

        Args:
            seen_at: when Label Studio was seen to hold no draft (Unix time).
        """
        if not self._mark(f"running:{key}", RUNNING_S):
            return False
        queued = self._huey.get(f"queued:{key}", peek=True) is not None
        if queued and not self.finished_since(key, seen_at):
            return True
        self.release(key)
        return False

    def release(self, key: str) -> None:
        """Forget both claims, after the draft is stored or has failed."""
        self._huey.delete(f"queued:{key}")
        self._huey.delete(f"running:{key}")

    def mark_failed(self, key: str) -> None:
        """Leave this draft alone for an hour: trying again at once would fail alike."""
        self._mark(f"failed:{key}", FAILED_S)

    def has_failed(self, key: str) -> bool:
        """Whether this draft failed for good less than an hour ago."""
        return self._is_marked(f"failed:{key}")

    def want(self, key: str, seconds: float) -> None:
        """Somebody waits for this draft and will hand it to Label Studio."""
        self._huey.delete(f"wanted:{key}")
        self._mark(f"wanted:{key}", seconds)

    def is_wanted(self, key: str) -> bool:
        """Whether somebody waits for this draft."""
        return self._is_marked(f"wanted:{key}")

    def put(self, key: str, draft: FinishedDraft) -> None:
        """Store a finished draft until exactly one caller takes it."""
        self._huey.put(f"draft:{key}", asdict(draft))
        self._huey.put(f"finished:{key}", time.time())

    def finished_since(self, key: str, moment: float) -> bool:
        """Whether a listing made at that moment (Unix time) may be older than this draft."""
        at = self._huey.get(f"finished:{key}", peek=True)
        return at is not None and float(at) > moment - SETTLE_S

    def take(self, key: str) -> FinishedDraft | None:
        """The finished draft, once: whoever gets it delivers it."""
        raw = self._huey.get(f"draft:{key}")
        return None if raw is None else FinishedDraft(**{**raw, "stale": tuple(raw["stale"])})

    def remember_version(self, project_id: int, version: str) -> None:
        """Keep which version a project's drafts should have."""
        self._huey.put(f"version:{project_id}", version)

    def is_outdated(self, project_id: int, version: str) -> bool:
        """Whether the project has moved on to another version since."""
        return self._huey.get(f"version:{project_id}", peek=True) not in (None, version)

    def announce_sweep(self, project_id: int) -> bool:
        """True for the first caller until the sweep starts, so that a burst makes one."""
        return self._mark(f"sweep:{project_id}", SWEEP_S)

    def sweep_started(self, project_id: int) -> None:
        """From now on an event needs another sweep."""
        self._huey.delete(f"sweep:{project_id}")

    def remember_settings(self, project_id: int, settings: ProjectSettings) -> None:
        """Keep what /setup said, for the /predict that follows it."""
        self._huey.put(f"settings:{project_id}", settings.model_dump())

    def settings(self, project_id: int) -> ProjectSettings | None:
        """What /setup said last about this project, if it did."""
        raw: Any = self._huey.get(f"settings:{project_id}", peek=True)
        return None if raw is None else ProjectSettings.model_validate(raw)

    def _mark(self, name: str, seconds: float) -> bool:
        """Set a mark unless it is set already; an expired one counts as not set.

        Taking over an expired mark is not atomic: it happens only after a crash, and the worst
        of it is one draft made twice.
        """
        # the store's own time to live exists on Redis only
        if self._huey.put_if_empty(name, time.time() + seconds):
            return True
        if self._is_marked(name):
            return False
        self._huey.put(name, time.time() + seconds)
        return True

    def _is_marked(self, name: str) -> bool:
        until = self._huey.get(name, peek=True)
        return until is not None and float(until) > time.time()
