"""Own work is kept from its author, as far as Label Studio Community can.

"Label All Tasks" never gives anybody a task that they have skipped, and what one has skipped counts
for nobody else. So each review is skipped in the names of those who wrote what it shows. Whoever
opens it from the table of tasks can decide it all the same: such a decision has no effect, and the
review is handed out once more.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from rich.progress import Progress

from connectors.errors import LabelStudioError
from sync.queue.review.held_reviews import HeldReviews
from sync.queue.review.overlaps import OverlapStudio, raise_overlaps, too_low
from sync.queue.review.plan import PlannedReview

_AT_ONCE = 4
# nobody of that id, or no such task
_GONE = (400, 404)


class BarredStudio(OverlapStudio, Protocol):
    """The part of `connectors.label_studio.LabelStudio` that knows single annotations."""

    def skip_for(self, task_id: int, user_id: int, unique_id: UUID) -> bool: ...


def missing_bars(held: HeldReviews) -> list[tuple[int, int]]:
    """Task and author of each review that "Label All Tasks" might still give to its author."""
    return [
        (one.task_id, author)
        for one in held.by_id.values()
        if not one.decided
        for author in sorted(one.place.authors - one.had_by)
    ]


def left_to_nobody(reviews: Iterable[PlannedReview], everybody: frozenset[int]) -> Counter[int]:
    """How many reviews there are, by the place of their tier, in which everybody had a part.

    Args:
        everybody: Label Studio's ids of all who have an account; of none, nothing is known.
    """
    if not everybody:
        return Counter()
    return Counter(review.tier for review in reviews if not everybody - review.authors)


def set_bars(client: BarredStudio, missing: Sequence[tuple[int, int]], progress: Progress) -> int:
    """Skip reviews in the names of their authors.

    Returns:
        How many were skipped; an author whom Label Studio no longer knows needs no bar.

    Raises:
        LabelStudioError: Label Studio can't be reached; run again.
    """
    bar = progress.add_task("keeping own work from its authors", total=len(missing))
    done = 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for is_set in pool.map(lambda each: _skip(client, *each), missing):
            done += is_set
            progress.advance(bar)
    return done


def reopen(client: BarredStudio, project_id: int, held: HeldReviews) -> int:
    """Hand reviews out once more that only people have finished who may not decide them.

    Returns:
        How many were not open.

    Raises:
        LabelStudioError: Label Studio can't be reached; run again.
    """
    wanted = {
        one.task_id: len(one.finished_by) + 1
        for one in held.by_id.values()
        if not one.decided and one.finished_by
    }
    return raise_overlaps(client, too_low(client, project_id, wanted))


def bar_id(task_id: int, user_id: int) -> UUID:
    """By which Label Studio knows a bar, so that none is set twice."""
    return uuid5(NAMESPACE_URL, f"labeltune:bar:{task_id}:{user_id}")


def _skip(client: BarredStudio, task_id: int, user_id: int) -> bool:
    try:
        return client.skip_for(task_id, user_id, bar_id(task_id, user_id))
    except LabelStudioError as error:
        if error.status not in _GONE:
            raise
        return False
