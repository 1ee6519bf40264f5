"""What the backend counts: drafts, calls, tokens, money and the last errors, for all processes.

Counts live in the queue's own store, whose increments are atomic, so that every worker and every
web process adds to the same ones and a restart forgets nothing.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from huey.api import Huey
from huey.storage import BaseSqlStorage

# what is counted, each for a project, in all and by day (UTC)
NAMES = (
    "drafted",  # drafts made, by the first pass: a task counts once for each version
    "refined",  # drafts whose further samples were drawn, by the second pass
    "delivered",  # drafts that Label Studio stored
    "refused",  # drafts that Label Studio did not store
    "failed",  # tasks left undrafted, with a reason
    "put_off",  # attempts that a fault of the outside ended; the next sweep tries again
    "calls",  # paid calls of a model
    "cached",  # calls that the reply cache answered
    "prompt_tokens",
    "completion_tokens",
    "cost_micros",  # millionths of the price table's currency
)
# what is never counted in memory first: a budget is held to the last reply
AT_ONCE = frozenset({"cost_micros"})
KEPT_ERRORS = 50
# what is also counted by minute, for a rate
RECENT = "drafted"
RECENT_MINUTES = 10


@dataclass(frozen=True)
class LastError:
    """Why something was not done.

    Attributes:
        task_id: None when it concerns the project, or all of them (project 0).
        said: one sentence; never a task's text, never a secret.
        at: Unix time.
    """

    project_id: int
    task_id: int | None
    said: str
    at: float = field(default_factory=time.time)

    @classmethod
    def caused_by(
        cls, error: Exception, project_id: int, task_id: int | None = None
    ) -> "LastError":
        """The entry for an error of ours, without what Label Studio quotes in it."""
        return cls(project_id, task_id, getattr(error, "brief", str(error)))


class Figures:
    """Counts and last errors, shared by all processes that use the same queue."""

    def __init__(self, huey: Huey, clock: Callable[[], float] = time.time) -> None:
        """Count in the store of this queue.

        Args:
            clock: Unix time, for the minute that a draft is counted in.
        """
        self._huey = huey
        self._clock = clock

    def add(self, name: str, project_id: int, amount: int = 1) -> None:
        """Count something, in all and for today (UTC).

        Raises:
            ValueError: a name that is not one of `NAMES`.
        """
        if name not in NAMES:
            raise ValueError(f"{name!r} is no figure; known: {', '.join(NAMES)}")
        if amount:
            self._huey.storage.incr(_key(name, project_id), amount)
            self._huey.storage.incr(_key(name, project_id, today()), amount)
            if name == RECENT:
                self._add_recent(project_id, amount)

    def recent(self, project_id: int) -> int:
        """Drafts of the last `RECENT_MINUTES` minutes, the current one not counted in full."""
        now = int(self._clock() // 60)
        minutes = range(now - RECENT_MINUTES + 1, now + 1)
        return sum(self._read([_recent_key(project_id, minute) for minute in minutes]).values())

    def _add_recent(self, project_id: int, amount: int) -> None:
        """Count in this minute's bucket; the first of a minute deletes the buckets too old."""
        now = int(self._clock() // 60)
        if self._huey.storage.incr(_recent_key(project_id, now), amount) != amount:
            return
        name = f"recent:{project_id}"
        last = self._huey.get(name, peek=True)
        self._huey.put(name, now)
        if last is not None:
            # every bucket left is at most this much older than the one last begun
            for minute in range(last - RECENT_MINUTES, min(last, now - RECENT_MINUTES) + 1):
                self._huey.storage.delete_counter(_recent_key(project_id, minute))

    def heard(self, project_id: int) -> None:
        """Count an event of a project's in Label Studio."""
        self._huey.storage.incr(_heard_key(project_id))

    def events(self, project_ids: Iterable[int]) -> dict[int, int]:
        """How many events of each project were ever heard; a caller pulls when one grows."""
        keys = {project_id: _heard_key(project_id) for project_id in project_ids}
        counts = self._read(list(keys.values()))
        return {project_id: counts[key] for project_id, key in keys.items()}

    def flush(self) -> None:
        """Write counts that are held in memory; this class holds none."""

    def get(self, name: str, project_id: int, day: str | None = None) -> int:
        """A count, of a day as `2026-11-22` or of all time."""
        return self._read([_key(name, project_id, day)])[_key(name, project_id, day)]

    def of(self, project_id: int, day: str | None = None) -> dict[str, int]:
        """Every count of a project."""
        counts = self._read([_key(name, project_id, day) for name in NAMES])
        return {name: counts[_key(name, project_id, day)] for name in NAMES}

    def _read(self, keys: list[str]) -> dict[str, int]:
        """Read counts by key, without the lock that drafting needs."""
        storage = self._huey.storage
        if isinstance(storage, BaseSqlStorage):
            known = dict(
                storage.sql(
                    "select key, value from counter where queue = ? "
                    f"and key in ({','.join('?' * len(keys))})",
                    (storage.name, *keys),
                    results=True,
                )
            )
            return {key: int(known.get(key, 0)) for key in keys}
        return {key: int(storage.incr(key, 0)) for key in keys}

    def error(self, error: LastError) -> None:
        """Remember an error; the last `KEPT_ERRORS` are kept."""
        number = int(self._huey.storage.incr("errors"))
        self._huey.put(f"error:{number % KEPT_ERRORS}", asdict(error))

    def errors(self) -> list[LastError]:
        """The last errors, newest first."""
        return sorted(self._stored_errors(), key=lambda error: -error.at)

    def _stored_errors(self) -> Iterator[LastError]:
        for number in range(KEPT_ERRORS):
            raw = self._huey.get(f"error:{number}", peek=True)
            if raw is not None:
                yield LastError(**raw)


class BufferedFigures(Figures):
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


def today() -> str:
    """Today's date in UTC, as `2026-11-22`."""
    return datetime.now(UTC).date().isoformat()


def _heard_key(project_id: int) -> str:
    return f"events:{project_id}"


def _recent_key(project_id: int, minute: int) -> str:
    return f"recent:{project_id}:{minute}"


def _key(name: str, project_id: int, day: str | None = None) -> str:
    return f"figure:{name}:{project_id}" + (f":{day}" if day else "")
