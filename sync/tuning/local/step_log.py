"""`steps.jsonl`: what a training run says of itself, one JSON object a line.

{"event": "step", "step": 3, "of": 40, "loss": 1.92, "learning_rate": 0.0002, "seconds": 8.1}
{"event": "validation", "step": 4, "of": 40, "loss": 1.87}
{"event": "done", "step": 40, "best_step": 36, "trained_tokens": 51200}

Other events: `doing` (what it does before the first step), `rows` (what is learned), `measured`
(threads, seconds a step, seconds in all), `failed` (why, in a sentence).
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sync.common.json_text import Json


class StepLog:
    """The log of a run, written by its process; every line is whole before the next begins."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def say(self, event: str, **facts: Any) -> None:
        """Add a line."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"event": event, **facts}) + "\n")

    def go_on_after(self, step: int) -> None:
        """Take back what was said of later steps: a run goes on there and says it anew."""
        kept = [
            line
            for line in events(self._path)
            if line["event"] in ("measured", "rows")
            or (line["event"] in ("step", "validation") and line["step"] <= step)
        ]
        partial = self._path.with_suffix(".partial")
        partial.write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")
        partial.replace(self._path)


def events(path: Path) -> Iterator[Json]:
    """The lines of a log; a half line at the end, of a process that was killed, is none."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and "event" in found:
            yield found


class NewEvents:
    """The lines that were added to a log since it was last looked at."""

    def __init__(self, path: Path, tell: Callable[[Json], None]) -> None:
        self._path = path
        self._tell = tell
        self._offset = 0
        self._rest = b""

    def look(self) -> None:
        """Tell what is new; a log that was written anew is told from its start."""
        try:
            size = self._path.stat().st_size
            if size < self._offset:
                self._offset, self._rest = 0, b""
            with self._path.open("rb") as file:
                file.seek(self._offset)
                added = file.read()
        except FileNotFoundError:
            return
        self._offset += len(added)
        *lines, self._rest = (self._rest + added).split(b"\n")
        for line in lines:
            try:
                found = json.loads(line)
            except ValueError:
                continue
            self._tell(found)
