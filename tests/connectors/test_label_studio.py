"""Label Studio's client, against a local server that answers as Label Studio does."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import tenacity

from connectors import retries
from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from connectors.task_pages import task_filter
from tests.ml_backend.http_double import HTTPDouble, Reply, Request, http_double, unused_url

KEY = "0123456789abcdef0123456789abcdef01234567"


def client(double: HTTPDouble, **options: Any) -> LabelStudio:
    return LabelStudio(double.url, KEY, **options)


def answering(*answers: Reply) -> Callable[[Request], Reply]:
    """Give these answers in turn, the last one for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def busy() -> Reply:
    # the client waits before it tries again, unless it is told for how long
    return Reply("busy", 500, headers={"Retry-After": "0"})


# --- keys


@pytest.mark.parametrize("key", [None, ""])
def test_no_key(key: str | None) -> None:
    with pytest.raises(LabelStudioError, match=r"^no Label Studio key: set LABEL_STUDIO_API_KEY"):
        LabelStudio("http://127.0.0.1:8080", key)


def jwt(**claims: Any) -> str:
    """A token of that form; only Label Studio could verify it."""
    parts = ({"alg": "HS256", "typ": "JWT"}, claims, "signature")
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts)
    return b".".join(part.rstrip(b"=") for part in encoded).decode()


def test_a_legacy_token_is_sent_as_it_is() -> None:
    with http_double(lambda _: Reply({"email": "a@b.c"})) as double:
        assert client(double).whoami() == {"email": "a@b.c"}
    [request] = double.requests
    assert request.path == "/api/current-user/whoami"
    assert request.headers["authorization"] == f"Token {KEY}"


def test_a_personal_access_token_is_exchanged_first() -> None:
    refresh = jwt(token_type="refresh", exp=int(time.time()) + 3600)
    access = jwt(token_type="access", exp=int(time.time()) + 300)

    def answer(request: Request) -> Reply:
        if request.path == "/api/token/refresh/":
            assert request.body == {"refresh": refresh}
            return Reply({"access": access})
        return Reply({})

    with http_double(answer) as double:
        label_studio = LabelStudio(double.url, refresh)
        label_studio.whoami()
        label_studio.whoami()
    paths = [request.path for request in double.requests]
    assert paths == ["/api/token/refresh/", *["/api/current-user/whoami"] * 2]
    assert double.requests[1].headers["authorization"] == f"Bearer {access}"


def test_a_personal_access_token_that_was_revoked() -> None:
    refresh = jwt(token_type="refresh", exp=int(time.time()) + 3600)
    answer = Reply({"detail": "Token is blacklisted"}, 401)
    with (
        http_double(lambda _: answer) as double,
        pytest.raises(LabelStudioError, match=r"refused the key \(401\)"),
    ):
        LabelStudio(double.url, refresh).whoami()


def test_a_personal_access_token_that_has_expired() -> None:
    with pytest.raises(LabelStudioError, match="LABEL_STUDIO_API_KEY has expired") as caught:
        LabelStudio("http://127.0.0.1:8080", jwt(token_type="refresh", exp=1))
    assert caught.value.status == 401


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused(status: int) -> None:
    answer = Reply({"detail": "Invalid token.", "status_code": status}, status)
    with http_double(lambda _: answer) as double:
        with pytest.raises(
            LabelStudioError,
            match=rf"^Label Studio at {double.url} refused the key \({status}\); put a valid",
        ) as caught:
            client(double).whoami()
        assert len(double.requests) == 1
    assert caught.value.status == status
    assert KEY not in str(caught.value)


# --- failures


def test_nobody_listens() -> None:
    url = unused_url()
    with pytest.raises(
        LabelStudioError,
        match=rf"^Label Studio at {url} can't be reached \(.*\); start it with `labeltune up`",
    ):
        LabelStudio(url, KEY).create_project({})


def test_no_answer_in_time() -> None:
    def slow(_: Request) -> Reply:
        time.sleep(0.5)
        return Reply({})

    with (
        http_double(slow) as double,
        pytest.raises(LabelStudioError, match="did not answer GET api/current-user/whoami in time"),
    ):
        client(double, timeout_s=0.1).whoami()


@pytest.mark.parametrize("body", ["<html>Welcome</html>", "{"])
def test_an_answer_that_is_no_json(body: str) -> None:
    with (
        http_double(lambda _: Reply(body)) as double,
        pytest.raises(LabelStudioError, match="answered no JSON; is LABEL_STUDIO_URL a Label"),
    ):
        client(double).whoami()


