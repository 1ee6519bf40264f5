"""What stands beside a file of ours: its format and split, its siblings, its lines' tasks.

A release holds `manifest.json` (`files`, `label_studio`, `project_id`) and `lineage.jsonl`, one
line a record: `{"task_id": 5, "lines": {"openai-chat.train.jsonl": [1, 2]}}`. Anybody else's folder
may hold files of these names, too: what is not of this form is not there.
"""

from array import array
from pathlib import Path
from typing import Any

import orjson

from connectors.task_pages import task_url
from sync.common.json_text import Json
from sync.training_files.manifest import LINEAGE, MANIFEST


class ReleaseFolder:
    """A folder with a release's manifest."""

    def __init__(self, path: Path, manifest: Json) -> None:
        self.path = path
        files = [entry for entry in manifest["files"] if isinstance(entry, dict)]
        self._files: dict[str, Json] = {
            entry["file"]: entry for entry in files if isinstance(entry.get("file"), str)
        }
        self._url = manifest.get("label_studio")
        self._project_id = manifest.get("project_id")
        self._tasks: dict[str, array[int]] = {}

    @property
    def files(self) -> list[str]:
        """The names of the files of examples."""
        return [name for name in self._files if (self.path / name).is_file()]

    def format_of(self, name: str) -> str | None:
        """The format of a file, by its name in the manifest."""
        found = self._files.get(name, {}).get("format")
        return found if isinstance(found, str) else None

    def split_of(self, name: str) -> str | None:
        """The split of a file: train, validation, test, or None."""
        found = self._files.get(name, {}).get("split")
        return found if isinstance(found, str) else None

    def siblings(self, name: str) -> list[str]:
        """The other splits of a file."""
        form = self.format_of(name)
        return [other for other in self.files if other != name and self.format_of(other) == form]

    def task_of(self, name: str, line: int) -> tuple[int, str | None] | None:
        """The task that a line came from, and its page; None where that is not known.

        `lineage.jsonl` is read when the first task of a file is asked for.
        """
        if name not in self._tasks:
            self._tasks[name] = self._read_lineage(name)
        tasks = self._tasks[name]
        task_id = tasks[line - 1] if 0 < line <= len(tasks) else 0
        return (task_id, self._task_url(task_id)) if task_id else None

    def _task_url(self, task_id: int) -> str | None:
        if not isinstance(self._url, str) or type(self._project_id) is not int:
            return None
        return task_url(self._url, self._project_id, task_id)

    def _read_lineage(self, name: str) -> "array[int]":
        """The task of each line of a file, 8 bytes a line; 0 where none is named."""
        tasks = array("q")
        try:
            with (self.path / LINEAGE).open("rb") as file:
                for raw in file:
                    record = orjson.loads(raw)
                    _note(tasks, record, name)
        except (OSError, orjson.JSONDecodeError):
            pass  # a task's page is a help, no rule
        return tasks


def release_of(folder: Path) -> ReleaseFolder | None:
    """The release in a folder, or None where there is none."""
    try:
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    ours = isinstance(manifest, dict) and isinstance(manifest.get("files"), list)
    return ReleaseFolder(folder, manifest) if ours else None


def _note(tasks: "array[int]", record: Any, name: str) -> None:
    if not isinstance(record, dict) or type(record.get("task_id")) is not int:
        return
    lines = record.get("lines")
    found = lines.get(name) if isinstance(lines, dict) else None
    for line in found if isinstance(found, list) else ():
        if type(line) is int and 0 < line < 2**32:
            if line > len(tasks):
                tasks.extend([0] * (line - len(tasks)))
            tasks[line - 1] = record["task_id"]
