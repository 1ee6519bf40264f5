"""A project is given each view once; what a lead makes of them is left alone."""

import copy
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

import label_configs
from label_configs import INTERFACES, items
from label_configs.interface import DRAFT_FIELD
from label_configs.queue_fields import ACCEPTANCE, QUEUE_FIELDS, QUEUE_NOTE
from sync.common.source_task import ID_FIELD
from sync.intake.push.project_views import (
    ALL_TASKS,
    MARK,
    NOTE,
    add_views,
    given_views,
    wanted_views,
    with_queue_columns,
)

Json = dict[str, Any]
PROJECT = 7
NAMES = ("tasks", "uncertain", "accepted", "flagged")


class ViewsFake:
    """The views of one project, as Label Studio keeps them.

    Attributes:
        calls: how many.
    """

    def __init__(self, *titles: str) -> None:
        self.kept: list[Json] = []
        self.calls = 0
        for title in titles:
            self.add_view({"project": PROJECT, "data": {"title": title}})
        self.calls = 0

    def views(self, project_id: int) -> list[Json]:
        assert project_id == PROJECT
        self.calls += 1
        return copy.deepcopy(self.kept)

    def add_view(self, fields: Mapping[str, Any]) -> Json:
        self.calls += 1
        number = max((view["id"] for view in self.kept), default=0) + 1
        self.kept.append({"id": number, **copy.deepcopy(dict(fields))})
        return self.kept[-1]

    def update_view(self, view_id: int, fields: Mapping[str, Any]) -> None:
        self.calls += 1
        (view,) = (view for view in self.kept if view["id"] == view_id)
        view |= copy.deepcopy(dict(fields))

    def delete_view(self, view_id: int) -> None:
        self.calls += 1
        self.kept = [view for view in self.kept if view["id"] != view_id]

    @property
    def titles(self) -> list[str]:
        return [view["data"]["title"] for view in self.kept]


def wanted(
    name: str = "chat_response", *, all_listed: bool = True, categorised: bool = False
) -> dict[str, Json]:
    interface = label_configs.load(name)
    fields = interface.complete_task(interface.example)
    return wanted_views(
        interface, interface.config, fields, all_listed=all_listed, categorised=categorised
    )


def hidden(view: Json) -> set[str]:
    return set(view["hiddenColumns"]["explore"])


def test_ten_pushes_give_each_view_once_and_nine_ask_for_nothing() -> None:
    client = ViewsFake()
    given: tuple[str, ...] = ()
    for _ in range(10):
        given = add_views(client, PROJECT, wanted(), given)
    assert given == NAMES
    assert client.titles == ["Tasks", "Uncertain first", "Accepted as is", "Flagged"]
    assert client.calls == 1 + len(NAMES) + 1  # what is there, each view, doubles


def test_a_view_that_was_renamed_changed_or_deleted_stays_so() -> None:
    client = ViewsFake()
    given = add_views(client, PROJECT, wanted(), ())
    client.kept[1]["data"] = {"title": "My own"}
    client.delete_view(4)
    before = copy.deepcopy(client.kept)
    assert add_views(client, PROJECT, wanted(), given) == given
    assert client.kept == before


def test_a_push_that_was_killed_halfway_is_gone_on_with() -> None:
    client = ViewsFake()
    for view in list(wanted().values())[:2]:
        client.add_view({"project": PROJECT, "data": view})
    assert add_views(client, PROJECT, wanted(), ()) == NAMES
    assert client.titles == ["Tasks", "Uncertain first", "Accepted as is", "Flagged"]


def test_of_two_pushes_at_once_each_view_stays_once() -> None:
    client = ViewsFake()
    ours = client.views(PROJECT)

    class Late(ViewsFake):
        """A push that looked before the other one added its views."""

        looks = 0

        def views(self, project_id: int) -> list[Json]:
            self.looks += 1
            return ours if self.looks == 1 else client.views(project_id)

        def add_view(self, fields: Mapping[str, Any]) -> Json:
            return client.add_view(fields)

        def delete_view(self, view_id: int) -> None:
            client.delete_view(view_id)

    add_views(client, PROJECT, wanted(), ())
    assert add_views(Late(), PROJECT, wanted(), ()) == NAMES
    assert [view["id"] for view in client.kept] == [1, 2, 3, 4]


