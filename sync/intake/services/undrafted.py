"""The tasks that wait for a draft, and why."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from connectors.task_pages import TaskListing, task_filter

# tasks without a draft that are looked at one by one; of further ones the rest is told
MOST = 2000
# addresses that are named of each reason
NAMED = 3
_PAGE = 500


@dataclass(frozen=True)
class Reason:
    """Why some tasks have no draft.

    Attributes:
        tasks: how many.
        first: pages of the first of them in Label Studio.
    """

    reason: str
    tasks: int
    first: tuple[str, ...]


@dataclass(frozen=True)
class Undrafted:
    """Tasks that nobody has finished and that have no draft.

    Attributes:
        reasons: the most frequent first; together they are all of the tasks.
    """

    tasks: int
    reasons: tuple[Reason, ...]


def find_undrafted(
    client: TaskListing,
    project_id: int,
    why: Callable[[int], str],
    url_of: Callable[[int], str],
) -> Undrafted:
    """Ask Label Studio which tasks have no draft.

    Args:
        why: a task has none.
        url_of: a task's page.

    Raises:
        LabelStudioError: it can't be asked.
    """
    filters = [
        task_filter(f"tasks:{column}", "equal", 0, "Number")
        for column in ("total_predictions", "total_annotations")
    ]
    total, ids = 0, list[int]()
    for page in client.task_pages(project_id, filters, include=("id",), page_size=_PAGE):
        total = page.total
        ids += (int(task["id"]) for task in page.tasks)
        if len(ids) >= MOST:
            break
    by_reason: defaultdict[str, list[int]] = defaultdict(list)
    for task_id in ids:
        by_reason[why(task_id)].append(task_id)
    reasons = [
        Reason(reason, len(some), tuple(map(url_of, some[:NAMED])))
        for reason, some in by_reason.items()
    ]
    if total > len(ids):
        unseen = f"not looked at, since {len(ids):,} others come first"
        reasons.append(Reason(unseen, total - len(ids), ()))
    return Undrafted(max(total, len(ids)), tuple(sorted(reasons, key=lambda r: -r.tasks)))
