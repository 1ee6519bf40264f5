"""A tab of the table of tasks for each expert, with what is theirs to do.

"Label Tasks As Displayed" in one's own tab goes through one's own tasks. A tab is known by its
filter, whatever it is called and however a lead has changed it otherwise; one that was deleted
comes back while its expert has tasks.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.task_pages import Json, task_filter
from label_configs import Interface
from label_configs.queue_fields import ASSIGNED_TO
from sync.intake.push.project_views import ALL_TASKS, MARK, ViewStore, wanted_views
from sync.intake.push.view_filters import all_of

_COLUMN = f"tasks:data.{ASSIGNED_TO}"
_FILTER = f"filter:{_COLUMN}"
# a tab shows some 16 letters
_LONGEST = 16
# the least certain draft first, as everywhere
_ORDER = ["tasks:predictions_score"]


def add_expert_views(
    client: ViewStore,
    project_id: int,
    interface: Interface[Any],
    emails: Iterable[str],
    *,
    categorised: bool,
) -> tuple[str, ...]:
    """Give a project the tabs that it lacks; the e-mails of those who got one.

    Two runs at once may both give one; of two for the same person that are alike, the older stays.

    Args:
        emails: of experts who have tasks in it.
        categorised: its tasks hold categories.

    Raises:
        LabelStudioError: Label Studio can't be asked.
    """
    there = client.views(project_id)
    lacking = [email for email in emails if not any(email in whose(view) for view in there)]
    if not lacking:
        return ()
    based_on = wanted_views(
        interface,
        interface.config,
        interface.complete_task(interface.example),
        all_listed=True,
        categorised=categorised,
    )[ALL_TASKS]
    for email, title in zip(lacking, titles(lacking, _titles_of(there)), strict=True):
        client.add_view({"project": project_id, "data": expert_view(based_on, email, title)})
    return tuple(lacking)


def expert_view(based_on: Mapping[str, Any], email: str, title: str) -> Json:
    """The tab of an expert: what is theirs and not done.

    A review that somebody finished who may not decide it is handed out again, so the number of its
    annotations tells nothing.
    """
    mine = task_filter(_COLUMN, "equal", email, "String")
    return {
        **based_on,
        "title": title,
        MARK: f"{ASSIGNED_TO}:{email}",
        "ordering": _ORDER,
        "filters": all_of([mine, task_filter("tasks:completed_at", "empty", True, "Datetime")]),
    }


def whose(view: Json) -> set[str]:
    """The e-mails that a tab's filters ask for."""
    filters = ((view.get("data") or {}).get("filters") or {}).get("items") or []
    return {str(each.get("value")) for each in filters if each.get("filter") == _FILTER}


def titles(emails: Sequence[str], taken: Iterable[str]) -> list[str]:
    """What each tab is called: the part before the @, or where that is not enough the e-mail."""
    known, found = set(taken), list[str]()
    for email in emails:
        short = email.partition("@")[0][:_LONGEST]
        found.append(email if short in known else short)
        known.add(found[-1])
    return found


def _titles_of(views: Iterable[Json]) -> list[str]:
    return [str((view.get("data") or {}).get("title")) for view in views]