def test_views_of_the_lead_s_own_are_kept_and_not_doubled() -> None:
    client = ViewsFake("Mine", "Flagged")
    assert add_views(client, PROJECT, wanted(), ()) == NAMES
    assert client.titles == ["Mine", "Flagged", "Tasks", "Uncertain first", "Accepted as is"]


def test_a_view_without_data_is_somebody_s_own() -> None:
    """Label Studio takes null from a program."""
    client = ViewsFake()
    client.kept.append({"id": 99, "data": None})
    assert add_views(client, PROJECT, wanted(), ()) == NAMES
    assert {"id": 99, "data": None} in client.kept


def test_what_a_project_was_given() -> None:
    held, empty = {"id": PROJECT, "task_number": 3}, {"id": PROJECT, "task_number": 0}
    assert given_views(None, None, NAMES) == ()
    assert given_views(empty, None, NAMES) == ()  # a push was killed before it sent a task
    assert given_views(held, {"views": ["tasks", "flagged"]}, NAMES) == ("tasks", "flagged")
    # an older LabelTune gave one; whatever somebody made of it stays
    assert given_views(held, {"interface": "chat_response"}, NAMES) == (ALL_TASKS,)
    assert given_views(held, {"views": None}, NAMES) == (ALL_TASKS,)
    # a project that no push of ours has made
    assert given_views(held, None, NAMES) == NAMES


@pytest.mark.parametrize("name", INTERFACES)
def test_columns_are_words(name: str) -> None:
    views = wanted(name)
    interface = label_configs.load(name)
    data = {**interface.complete_task(interface.example), ID_FIELD: "a", DRAFT_FIELD: "b"}
    fields = {f"tasks:data.{field}" for field in data}
    for known_as, view in views.items():
        assert view[MARK] == known_as
        assert fields - hidden(view) == {"tasks:data.last_question"}
        assert "tasks:predictions_score" not in hidden(view)
        assert hidden(view) <= set(view["hiddenColumns"]["labeling"])


def test_categories_are_a_column_where_tasks_hold_them() -> None:
    interface = label_configs.load("chat_response", dimensions={"topic": ["fees", "cards"]})
    fields = interface.complete_task(interface.example)
    for categorised in (True, False):
        views = wanted_views(
            interface, interface.config, fields, all_listed=True, categorised=categorised
        )
        assert ("tasks:data.categorised_as" in hidden(views["tasks"])) is not categorised


def test_tasks_of_an_older_labeltune_are_known_by_their_conversation() -> None:
    assert "tasks:data.messages" in hidden(wanted()["tasks"])
    assert "tasks:data.messages" not in hidden(wanted(all_listed=False)["tasks"])


def test_the_queue_is_shown_where_open_tasks_are() -> None:
    of_the_queue = {f"tasks:data.{name}" for name in QUEUE_FIELDS}
    for name, view in wanted().items():
        shown = of_the_queue - hidden(view)
        expected = {ACCEPTANCE, QUEUE_NOTE} if name == "uncertain" else set()
        assert shown == {f"tasks:data.{field}" for field in expected}
        assert of_the_queue <= set(view["hiddenColumns"]["labeling"])


def test_untouched_views_of_an_older_push_get_its_columns_once() -> None:
    client = ViewsFake()
    old = copy.deepcopy(wanted())
    for view in old.values():
        for columns in view["hiddenColumns"].values():
            columns[:] = [each for each in columns if "queue" not in each]
    add_views(client, PROJECT, old, ())
    client.kept[0]["data"] = {"title": "Tasks", "hiddenColumns": {"explore": [], "labeling": []}}
    own = copy.deepcopy(client.kept[0])
    client.calls = 0
    before = (*NAMES, "queue_columns")  # of a LabelTune that knew no assignment
    noted = with_queue_columns(client, PROJECT, wanted(), before, NAMES)
    assert noted == (*NAMES, NOTE)
    assert client.kept[0] == own, "somebody has changed it"
    assert [view["data"] for view in client.kept[1:]] == list(wanted().values())[1:]
    assert client.calls == 1 + 3
    assert with_queue_columns(client, PROJECT, wanted(), noted, noted) == noted
    assert client.calls == 1 + 3


