"""Calls that fail: what went wrong is one sentence."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from tests.connectors.label_studio_server import KEY, client
from tests.ml_backend.http_double import Reply, Request, http_double, unused_url


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


def test_what_a_log_may_hold_of_a_refusal() -> None:
    """Label Studio quotes the task that it refuses."""
    refused = Reply({"detail": "Error at item 0: {'data': 'PRIVATE'}"}, status=400)
    with http_double(lambda _: refused) as double, pytest.raises(LabelStudioError) as raised:
        client(double).create_prediction({})
    assert "PRIVATE" in str(raised.value)
    assert raised.value.brief.endswith("refused POST api/predictions/ (400)")
