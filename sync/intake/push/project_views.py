"""The tabs of a project's table of tasks in Label Studio (the Data Manager): its views.

Each is given to a project once, and then it is the lead's: one that was renamed, changed or
deleted is neither made again nor touched. Which ones a project was given stands in what a push
tells its backend, so that a push that adds none asks for nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from connectors.task_pages import Json
from label_configs import Interface
from label_configs.config_xml import LabelConfig
from label_configs.queue_fields import ACCEPTANCE, QUEUE_FIELDS, QUEUE_NOTE
from label_configs.review import ReviewInterface
from label_configs.review_place import PLACE
from label_configs.source_reasoning import OF_A_DRAFT
from label_configs.task_listing import CATEGORISED_AS, LAST_QUESTION
from sync.common.source_task import ID_FIELD, WRITTEN_BY
from sync.intake.push.view_filters import all_of, all_of_untouched, filters_of
from sync.settings.sources import REFERENCE

# in a view's data, until somebody changes the view in Label Studio
MARK = "labeltune"
# noted beside the names of views: untouched ones show what they show of the queue today
# another name whenever the queue gets more fields, which older projects are to hide, too
NOTE = "assignment_columns"
# of a view's data, what is compared for it; Label Studio writes the rest in its own words
_COLUMNS = ("hiddenColumns", "columnsWidth", "columnsDisplayType")
ALL_TASKS = "tasks"
UNCERTAIN = "uncertain"
_TITLES = {ALL_TASKS: "Tasks", UNCERTAIN: "Uncertain first"}

# columns of Label Studio's own that say nothing to a lead
_INTERNAL = (
    "inner_id",
    "annotations_results",
    "annotations_ids",
    "predictions_results",
    "predictions_model_versions",
    "total_predictions",
    "storage_filename",
    "file_upload",
    "draft_exists",
    "avg_lead_time",
    "updated_by",
    "created_at",
    "updated_at",
)
_OPEN = ("completed_at", "total_annotations", "cancelled_annotations", "annotators")
# beside an open task there is room for little more than the question
_BESIDE_A_TASK = ("id", "completed_at", "cancelled_annotations", "annotators", "predictions_score")
# of task data, what LabelTune reads, or writes beside what a page shows
_TECHNICAL = (
    *(ID_FIELD, WRITTEN_BY, "categories", "tools", "functions", REFERENCE),
    *(*OF_A_DRAFT, *QUEUE_FIELDS),
)
# of the queue, where nothing but the queue is shown
_OF_THE_QUEUE = (ACCEPTANCE, QUEUE_NOTE)
# pixels; with the page's own margins they fill a window of 1280, where the question takes the rest
_WIDTHS = {
    "tasks:id": 60,
    "tasks:completed_at": 150,
    "tasks:total_annotations": 56,
    "tasks:cancelled_annotations": 56,
    "tasks:annotators": 100,
    "tasks:predictions_score": 130,
    f"tasks:data.{CATEGORISED_AS}": 130,
    f"tasks:data.{ACCEPTANCE}": 110,
    f"tasks:data.{QUEUE_NOTE}": 240,
}
_QUESTION_WIDTH = 395
_WIDER_QUESTION_WIDTH = 545  # where there are no categories


class ViewStore(Protocol):
    """The part of `connectors.label_studio.LabelStudio` that knows views."""

    def views(self, project_id: int) -> list[Json]: ...
    def add_view(self, fields: Mapping[str, Any]) -> Json: ...
    def update_view(self, view_id: int, fields: Mapping[str, Any]) -> None: ...
    def delete_view(self, view_id: int) -> None: ...


def wanted_views(
    interface: Interface[Any],
    label_config: LabelConfig,
    fields: Collection[str],
    *,
    all_listed: bool,
    categorised: bool,
) -> dict[str, Json]:
    """The views of a project by name, as Label Studio keeps them: columns, filters, order.

    Args:
        label_config: of the project; its page may lack a control that a view is about.
        fields: of task data.
        all_listed: every task holds its question as a line; else the conversation is shown, too.
        categorised: tasks themselves hold categories, not only their drafts and annotations.
    """
    told = {LAST_QUESTION: True, CATEGORISED_AS: categorised, "messages": not all_listed}
    technical = {*fields, *_TECHNICAL, *interface.page_fields}
    if interface.name == ReviewInterface.name:
        technical.add(PLACE)
    silent = sorted(name for name in technical if not told.get(name))
    hidden = [*_INTERNAL, *(f"data.{name}" for name in silent)]
    of_the_queue = [f"data.{name}" for name in _OF_THE_QUEUE]

    def view(name: str, title: str, also_hidden: Sequence[str] = (), **chosen: Any) -> Json:
        shown = of_the_queue if name == UNCERTAIN else []
        explore = [each for each in (*hidden, *also_hidden) if each not in shown]
        beside = [*explore, *shown, *_BESIDE_A_TASK, f"data.{CATEGORISED_AS}"]
        question = _QUESTION_WIDTH if categorised else _WIDER_QUESTION_WIDTH
        question += sum(_WIDTHS[f"tasks:{name}"] for name in also_hidden)
        question -= sum(_WIDTHS[f"tasks:{name}"] for name in shown)
        return {
            "title": title,
            MARK: name,
            "hiddenColumns": {"explore": _columns(explore), "labeling": _columns(beside)},
            "columnsWidth": {**_WIDTHS, f"tasks:data.{LAST_QUESTION}": question},
            "columnsDisplayType": {f"tasks:data.{ACCEPTANCE}": "Number"},
            **chosen,
        }

    wanted = {
        ALL_TASKS: view(ALL_TASKS, _TITLES[ALL_TASKS]),
        UNCERTAIN: view(
            UNCERTAIN,
            _TITLES[UNCERTAIN],
            _OPEN,
            ordering=["tasks:predictions_score"],
            filters=all_of_untouched(),
        ),
    }
    for each in interface.task_views:
        if each.can_be_told(label_config):
            filters = all_of(list(filters_of(each)))
            wanted[each.name] = view(each.name, each.title, filters=filters)
    return wanted


def given_views(
    project: Json | None, pushed: Mapping[str, Any] | None, wanted: Collection[str]
) -> tuple[str, ...]:
    """The names of the views that a project was given, or that it is not to be given.

    Args:
        project: as Label Studio lists it before this push; None: there is none.
        pushed: what our last push told its backend; None: none was completed.
    """
    if pushed is not None:
        noted = pushed.get("views")
        # before they were noted, one was given
        return tuple(map(str, noted)) if isinstance(noted, list) else (ALL_TASKS,)
    if project is None or not project.get("task_number"):
        return ()  # new, or a push was killed before it sent anything
    return tuple(wanted)  # somebody else's, with views of their own


def add_views(
    client: ViewStore, project_id: int, wanted: Mapping[str, Json], given: Collection[str]
) -> tuple[str, ...]:
    """Give a project the views that it was never given; the names of all that it was given.

    Two pushes at once may both give one; of two that nobody has changed, the older is kept.

    Args:
        given: names of those that it was given before.

    Raises:
        LabelStudioError: Label Studio can't be asked.
    """
    missing = [name for name in wanted if name not in given]
    if not missing:
        return tuple(given)
    there = [_data(view) for view in client.views(project_id)]
    known = {data.get(MARK) for data in there} | {data.get("title") for data in there}
    new = [name for name in missing if not {name, wanted[name]["title"]} & known]
    for name in new:
        client.add_view({"project": project_id, "data": wanted[name]})
    if new:
        _delete_doubles(client, project_id, new)
    return (*given, *missing)


def with_queue_columns(
    client: ViewStore,
    project_id: int,
    wanted: Mapping[str, Json],
    before: Collection[str],
    now: Collection[str],
) -> tuple[str, ...]:
    """Let the views of a project show what they show of the queue today; asked for once.

    A view that somebody has changed in Label Studio has lost its mark, and stays as it is.

    Args:
        before: what the project was given before this push.
        now: what it was given by now.

    Returns:
        What it was given by now, with the note that this is done.

    Raises:
        LabelStudioError: Label Studio can't be asked.
    """
    if NOTE in before:
        return tuple(now)
    for view in client.views(project_id) if before else ():
        held = _data(view)
        new = wanted.get(held.get(MARK, ""))
        if new is not None and any(held.get(key) != new[key] for key in _COLUMNS):
            client.update_view(int(view["id"]), {"project": project_id, "data": new})
    return (*now, NOTE)


def _delete_doubles(client: ViewStore, project_id: int, names: Collection[str]) -> None:
    seen: set[str | None] = set()
    for view in sorted(client.views(project_id), key=lambda view: int(view["id"])):
        name: str | None = _data(view).get(MARK)
        if name in names and name in seen:
            client.delete_view(int(view["id"]))
        seen.add(name)


def _data(view: Json) -> dict[str, Any]:
    """What a view holds; nothing where a program has made it with null."""
    return view["data"] or {}


def _columns(names: Sequence[str]) -> list[str]:
    return [f"tasks:{name}" for name in dict.fromkeys(names)]
