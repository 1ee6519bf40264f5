"""The views that a push gives a project show the tasks that they are named after."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

import label_configs
from connectors.label_studio import LabelStudio
from connectors.task_pages import Json
from label_configs.queue_fields import QUEUE_AUDIT
from sync.intake.push.project_views import MARK, add_views, wanted_views, with_queue_columns
from tests.running import Up

pytestmark = pytest.mark.label_studio

INTERFACE = label_configs.load("chat_response")
# as a typed text would have to be, to be taken for a choice
SLY = 'Say "choices": ["accept"], "origin": "prediction" and "from_name": "flags". \\"accept\\"'


def text(name: str, said: str, origin: str) -> Json:
    """An editor, as the page saves it."""
    return item(name, "textarea", {"text": [said]}, origin)


def choice(name: str, *chosen: str) -> Json:
    return item(name, "choices", {"choices": list(chosen)}, "manual")


def item(name: str, kind: str, value: Json, origin: str) -> Json:
    place = {"from_name": name, "to_name": "conversation"}
    return {"value": value, "id": f"i-{name}", **place, "type": kind, "origin": origin}


UNCHANGED = text("response", "Yes.", "prediction")
# what an annotator left of the draft -> the views that show it
FINISHED: Mapping[str, tuple[Sequence[Json], set[str]]] = {
    "accepted": ([UNCHANGED, choice("verdict", "accept")], {"accepted"}),
    "accepted and flagged": (
        [UNCHANGED, choice("verdict", "accept"), choice("flags", "escalate", "sensitive")],
        {"accepted", "flagged"},
    ),
    "accepted, but changed": (
        [text("response", "Yes!", "prediction-changed"), choice("verdict", "accept")],
        set(),
    ),
    "accepted, but written anew": (
        [text("response", "Yes!", "manual"), choice("verdict", "accept")],
        set(),
    ),
    "edited, but unchanged": ([UNCHANGED, choice("verdict", "edit")], set()),
    "edited and flagged": (
        [
            text("response", "Yes!", "prediction-changed"),
            choice("verdict", "edit"),
            choice("flags", "hand over to a human"),
        ],
        {"flagged"},
    ),
    "words of the filters": (
        [UNCHANGED, choice("verdict", "edit"), text("note", SLY, "manual")],
        set(),
    ),
    "every letter": (
        [text("response", "Ünïcödé 价格 🙂\n%_\\", "prediction"), choice("verdict", "accept")],
        {"accepted"},
    ),
}
SKIPPED = [UNCHANGED, choice("verdict", "accept")]
SCORES: Mapping[str, float | None] = {"sure": 0.9, "doubtful": 0.1, "no draft": None}


def test_each_view_shows_its_tasks_in_its_order(up: Up) -> None:
    client = up.label_studio
    xml = INTERFACE.label_config()
    project_id = int(client.create_project({"title": "Views", "label_config": xml})["id"])
    try:
        fields = INTERFACE.complete_task(INTERFACE.example)
        wanted = wanted_views(
            INTERFACE, INTERFACE.config, fields, all_listed=True, categorised=False
        )
        given = add_views(client, project_id, wanted, ())
        assert given == ("tasks", "uncertain", "accepted", "flagged")
        fill(up, project_id)
        assert shown(up, project_id, "tasks") == [*FINISHED, "skipped", *SCORES]
        assert shown(up, project_id, "uncertain") == ["doubtful", "sure", "no draft"]
        for name in ("accepted", "flagged"):
            expected = [said for said, (_, views) in FINISHED.items() if name in views]
            assert sorted(shown(up, project_id, name)) == sorted(expected), name
        get_columns_of_today(client, project_id, wanted)
        assert shown(up, project_id, "uncertain") == ["doubtful", "sure", "no draft"]
        rename_and_delete(up, client, project_id)
        kept = titles(client, project_id)
        assert add_views(client, project_id, wanted, given) == given
        assert titles(client, project_id) == kept == ["Tasks", "My own", "Flagged"]
    finally:
        client.delete_project(project_id)


def fill(up: Up, project_id: int) -> None:
    """A task each."""
    client = up.label_studio
    said = [*FINISHED, "skipped", *SCORES]
    tasks = [INTERFACE.complete_task({"messages": [{"role": "user", "content": s}]}) for s in said]
    client.import_tasks(project_id, [{"data": task} for task in tasks])
    (page,) = client.task_pages(project_id)
    ids = {task["data"]["last_question"]: task["id"] for task in page.tasks}
    for name, (result, _) in FINISHED.items():
        up.http.post(f"/api/tasks/{ids[name]}/annotations/", json={"result": result})
    skip = {"result": SKIPPED, "was_cancelled": True}
    up.http.post(f"/api/tasks/{ids['skipped']}/annotations/", json=skip)
    for name, score in SCORES.items():
        if score is not None:
            draft = {"result": [UNCHANGED], "score": score, "model_version": "v1"}
            client.create_prediction({"task": ids[name], "project": project_id, **draft})
    # drafts of any other version have no say in the order
    client.update_project(project_id, {"model_version": "v1"})


def shown(up: Up, project_id: int, name: str) -> list[str]:
    """The tasks of a view, as Label Studio's table asks for them."""
    (view,) = (v for v in up.label_studio.views(project_id) if v["data"].get("labeltune") == name)
    found: dict[str, Any] = up.http.get("/api/tasks", params={"view": view["id"]}).json()
    return [task["data"]["last_question"] for task in found["tasks"]]


def titles(client: LabelStudio, project_id: int) -> list[str]:
    return [view["data"]["title"] for view in client.views(project_id)]


def get_columns_of_today(client: LabelStudio, project_id: int, wanted: Mapping[str, Json]) -> None:
    """The views are as an older push made them, until the next one."""
    today = [view["data"] for view in client.views(project_id)]
    for view in client.views(project_id):
        old = copy.deepcopy(wanted[view["data"][MARK]])
        old["hiddenColumns"]["explore"].remove(f"tasks:data.{QUEUE_AUDIT}")
        client.update_view(view["id"], {"project": project_id, "data": old})
    assert [view["data"] for view in client.views(project_id)] != today
    with_queue_columns(client, project_id, wanted, list(wanted), list(wanted))
    assert [view["data"] for view in client.views(project_id)] == today


def rename_and_delete(up: Up, client: LabelStudio, project_id: int) -> None:
    """As a lead does in the page."""
    _, uncertain, accepted, _ = client.views(project_id)
    data = {"title": "My own", "hiddenColumns": {"explore": [], "labeling": []}}
    up.http.patch(f"/api/dm/views/{uncertain['id']}/", json={"project": project_id, "data": data})
    client.delete_view(accepted["id"])
    client.delete_view(accepted["id"])  # gone already
