"""The tabs of a project's table of tasks in Label Studio (the Data Manager): its views.

Each is given to a project once, and then it is the lead's: one that was renamed, changed or
deleted is neither made again nor touched. Which ones a project was given stands in what a push
tells its backend, so that a push that adds none asks for nothing.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from connectors.task_pages import Json, task_filter
from label_configs import Interface
from label_configs.config_xml import LabelConfig
from label_configs.source_reasoning import OF_A_DRAFT
from label_configs.task_listing import CATEGORISED_AS, LAST_QUESTION
from label_configs.task_views import TaskView
from sync.common.source_task import ID_FIELD
from sync.settings.sources import REFERENCE

# in a view's data, until somebody changes the view in Label Studio
MARK = "labeltune"
ALL_TASKS = "tasks"
_TITLES = {ALL_TASKS: "Tasks", "uncertain": "Uncertain first"}

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
_TECHNICAL = (ID_FIELD, "categories", "tools", "functions", REFERENCE, *OF_A_DRAFT)
# pixels; with the page's own margins they fill a window of 1280, where the question takes the rest
_WIDTHS = {
    "tasks:id": 60,
    "tasks:completed_at": 150,
    "tasks:total_annotations": 56,
    "tasks:cancelled_annotations": 56,
    "tasks:annotators": 100,
    "tasks:predictions_score": 130,
    f"tasks:data.{CATEGORISED_AS}": 130,
}
_QUESTION_WIDTH = 395
_WIDER_QUESTION_WIDTH = 545  # where there are no categories


class ViewStore(Protocol):
    """The part of `connectors.label_studio.LabelStudio` that knows views."""

    def views(self, project_id: int) -> list[Json]: ...
    def add_view(self, fields: Mapping[str, Any]) -> Json: ...
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
    silent = sorted(name for name in technical if not told.get(name))
    hidden = [*_INTERNAL, *(f"data.{name}" for name in silent)]

    def view(name: str, title: str, also_hidden: Sequence[str] = (), **chosen: Any) -> Json:
        explore = [*hidden, *also_hidden]
        beside = [*explore, *_BESIDE_A_TASK, f"data.{CATEGORISED_AS}"]
        question = _QUESTION_WIDTH if categorised else _WIDER_QUESTION_WIDTH
        question += sum(_WIDTHS[f"tasks:{name}"] for name in also_hidden)
        return {
            "title": title,
            MARK: name,
            "hiddenColumns": {"explore": _columns(explore), "labeling": _columns(beside)},
            "columnsWidth": {**_WIDTHS, f"tasks:data.{LAST_QUESTION}": question},
            **chosen,
        }

    untouched = [_number("total_annotations", "equal", 0)]
    untouched.append(_number("cancelled_annotations", "equal", 0))
    wanted = {
        ALL_TASKS: view(ALL_TASKS, _TITLES[ALL_TASKS]),
        "uncertain": view(
            "uncertain",
            _TITLES["uncertain"],
            _OPEN,
            ordering=["tasks:predictions_score"],
            filters=_all_of(untouched),
        ),
    }
    for each in interface.task_views:
        if each.can_be_told(label_config):
            filters = _all_of(list(_filters(each)))
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


def _filters(view: TaskView) -> Iterator[Json]:
    """A view's tasks, by the JSON of their annotations."""
    if view.choice is None:
        found = pattern([f'"from_name": {json.dumps(view.control)}'])
    else:
        yield _number("total_annotations", "greater", 0)  # not only skipped
        held = [f'"choices": [{json.dumps(view.choice)}]']
        if view.unchanged:
            unlike = ['"origin": "prediction-changed"']
            found = pattern([*held, '"origin": "prediction"'], unlike)
        else:
            found = pattern(held)
    yield task_filter("tasks:annotations_results", "regex", found, "String")


def pattern(held: Sequence[str], unlike: Sequence[str] = ()) -> str:
    """A regular expression for the JSON of all of a task's annotations, as Label Studio joins it.

    On SQLite that is the JSON itself, which begins with `[`; on Postgres text of an array, which
    begins with `{` and has a backslash before every quotation mark. One that somebody typed has
    one more on SQLite and two more on Postgres, so it is none. White space is the same on both,
    the order of keys is not. `contains` would do without all this, but takes minutes on 10,000
    tasks.

    Args:
        held: each is part of it.
        unlike: none of them is.
    """
    return f"^(?:{_of('[', '', held, unlike)}|{_of('{', chr(92) * 2, held, unlike)})"


def _of(begins: str, escape: str, held: Sequence[str], unlike: Sequence[str]) -> str:
    def part(text: str) -> str:
        return r".*[^\\]" + re.escape(text).replace('"', f'{escape}"').replace(r"\ ", " ")

    looked = [f"(?={part(text)})" for text in held] + [f"(?!{part(text)})" for text in unlike]
    return re.escape(begins) + "".join(looked)


def _number(column: str, operator: str, number: int) -> Json:
    return task_filter(f"tasks:{column}", operator, number, "Number")


def _all_of(filters: list[Json]) -> Json:
    return {"conjunction": "and", "items": filters}
