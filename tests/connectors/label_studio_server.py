"""Label Studio's client before a local server that answers as Label Studio does."""

from collections.abc import Callable
from typing import Any

from connectors.label_studio import LabelStudio
from tests.ml_backend.http_double import HTTPDouble, Reply, Request

KEY = "0123456789abcdef0123456789abcdef01234567"


def client(double: HTTPDouble, **options: Any) -> LabelStudio:
    return LabelStudio(double.url, KEY, **options)


def answering(*answers: Reply) -> Callable[[Request], Reply]:
    """Give these answers in turn, the last one for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def busy(status: int = 500) -> Reply:
    # the client waits before it tries again, unless it is told for how long
    return Reply("busy", status, headers={"Retry-After": "0"})