@pytest.mark.parametrize(
    ("call", "body", "said"),
    [
        (lambda c: c.whoami(), [], "api/current-user/whoami answered a list, not an object"),
        (lambda c: c.projects(), "7", "api/projects/ answered a int, not an object"),
        (lambda c: c.backends(1), {}, "api/ml/ answered a dict, not a list"),
    ],
)
def test_an_answer_of_another_shape(
    call: Callable[[LabelStudio], Any], body: Any, said: str
) -> None:
    with (
        http_double(lambda _: Reply(body)) as double,
        pytest.raises(LabelStudioError, match=said),
    ):
        call(client(double))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"detail": "Not found."}, r"\(404\): Not found\.$"),
        ({"validation_errors": {"title": ["Too short."]}}, r"\(404\): .*Too short"),
        ("<h1>Nothing here</h1>", r"\(404\): <h1>Nothing here</h1>$"),
        ("x" * 5000, r"\(404\): x{300}$"),
    ],
)
def test_a_refusal_says_what_label_studio_says(body: Any, said: str) -> None:
    with http_double(lambda _: Reply(body, 404)) as double:
        with pytest.raises(
            LabelStudioError, match=f"refused PATCH api/projects/7/ {said}"
        ) as caught:
            client(double).update_project(7, {})
        assert len(double.requests) == 1
    assert caught.value.status == 404


# --- retries


def test_reading_is_tried_again() -> None:
    with http_double(answering(busy(), Reply({"email": "a@b.c"}))) as double:
        assert client(double).whoami() == {"email": "a@b.c"}
        assert len(double.requests) == 2


CREATING: dict[str, Callable[[LabelStudio], Any]] = {
    "project": lambda c: c.create_project({}),
    "backend": lambda c: c.add_backend({}),
    "webhook": lambda c: c.add_webhook({}),
    "view": lambda c: c.add_view({}),
    "tasks": lambda c: c.import_tasks(1, [{"data": {}}]),
    "prediction": lambda c: c.create_prediction({}),
}


@pytest.mark.parametrize("create", CREATING.values(), ids=CREATING)
def test_creating_is_not(create: Callable[[LabelStudio], Any]) -> None:
    """A repeat would create it twice."""
    with http_double(lambda _: busy()) as double:
        with pytest.raises(LabelStudioError, match=r"refused POST .* \(500\): busy"):
            create(client(double))
        assert [request.method for request in double.requests] == ["POST"]


# --- listings


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


def test_a_listing_that_shrinks_meanwhile_ends() -> None:
    pages = answering(
        Reply({"tasks": [{"id": 1}], "total": 3, "total_annotations": 0}),
        Reply({"tasks": [], "total": 1, "total_annotations": 0}),
    )
    with http_double(pages) as double:
        found = [task["id"] for page in client(double).task_pages(7) for task in page.tasks]
    assert found == [1]


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


# --- changes


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
        label_studio.delete_prediction(9)
        label_studio.delete_project(7)
    sent = [(request.method, request.path, request.body) for request in double.requests]
    assert sent == [
        ("POST", "/api/projects/7/import", [{"data": {"a": "ü"}}, {"data": {}}]),
        ("PATCH", "/api/tasks/5/", {"data": {"steps": []}}),
        ("PATCH", "/api/ml/3", {"url": "u", "project": 7}),
        ("DELETE", "/api/predictions/9/", None),
        ("DELETE", "/api/projects/7/", None),
    ]


def test_a_prediction_that_is_gone_already_is_no_error() -> None:
    with http_double(lambda _: Reply({"detail": "Not found."}, 404)) as double:
        client(double).delete_prediction(9)
        assert len(double.requests) == 1


def test_a_prediction_that_may_not_be_deleted_is_one() -> None:
    with (
        http_double(lambda _: Reply({"detail": "Nope."}, 400)) as double,
        pytest.raises(LabelStudioError, match="Nope"),
    ):
        client(double).delete_prediction(9)


def test_pages_to_open() -> None:
    label_studio = LabelStudio("http://127.0.0.1:8080/", KEY)
    assert label_studio.project_url(7) == "http://127.0.0.1:8080/projects/7/data"
    assert label_studio.task_url(7, 9) == "http://127.0.0.1:8080/projects/7/data?task=9"


def test_a_webhook_can_be_changed() -> None:
    with http_double(lambda _: Reply({"id": 3})) as double:
        assert client(double).update_webhook(3, {"headers": {"X": "y"}}) == {"id": 3}
        (request,) = double.requests
        assert (request.method, request.path) == ("PATCH", "/api/webhooks/3/")
        assert request.body == {"headers": {"X": "y"}}


def test_what_a_log_may_hold_of_a_refusal() -> None:
    """Label Studio quotes the task that it refuses."""
    refused = Reply({"detail": "Error at item 0: {'data': 'PRIVATE'}"}, status=400)
    with http_double(lambda _: refused) as double, pytest.raises(LabelStudioError) as raised:
        client(double).create_prediction({})
    assert "PRIVATE" in str(raised.value)
    assert raised.value.brief.endswith("refused POST api/predictions/ (400)")


