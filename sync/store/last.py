"""What each verb did last, for `labeltune status`: one small file a verb in the data folder.

The last pull also says which project id a title has, so that check and export need no server.
Losing these files costs one `labeltune pull`.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sync.store.files import write_atomically


def note(data_dir: Path, verb: str, report: Mapping[str, Any]) -> None:
    """Remember a verb's report, with the time."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    write_atomically(_path(data_dir, verb), json.dumps({"at": at, **report}, default=str) + "\n")


def recall(data_dir: Path, verb: str) -> dict[str, Any] | None:
    """The last report of a verb with the time `at`, or None."""
    try:
        remembered = json.loads(_path(data_dir, verb).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return remembered if isinstance(remembered, dict) else None


def _path(data_dir: Path, verb: str) -> Path:
    return data_dir / f"last-{verb}.json"
