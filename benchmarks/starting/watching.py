"""A stack that is starting, seen through Label Studio alone."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from sync.settings import load as load_config
from tests.running import Up

START_S, ALL_S = 300.0, 3600.0
LOOK_S = 0.25


@dataclass(frozen=True)
class Drafted:
    """A task's draft as Label Studio holds it."""

    score: float
    text: str


class Watched:
    """A stack that is starting, seen through Label Studio alone."""

    def __init__(self, folder: Path, up: Future[Up]) -> None:
        """Nothing is asked yet.

        Args:
            up: ends early when the stack could not be started.
        """
        self._folder, self._up = folder, up
        self._seen: dict[int, Drafted] = {}

    def label_studio_answers(self) -> float:
        """Wait for it; the moment, by the monotonic clock."""
        file = self._folder / "labeltune.toml"
        self._wait(file.exists, START_S)
        self._wait(lambda: self._get("/health") is not None, START_S)
        return time.monotonic()

    def until(self, count: int, tell: Callable[[int], None] = lambda _: None) -> list[Drafted]:
        """Wait until so many tasks have a draft; the drafts of all tasks that have one.

        Args:
            tell: called with the number of drafts whenever it has changed.
        """
        seen = 0

        def there() -> bool:
            nonlocal seen
            found = len(self.drafts())
            if found != seen:
                tell(found)
            seen = found
            return found >= count

        self._wait(there, ALL_S)
        return list(self.drafts().values())

    def drafts(self) -> dict[int, Drafted]:
        """Drafts by task, as they were when they were seen first."""
        for one in self._get("/api/predictions/") or ():
            texts = [
                text
                for item in one["result"]
                if item["from_name"] == "response"
                for text in item["value"]["text"]
            ]
            self._seen.setdefault(int(one["task"]), Drafted(float(one["score"]), "\n".join(texts)))
        return self._seen

    def tasks(self) -> int:
        """Of the project that was pushed."""
        (project,) = self._get("/api/projects/")["results"]
        return int(project["task_number"])

    def _get(self, path: str) -> Any:
        """What Label Studio answers; None while it can't."""
        config = load_config(self._folder / "labeltune.toml")
        headers = {"Authorization": f"Token {config.env.get('LABEL_STUDIO_API_KEY', '')}"}
        try:
            answer = httpx.get(config.label_studio.url + path, headers=headers, timeout=30.0)
            return answer.raise_for_status().json()
        except httpx.HTTPError:
            return None

    def _wait(self, ready: Callable[[], bool], limit_s: float) -> None:
        until = time.monotonic() + limit_s
        while not ready():
            if self._up.done():
                self._up.result()  # raises what went wrong
            if time.monotonic() > until:
                raise TimeoutError(f"first_minutes: not there after {limit_s:g} s")
            time.sleep(LOOK_S)
