"""Which calls are made again, how often, and when."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import tenacity

from connectors import retries
from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from tests.connectors.label_studio_server import KEY, answering, busy, client
from tests.ml_backend.http_double import Reply, http_double, unused_url


def test_reading_is_tried_again() -> None:
    with http_double(answering(busy(), Reply({"email": "a@b.c"}))) as double:
        assert client(double).whoami() == {"email": "a@b.c"}
        assert len(double.requests) == 2


@pytest.mark.parametrize(
    ("status", "times"), [(429, 3), (502, 3), (503, 3), (504, 3), (400, 1), (404, 1)]
)
def test_what_passes_is_tried_again(status: int, times: int) -> None:
    answers = answering(busy(status), busy(status), Reply({"email": "a"}))
    with http_double(answers) as double:
        if times > 1:
            assert client(double).whoami() == {"email": "a"}
        else:
            with pytest.raises(LabelStudioError):
                client(double).whoami()
        assert len(double.requests) == times


CREATING: dict[str, Callable[[LabelStudio], Any]] = {
    "project": lambda c: c.create_project({}),
    "backend": lambda c: c.add_backend({}),
    "webhook": lambda c: c.add_webhook({}),
    "view": lambda c: c.add_view({}),
    "tasks": lambda c: c.import_tasks(1, [{"data": {}}]),
    "prediction": lambda c: c.create_prediction({}),
    "predictions": lambda c: c.import_predictions(1, [{}]),
}


@pytest.mark.parametrize("create", CREATING.values(), ids=CREATING)
def test_creating_is_not(create: Callable[[LabelStudio], Any]) -> None:
    """A repeat would create it twice."""
    with http_double(lambda _: busy()) as double:
        with pytest.raises(LabelStudioError, match=r"refused POST .* \(500\): busy"):
            create(client(double))
        assert [request.method for request in double.requests] == ["POST"]


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
