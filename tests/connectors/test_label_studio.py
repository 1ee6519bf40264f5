"""Label Studio's client: what its calls send, and what they give."""

import pytest

from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from connectors.task_pages import task_url
from tests.connectors.label_studio_server import KEY, client
from tests.ml_backend.http_double import Reply, Request, http_double


def projects(request: Request) -> Reply:
    """1,200 projects, of which four share a title."""
    size, page = int(request.query["page_size"]), int(request.query["page"])
    every = [{"id": i, "title": "twin" if i % 300 == 9 else f"project {i}"} for i in range(1200)]
    more = "http://next" if page * size < len(every) else None
    return Reply({"results": every[(page - 1) * size : page * size][::-1], "next": more})


def test_every_page_of_projects() -> None:
    with http_double(projects) as double:
        found = client(double).projects()
    assert sorted(project["id"] for project in found) == list(range(1200))
    assert len(double.requests) == 3


def test_the_oldest_project_of_a_title() -> None:
    with http_double(projects) as double:
        label_studio = client(double)
        assert label_studio.find_project("twin") == {"id": 9, "title": "twin"}
        assert label_studio.find_project("Twin") is None


def test_a_project_is_asked_for_by_its_title_and_with_what_is_needed_only() -> None:
    with http_double(projects) as double:
        client(double).find_project("twin", ("id", "title"))
        client(double).find_project("twin")
    some, every = double.requests[0].query, double.requests[-1].query
    assert (some["title"], some["include"]) == ("twin", "id,title")
    assert "include" not in every


def test_tasks_that_are_json_already_are_sent_as_they_are() -> None:
    with http_double(lambda request: Reply({"task_count": 2})) as double:
        written = '[{"data":{"a":"ü"}}, {"data":{}}]'.encode()
        assert client(double).import_tasks(7, written) == 2
    (request,) = double.requests
    assert request.path == "/api/projects/7/import"
    assert request.body == [{"data": {"a": "ü"}}, {"data": {}}]
    assert request.headers["content-type"] == "application/json"


def test_what_changes_send() -> None:
    def answer(request: Request) -> Reply:
        if request.method == "DELETE":
            return Reply(status=204)
        return Reply({"id": 1, "task_count": 2})

    with http_double(answer) as double:
        label_studio = client(double)
        assert label_studio.import_tasks(7, [{"data": {"a": "ü"}}, {"data": {}}]) == 2
        label_studio.update_task(5, {"steps": []})
        label_studio.update_backend(3, {"url": "u", "project": 7})
        label_studio.update_prediction(9, {"score": 0.25})
        label_studio.delete_prediction(9)
        label_studio.delete_project(7)
    sent = [(request.method, request.path, request.body) for request in double.requests]
    assert sent == [
        ("POST", "/api/projects/7/import", [{"data": {"a": "ü"}}, {"data": {}}]),
        ("PATCH", "/api/tasks/5/", {"data": {"steps": []}}),
        ("PATCH", "/api/ml/3", {"url": "u", "project": 7}),
        ("PATCH", "/api/predictions/9/", {"score": 0.25}),
        ("DELETE", "/api/predictions/9/", None),
        ("DELETE", "/api/projects/7/", None),
    ]


def test_a_webhook_can_be_changed() -> None:
    with http_double(lambda _: Reply({"id": 3})) as double:
        assert client(double).update_webhook(3, {"headers": {"X": "y"}}) == {"id": 3}
        (request,) = double.requests
        assert (request.method, request.path) == ("PATCH", "/api/webhooks/3/")
        assert request.body == {"headers": {"X": "y"}}


def test_what_is_gone_already_is_no_error() -> None:
    with http_double(lambda _: Reply({"detail": "Not found."}, 404)) as double:
        client(double).delete_prediction(9)
        client(double).delete_view(8)
        assert [request.path for request in double.requests] == [
            "/api/predictions/9/",
            "/api/dm/views/8/",
        ]


def test_a_prediction_that_may_not_be_deleted_is_one() -> None:
    with (
        http_double(lambda _: Reply({"detail": "Nope."}, 400)) as double,
        pytest.raises(LabelStudioError, match="Nope"),
    ):
        client(double).delete_prediction(9)


def test_pages_to_open() -> None:
    label_studio = LabelStudio("http://127.0.0.1:8080/", KEY)
    assert label_studio.project_url(7) == "http://127.0.0.1:8080/projects/7/data"
    assert (
        task_url("http://127.0.0.1:8080/", 7, 9) == "http://127.0.0.1:8080/projects/7/data?task=9"
    )
