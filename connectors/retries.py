"""When a call is made again, and how long to wait before."""

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception
from tenacity.wait import wait_exponential_jitter

_Answer = TypeVar("_Answer")

# after a time-out or an answer of 500
RETRIES = 2
# where nobody has ever answered, a restart is no likely reason
FIRST_CONTACT_S = 2.0
LONGEST_WAIT_S = 30.0
# overloaded, or something before the server that waits for it
_PASSING = (429, 502, 503, 504)

_backoff = wait_exponential_jitter(multiplier=0.5, max=8.0, jitter=0.5)


class Unanswered(Exception):  # noqa: N818
    """No usable answer came; another attempt may bring one."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"status {response.status_code}")
        self.response = response


def attempts(send: Callable[[], _Answer], patience_s: Callable[[], float | None] | None) -> _Answer:
    """Call `send` until it succeeds or patience ends; return its answer.

    Args:
        patience_s: how long a server may be away that has answered before; the callable gives
            None while it never has. None for what must not be repeated.

    Raises:
        httpx.HTTPError: not reached.
        Unanswered: a bad status.
    """
    if patience_s is None:
        return send()

    def gives_up(state: RetryCallState) -> bool:
        error = _error(state)
        if isinstance(error, httpx.TimeoutException) or _status(error) == 500:
            return state.attempt_number > RETRIES
        known_s = patience_s()
        limit_s = FIRST_CONTACT_S if known_s is None else known_s
        return (state.seconds_since_start or 0.0) >= limit_s

    retrying = Retrying(
        retry=retry_if_exception(_may_pass), stop=gives_up, wait=_pause, reraise=True
    )
    return retrying(send)


def _may_pass(error: BaseException) -> bool:
    status = _status(error)
    if status is not None:
        return status in _PASSING or status == 500
    return isinstance(error, httpx.TransportError) and not isinstance(
        error, httpx.UnsupportedProtocol
    )


def _status(error: BaseException | None) -> int | None:
    response = getattr(error, "response", None)
    return response.status_code if isinstance(response, httpx.Response) else None


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _pause(state: RetryCallState) -> float:
    """Seconds until the next attempt: what the server asks for, else longer each time."""
    error = _error(state)
    asked_s = _asked_for(error.response) if isinstance(error, Unanswered) else None
    return _backoff(state) if asked_s is None else min(max(asked_s, 0.0), LONGEST_WAIT_S)


def _asked_for(response: httpx.Response) -> float | None:
    """`Retry-After`, which is a number of seconds or a date."""
    asked = response.headers.get("retry-after", "")
    if asked.isdigit():
        return float(asked)
    try:
        # the server's own clock, since ours may go differently
        now = parsedate_to_datetime(response.headers["date"])
        return (parsedate_to_datetime(asked) - now).total_seconds()
    except (KeyError, ValueError, TypeError):
        return None
