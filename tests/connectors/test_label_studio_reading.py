"""Reading tasks and predictions: every page once, and what is asked for."""

import json
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from connectors.errors import LabelStudioError
from connectors.task_pages import task_filter
from tests.connectors.label_studio_server import answering, busy, client
from tests.ml_backend.http_double import Reply, Request, http_double


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_every_page_of_tasks(count: int) -> None:
    """Two a page: as many requests as pages, and each task once."""

    def answer(request: Request) -> Reply:
        size, page = int(request.query["page_size"]), int(request.query["page"])
        tasks = [{"id": i} for i in range(count)][(page - 1) * size : page * size]
        assert tasks or page == 1  # Label Studio answers 404 beyond the last page
        return Reply({"tasks": tasks, "total": count, "total_annotations": 9})

    with http_double(answer) as double:
        pages = list(client(double).task_pages(7, page_size=2))
    assert [task["id"] for page in pages for task in page.tasks] == list(range(count))
    assert all((page.total, page.total_annotations) == (count, 9) for page in pages)
    assert len(double.requests) == max(1, (count + 1) // 2)


def test_what_a_listing_of_tasks_asks_for() -> None:
    with http_double(lambda _: Reply({"tasks": [], "total": 0, "total_annotations": 0})) as double:
        list(
            client(double).task_pages(
                7,
                filters=[task_filter("tasks:id", "greater", 3, "Number")],
                ordering=["-tasks:id"],
                include=["id", "data"],
            )
        )
        list(client(double).task_pages(7))
    asked, everything = (request.query for request in double.requests)
    assert asked["project"] == "7"
    assert asked["fields"] == "all"
    assert asked["include"] == "id,data"
    condition = {"filter": "filter:tasks:id", "operator": "greater", "value": 3, "type": "Number"}
    assert json.loads(asked["query"]) == {
        "filters": {"conjunction": "and", "items": [condition]},
        "ordering": ["-tasks:id"],
    }
    assert "include" not in everything


def test_a_whole_task_is_listed_the_quick_way() -> None:
    empty = Reply({"tasks": [], "total": 0, "total_annotations": 0, "total_predictions": 0})
    with http_double(lambda _: empty) as double:
        label_studio = client(double)
        list(label_studio.task_pages(7, include=["id", "annotations", "annotations.result"]))
        list(label_studio.task_pages(7, include=["id"]))
        assert label_studio.tasks_by_id(7, [], ["id"]) == []
        label_studio.tasks_by_id(7, [3, 4], ["id"])
    whole, plain, some = (request.query for request in double.requests)
    assert (whole["expand"], whole["review"], whole["resolve_uri"]) == (
        "annotations",
        "true",
        "false",
    )
    assert "expand" not in plain
    assert plain["resolve_uri"] == "false"
    assert json.loads(some["query"])["selectedItems"] == {"all": False, "included": [3, 4]}


def test_a_page_tells_how_many_there_are_and_when_it_was_asked_for() -> None:
    came: list[float] = []

    def slowly(_: Request) -> Reply:
        came.append(time.time())
        time.sleep(1.05)  # the server's clock, as it answers, then shows another second
        return Reply({"tasks": [], "total": 3, "total_annotations": 2, "total_predictions": 4})

    with http_double(slowly) as double:
        (found,) = client(double).task_pages(7)
    assert (found.total, found.total_annotations, found.total_predictions) == (3, 2, 4)
    assert found.asked_at is not None
    assert found.asked_at.timestamp() <= came[0]


def test_a_listing_that_shrinks_meanwhile_ends() -> None:
    pages = answering(
        Reply({"tasks": [{"id": 1}], "total": 3, "total_annotations": 0}),
        Reply({"tasks": [], "total": 1, "total_annotations": 0}),
    )
    with http_double(pages) as double:
        found = [task["id"] for page in client(double).task_pages(7) for task in page.tasks]
    assert found == [1]


def test_all_predictions_of_a_project() -> None:
    drafts = [{"id": i, "task": 1, "result": [{"text": "ü" * 999}]} for i in range(3000)]
    with http_double(lambda _: Reply(drafts)) as double:
        assert list(client(double).predictions(7)) == drafts
        assert double.requests[0].query == {"task__project": "7"}


@pytest.mark.parametrize("body", ["<html>", {"detail": "x"}, '[{"id": 1}'])
def test_a_list_of_predictions_that_is_none(body: Any) -> None:
    with (
        http_double(lambda _: Reply(body)) as double,
        pytest.raises(LabelStudioError, match="is LABEL_STUDIO_URL a Label Studio"),
    ):
        list(client(double).predictions(7))


def test_predictions_that_break_off_are_asked_for_again() -> None:
    with http_double(answering(busy(), Reply([{"id": 1}]))) as double:
        assert list(client(double).predictions(7)) == [{"id": 1}]
        assert len(double.requests) == 2


def test_a_filter_has_times_in_utc_with_microseconds() -> None:
    at = datetime(2026, 11, 22, 13, 0, tzinfo=timezone(timedelta(hours=1)))
    made = task_filter("tasks:updated_at", "greater", at, "Datetime")
    assert made["value"] == "2026-11-22T12:00:00.000000Z"