def test_a_new_project_is_not_asked_for_its_views_again() -> None:
    client = ViewsFake()
    assert with_queue_columns(client, PROJECT, wanted(), (), NAMES) == (*NAMES, NOTE)
    assert client.calls == 0


def test_an_interface_without_such_controls_has_no_such_views() -> None:
    assert list(wanted("preference")) == ["tasks", "uncertain", "both_bad"]
    assert list(wanted("multi_turn")) == ["tasks", "uncertain", "accepted"]
    assert list(wanted("agent_steps")) == ["tasks", "uncertain", "failed", "with_error"]
    assert list(wanted("review")) == ["tasks", "uncertain"]


def test_a_lead_sees_no_place_of_a_review() -> None:
    assert "tasks:data.review_place" in hidden(wanted("review")["tasks"])
    assert "tasks:data.review_place" not in hidden(wanted("chat_response")["tasks"])


def on_sqlite(*annotations: list[Json]) -> str:
    """The annotations of a task, as Label Studio's filters see them there."""
    return ",".join(json.dumps(result) for result in annotations)


def on_postgres(*annotations: list[Json]) -> str:
    quoted = (json.dumps(each).replace("\\", "\\\\").replace('"', '\\"') for each in annotations)
    return "{" + ",".join(f'"{each}"' for each in quoted) + "}"


ACCEPTED = {"value": {"choices": ["accept"]}, "from_name": "verdict", "origin": "manual"}
TYPED = '{"choices": ["accept"], \\"choices\\": [\\"accept\\"] "origin": "prediction-changed"'


@pytest.mark.parametrize("written", [on_sqlite, on_postgres])
@pytest.mark.parametrize(
    ("annotations", "found"),
    [
        ([[{"value": {"text": ["a\\\n"]}, "origin": "prediction"}, ACCEPTED]], True),
        ([[{"value": {"text": [TYPED]}, "origin": "prediction"}, ACCEPTED]], True),
        ([[{"value": {"text": [TYPED]}, "origin": "prediction"}]], False),
        ([[{"value": {"text": ["a"]}, "origin": "prediction-changed"}, ACCEPTED]], False),
        ([[{"origin": "prediction"}, ACCEPTED], [{"origin": "prediction-changed"}]], False),
        ([[ACCEPTED]], False),
        ([[]], False),
    ],
)
def test_annotations_are_found_by_their_json_as_each_database_writes_it(
    written: Any, annotations: list[list[Json]], found: bool
) -> None:
    (regex,) = (
        each["value"]
        for each in wanted()["accepted"]["filters"]["items"]
        if each["operator"] == "regex"
    )
    assert bool(re.search(regex, written(*annotations))) is found


@pytest.mark.parametrize("written", [on_sqlite, on_postgres])
@pytest.mark.parametrize(
    ("item", "found"),
    [
        (items.choices("judged", "conversation", "3 wasteful", "12 wrong", "13 correct"), True),
        (items.choices("judged_11", "conversation", "wrong"), True),
        (items.choices("judged", "conversation", "3 wasteful", "12 correct"), False),
        (items.choices("judged", "conversation"), False),
        (items.textarea("better", "conversation", '3: "choices": ["12 wrong"] is wrong'), False),
    ],
)
def test_tasks_with_an_error_are_found_whichever_page_it_was_marked_in(
    written: Any, item: Json, found: bool
) -> None:
    view = wanted("agent_steps")["with_error"]
    (regex,) = (each["value"] for each in view["filters"]["items"] if each["operator"] == "regex")
    said = [items.choices("success", "conversation", "no"), item, items.textarea("note", "a", "]")]
    assert bool(re.search(regex, written(said))) is found
