"""Counts in memory, written together: a fast worker would write more counts than drafts."""

import threading
from collections import Counter

from huey.api import Huey

from ml_backend.store.figures import NAMES, Figures

# a budget is held to the last reply
AT_ONCE = frozenset({"cost_micros"})


class Tally(Figures):
    """Figures that are written when `flush` is called; money is written at once.

    A worker that is killed loses what it counted since the last flush, seconds at most.
    """

    def __init__(self, huey: Huey) -> None:
        super().__init__(huey)
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, int]] = Counter()

    def add(self, name: str, project_id: int, amount: int = 1) -> None:
        """Count something, in all and for today (UTC); see `Figures.add`."""
        if name in AT_ONCE or name not in NAMES:
            super().add(name, project_id, amount)
            return
        with self._lock:
            self._counts[name, project_id] += amount

    def flush(self) -> None:
        """Write what was counted since the last time."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        for (name, project_id), amount in counts.items():
            super().add(name, project_id, amount)
