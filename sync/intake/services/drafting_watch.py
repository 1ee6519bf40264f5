"""Look at a project's drafting again and again: what changed, how fast, how long still."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connectors.errors import LabelStudioError
from sync.common.wording import time_left
from sync.intake.services.drafting_progress import DraftingProgress

# drafts of so long make the rate, and of less than the least none: the first ones come together
WINDOW_S, LEAST_S = 600.0, 30.0


@dataclass(frozen=True)
class Seen:
    """One look.

    Attributes:
        progress: None while Label Studio has no such project.
        changed: it is not what the look before saw.
        per_minute: drafts, since the watching began or in the last ten minutes; 0 before the first,
            and until there was half a minute to go by.
        left_s: seconds until all are drafted at that rate; None while there is nothing to go by.
    """

    progress: DraftingProgress | None
    changed: bool
    per_minute: float = 0.0
    left_s: float | None = None

    def sentence(self) -> str:
        """`drafted 17 of 64, 3.1 a minute, about 15 min left, 5 annotated`, and what is wrong."""
        if self.progress is None:
            return "Label Studio has no such project yet"
        said = [f"drafted {self.progress.drafted} of {self.progress.tasks}", *self.outlook()]
        if self.progress.annotated:
            said.append(f"{self.progress.annotated} annotated")
        return "; ".join((", ".join(said), *self.progress.troubles()))

    def outlook(self) -> Iterator[str]:
        """How fast and how long still, as far as that is known."""
        if self.progress is not None and self.progress.to_draft and self.per_minute:
            yield f"{self.per_minute:.{0 if self.per_minute >= 10 else 1}f} a minute"
        if self.left_s is not None:
            yield time_left(self.left_s)


class Pace:
    """How fast drafts arrive."""

    def __init__(self, window_s: float = WINDOW_S, least_s: float = LEAST_S) -> None:
        self._window_s, self._least_s = window_s, least_s
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, at: float, drafted: int) -> None:
        """So many tasks have a draft now; fewer than before means that all is drafted anew."""
        if self._seen and drafted < self._seen[-1][1]:
            self._seen.clear()
        if not self._seen or drafted != self._seen[-1][1]:
            self._seen.append((at, drafted))
        while len(self._seen) > 1 and self._seen[1][0] < at - self._window_s:
            self._seen.popleft()

    def per_second(self, at: float) -> float:
        """Drafts a second; 0 before the first, and until `least_s` have been watched."""
        if not self._seen:
            return 0.0
        (began, before), (_, now) = self._seen[0], self._seen[-1]
        return (now - before) / (at - began) if at - began >= self._least_s else 0.0


def watch_drafting(
    look: Callable[[], DraftingProgress | None],
    complain: Callable[[str], None],
    interval_s: float,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[Seen]:
    """Look for ever.

    Args:
        look: of `ProgressReader`.
        complain: told once when Label Studio can't be asked, and once when it can be again.
        interval_s: between two looks.
        sleep: waits so many seconds.

    Raises:
        LabelStudioError: the key is refused; waiting would not help.
    """
    pace = Pace()
    before: tuple[DraftingProgress | None] | None = None
    is_away = False
    while True:
        try:
            progress = look()
        except LabelStudioError as error:
            if error.status in (401, 403):
                raise
            if not is_away:
                complain(f"{error}; trying again every {interval_s:g} s")
            is_away = True
        else:
            if is_away:
                complain("Label Studio answers again")
            is_away = False
            at = now()
            per_second, left_s = 0.0, None
            if progress is not None:
                pace.note(at, progress.drafted)
                per_second = pace.per_second(at)
                if per_second and progress.to_draft:
                    left_s = progress.to_draft / per_second
            yield Seen(progress, before != (progress,), 60 * per_second, left_s)
            before = (progress,)
        sleep(interval_s)
