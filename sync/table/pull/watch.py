"""Keep pulling: at an interval, and at once when the backend has heard of a change.

Label Studio sends its webhooks once and forgets them, so they only hasten what the interval would
find anyway. The backend counts them; there may be no backend.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Protocol

import httpx

from connectors.backend_secrets import credentials
from connectors.errors import LabelStudioError
from sync.common.errors import ConfigError, SyncError
from sync.settings import Config
from sync.table.pull import PullReport

# how often the backend is asked
POLL_S = 2.0


class ChangeListener(Protocol):
    """Whoever hears of changes in Label Studio."""

    def count(self, project_ids: Collection[int]) -> Mapping[str, int] | None:
        """Events of each project so far; None when nobody can tell."""


class BackendEvents:
    """The backend's `/events`."""

    def __init__(self, config: Config, client: httpx.Client) -> None:
        """Nothing is asked yet.

        Raises:
            CredentialsError: the backend's user or password can't be used.
        """
        known = credentials(config.env)
        self._auth = (known.user, known.password) if known else None
        self._url = f"{config.backend.url.rstrip('/')}/events"
        self._client = client

    def count(self, project_ids: Collection[int]) -> Mapping[str, int] | None:
        if not project_ids:
            return None
        try:
            answer = self._client.get(
                self._url, params={"project": sorted(project_ids)}, auth=self._auth, timeout=POLL_S
            )
            events = answer.raise_for_status().json()["events"]
            return {str(project): int(count) for project, count in events.items()}
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError):
            return None
        except AttributeError:  # `events` is no object: another service
            return None


class WatchClock:
    """Time that passes; tests have their own."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def watch(
    configs: Collection[Config],
    pull_one: Callable[[Config], PullReport],
    events: ChangeListener,
    interval_s: float,
    complain: Callable[[str], None],
    clock: WatchClock | None = None,
) -> Iterator[PullReport]:
    """Pull for ever; yields what brought something, a project after the other.

    Args:
        pull_one: brings the table up to date with one project.
        interval_s: from the start of one round to the start of the next.
        complain: told once when a project can't be pulled, and once when it can be again.

    Raises:
        LabelStudioError: the key is refused; waiting would not help.
        ConfigError: nor would it here.
    """
    clock = clock or WatchClock()
    ids: dict[str, int] = {}
    failing: set[str] = set()
    while True:
        due = clock.now() + interval_s
        heard = events.count(ids.values())
        for config in configs:
            title = config.label_studio.project
            try:
                report = pull_one(config)
            except (SyncError, LabelStudioError) as error:
                if _is_lasting(error):
                    raise
                if title not in failing:
                    complain(f"{error}; trying again every {interval_s:g} s")
                failing.add(title)
                if isinstance(error, LabelStudioError):
                    break  # the next project would only wait for the same server
                continue
            if title in failing:
                failing.discard(title)
                complain(f"{title!r} can be pulled again")
            ids[title] = report.project_id
            if report.new or report.changed or report.deleted:
                yield report
        _wait(due, heard, events, ids.values(), clock)


def _is_lasting(error: Exception) -> bool:
    if isinstance(error, LabelStudioError):
        return error.status in (401, 403)
    return isinstance(error, ConfigError)


def _wait(
    due: float,
    heard: Mapping[str, int] | None,
    events: ChangeListener,
    ids: Collection[int],
    clock: WatchClock,
) -> None:
    """Until the interval is over, or an event came since the round began."""
    while (left := due - clock.now()) > 0:
        count = events.count(ids)
        # whoever was not asked before the round may have heard something during it
        if count is not None and count != heard:
            return
        clock.sleep(min(POLL_S, left))
