"""How far the drafting of a project is: its tasks by what they have, and what keeps others waiting.

How many tasks hold a draft, only Label Studio knows for certain. It is asked when the backend's own
counts, which cost it nothing, have changed, and otherwise now and then.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.task_pages import task_filter
from sync.intake.services.backend_status import backend_says
from sync.intake.services.health import Ask
from sync.settings import Config
from sync.table.pull.task_listing import TaskSource

# Label Studio is asked this often though the backend has nothing new to tell
UNASKED_S = 30.0


@dataclass(frozen=True)
class DraftingProgress:
    """A project's tasks, and what is known of those that wait.

    Attributes:
        drafted: with at least one draft, as `labeltune status` counts them.
        annotated: with at least one annotation that was not skipped.
        waiting: with neither.
        failed: of the waiting ones, how many the backend leaves alone for a while, by reason.
        at_rest: why nothing is drafted at present; None while it is.
        put_off: the newest fault of the outside that ended an attempt; None where there is none.
        backend_up: whether the backend says how it stands.
        refining: drafts that wait for further samples; nobody need wait for these.
    """

    tasks: int
    drafted: int
    annotated: int
    waiting: int
    failed: Mapping[str, int] = field(default_factory=dict)
    at_rest: str | None = None
    put_off: str | None = None
    backend_up: bool = True
    refining: int = field(default=0, compare=False)

    @property
    def to_draft(self) -> int:
        """Tasks that a draft can still be expected for."""
        return max(0, self.waiting - sum(self.failed.values()))

    def troubles(self) -> Iterator[str]:
        """Why tasks are without a draft, apart from having to wait for their turn."""
        if not self.backend_up:
            yield "the backend does not answer"
        if self.at_rest:
            yield f"at rest: {self.at_rest}"
        for reason, count in sorted(self.failed.items(), key=lambda item: -item[1]):
            yield f"{count} left undrafted: {reason}"


class ProgressReader:
    """Looks at one project's drafting, again and again, with few requests."""

    def __init__(
        self,
        config: Config,
        client: TaskSource,
        ask: Ask,
        unasked_s: float = UNASKED_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is asked yet.

        Args:
            ask: answers a GET of the backend's `/status` and `/events`.
            unasked_s: how long Label Studio is not asked while the backend tells the same.
            clock: seconds.
        """
        self._config = config
        self._client = client
        self._ask = ask
        self._unasked_s = unasked_s
        self._clock = clock
        self._project: int | None = None
        self._heard: Any = None
        self._counts = (0, 0, 0, 0)
        self._asked_at = float("-inf")

    def look(self) -> DraftingProgress | None:
        """How it stands now; None while there is no such project.

        Raises:
            LabelStudioError: Label Studio can't be asked.
            CredentialsError: the backend's user or password can't be used.
        """
        said = backend_says(self._config, self._ask)
        if self._project is None:
            title = self._config.label_studio.project
            found = self._client.find_project(title, include=("id", "title"))
            if found is None:
                return None
            self._project = int(found["id"])
        heard = None if said is None else _of_project(said, self._project)
        events = backend_says(self._config, self._ask, f"events?project={self._project}")
        now = self._clock()
        is_known = heard is not None and (heard, events) == self._heard
        if not is_known or now - self._asked_at >= self._unasked_s:
            self._counts = self._count(self._project)
            self._heard, self._asked_at = (heard, events), now
        tasks, drafted, annotated, waiting = self._counts
        told = heard or _Told()
        return DraftingProgress(
            tasks,
            drafted,
            annotated,
            waiting,
            failed=told.failed if waiting else {},
            at_rest=told.at_rest,
            put_off=told.put_off,
            backend_up=heard is not None,
            refining=told.refining,
        )

    def _count(self, project_id: int) -> tuple[int, int, int, int]:
        """Tasks in all, with a draft, with an annotation, with neither."""
        try:
            return (
                self._matching(project_id),
                self._matching(project_id, ("total_predictions", "greater")),
                self._matching(project_id, ("total_annotations", "greater")),
                self._matching(
                    project_id, ("total_predictions", "equal"), ("total_annotations", "equal")
                ),
            )
        except Exception:
            self._project = None  # it may be another one by that title next time
            raise

    def _matching(self, project_id: int, *conditions: tuple[str, str]) -> int:
        filters = [task_filter(f"tasks:{column}", op, 0, "Number") for column, op in conditions]
        pages = self._client.task_pages(project_id, filters, include=("id",), page_size=1)
        return next(iter(pages)).total


@dataclass(frozen=True)
class _Told:
    """What the backend says of a project.

    Attributes:
        refining: drafts that wait for further samples.
        counts: whatever it counts; other numbers mean that something has happened.
    """

    failed: Mapping[str, int] = field(default_factory=dict)
    at_rest: str | None = None
    put_off: str | None = None
    refining: int = 0
    counts: Any = None


def _of_project(said: Mapping[str, Any], project_id: int) -> _Told | None:
    """What `/status` says of one project; None of another's backend, which says other things."""
    try:
        mine: Mapping[str, Any] = next(
            (p for p in said["projects"] if int(p["id"]) == project_id), {}
        )
        left = [u["reason"] for u in said["undrafted"] if int(u["project_id"]) == project_id]
        put_off = [
            str(error["said"])
            for error in said["errors"]
            if int(error["project_id"]) == project_id and error["task_id"] is not None
        ]
        alive = any(worker["alive"] for worker in said["workers"])
        return _Told(
            failed=dict(Counter(map(str, left))),
            at_rest=mine.get("at_rest") if alive else "no worker of the backend is alive",
            put_off=put_off[0] if put_off else None,
            refining=int(mine.get("refining", 0)),
            counts=mine.get("counts"),
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