# --- what a pull needs


def test_a_sub_path_is_kept_when_a_token_is_exchanged() -> None:
    refresh = jwt(token_type="refresh", exp=int(time.time()) + 3600)
    access = jwt(token_type="access", exp=int(time.time()) + 300)

    def answer(request: Request) -> Reply:
        refreshing = request.path == "/studio/api/token/refresh/"
        return Reply({"access": access} if refreshing else {})

    with http_double(answer) as double:
        LabelStudio(f"{double.url}/studio/", refresh).whoami()
    paths = [request.path for request in double.requests]
    assert paths == ["/studio/api/token/refresh/", "/studio/api/current-user/whoami"]


def test_an_access_token_is_renewed_in_time_and_when_the_server_calls_it_stale() -> None:
    refresh = jwt(token_type="refresh", exp=int(time.time()) + 3600)
    lives_s = iter([5, 300, 300])  # the first one is as good as over
    given: list[str] = []
    stale: set[str] = set()

    def answer(request: Request) -> Reply:
        if request.path == "/api/token/refresh/":
            ends = int(time.time()) + next(lives_s)
            given.append(jwt(token_type="access", exp=ends, number=len(given)))
            return Reply({"access": given[-1]})
        shown = request.headers["authorization"].removeprefix("Bearer ")
        return Reply({"detail": "stale"}, 401) if shown in stale else Reply({})

    with http_double(answer) as double:
        label_studio = LabelStudio(double.url, refresh)
        label_studio.whoami()
        label_studio.whoami()
        assert len(given) == 2
        stale.add(given[1])
        label_studio.whoami()
    assert len(given) == 3
    assert double.requests[-1].headers["authorization"] == f"Bearer {given[2]}"


@pytest.mark.parametrize("answer", [Reply("<html>Welcome</html>"), Reply({}), Reply([])])
def test_a_token_is_exchanged_with_something_else_than_label_studio(answer: Reply) -> None:
    refresh = jwt(token_type="refresh", exp=int(time.time()) + 3600)
    with (
        http_double(lambda _: answer) as double,
        pytest.raises(LabelStudioError, match="is LABEL_STUDIO_URL a Label Studio"),
    ):
        LabelStudio(double.url, refresh).whoami()


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
    def slowly(_: Request) -> Reply:
        time.sleep(1.5)
        return Reply({"tasks": [], "total": 3, "total_annotations": 2, "total_predictions": 4})

    with http_double(slowly) as double:
        began = time.time()
        (found,) = client(double).task_pages(7)
    assert (found.total, found.total_annotations, found.total_predictions) == (3, 2, 4)
    assert found.asked_at is not None
    assert found.asked_at.timestamp() <= began


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


def test_a_project_is_asked_for_by_its_title_and_with_what_is_needed_only() -> None:
    with http_double(projects) as double:
        client(double).find_project("twin", ("id", "title"))
        client(double).find_project("twin")
    some, every = double.requests[0].query, double.requests[-1].query
    assert (some["title"], some["include"]) == ("twin", "id,title")
    assert "include" not in every


@pytest.mark.parametrize(
    ("status", "times"), [(429, 3), (502, 3), (503, 3), (504, 3), (400, 1), (404, 1)]
)
def test_what_passes_is_tried_again(status: int, times: int) -> None:
    passing = Reply({"detail": "later"}, status, headers={"Retry-After": "0"})
    answers = answering(passing, passing, Reply({"email": "a"}))
    with http_double(answers) as double:
        if times > 1:
            assert client(double).whoami() == {"email": "a"}
        else:
            with pytest.raises(LabelStudioError):
                client(double).whoami()
        assert len(double.requests) == times


def test_nobody_is_waited_for_who_never_answered() -> None:
    started = time.monotonic()
    with pytest.raises(LabelStudioError, match="can't be reached"):
        LabelStudio(unused_url(), KEY, patience_s=600.0).whoami()
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "900"}, retries.LONGEST_WAIT_S),
        (
            {
                "date": "Sat, 21 Nov 2026 12:00:00 GMT",
                "retry-after": "Sat, 21 Nov 2026 12:00:09 GMT",
            },
            9.0,
        ),
        (
            {
                "date": "Sat, 21 Nov 2026 12:00:00 GMT",
                "retry-after": "Sat, 21 Nov 2026 11:00:00 GMT",
            },
            0.0,
        ),
    ],
)
def test_the_server_says_when_to_come_again(headers: dict[str, str], seconds: float) -> None:
    state = tenacity.RetryCallState(tenacity.Retrying(), None, (), {})
    state.set_exception(
        (retries.Unanswered, retries.Unanswered(httpx.Response(429, headers=headers)), None)
    )
    assert retries._pause(state) == seconds
