"""Each expert has a tab, once, whatever it is called."""

from typing import Any

import label_configs
from connectors.task_pages import Json
from sync.queue.review.experts.views import add_expert_views, titles, whose

INTERFACE = label_configs.load("chat_response")
ANA, BO = "ana@example.org", "bo@example.org"


class ViewsFake:
    """Keeps views as Label Studio does."""

    def __init__(self) -> None:
        self.kept: list[Json] = []

    def views(self, project_id: int) -> list[Json]:
        return list(self.kept)

    def add_view(self, fields: Any) -> Json:
        self.kept.append({"id": len(self.kept) + 1, **fields})
        return self.kept[-1]

    def update_view(self, view_id: int, fields: Any) -> None:
        raise AssertionError("a tab is its lead's")

    def delete_view(self, view_id: int) -> None:
        self.kept = [view for view in self.kept if view["id"] != view_id]


def add(client: ViewsFake, *emails: str) -> tuple[str, ...]:
    return add_expert_views(client, 5, INTERFACE, emails, categorised=False)


def test_a_tab_shows_what_is_somebodys_and_not_done() -> None:
    client = ViewsFake()
    assert add(client, ANA, BO) == (ANA, BO)
    data = client.kept[0]["data"]
    assert data["title"] == "ana" and whose(client.kept[0]) == {ANA}
    asked = {each["filter"]: each["value"] for each in data["filters"]["items"]}
    assert asked["filter:tasks:data.assigned_to"] == ANA
    assert "tasks:data.assigned_to" in data["hiddenColumns"]["explore"]
    assert add(client, BO, ANA) == () and len(client.kept) == 2


def test_one_that_was_renamed_is_known_and_one_that_was_deleted_comes_back() -> None:
    client = ViewsFake()
    add(client, ANA, BO)
    client.kept[0]["data"] = {**client.kept[0]["data"], "title": "Cards", "labeltune": None}
    client.delete_view(2)
    assert add(client, ANA, BO) == (BO,)


def test_two_of_one_name_are_told_apart() -> None:
    emails = ["ana@a.org", "ana@b.org", "bo@a.org"]
    assert titles(emails, ["bo"]) == [
        "ana",
        "ana@b.org",
        "bo@a.org",
    ]


def test_tabs_of_others_are_left_alone() -> None:
    client = ViewsFake()
    client.kept = [{"id": 1, "data": None}, {"id": 2, "data": {"title": "Tasks", "filters": None}}]
    assert add(client, ANA) == (ANA,)
    assert len(client.kept) == 3
