"""What each verb did last, for `labeltune status`: one small file a verb in the data folder.

The last pull also says which project id a title has, so that check and export need no server.
Losing these files costs one `labeltune pull`.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sync.table.data_folder import DataFolder


def note(folder: DataFolder, verb: str, report: Mapping[str, Any]) -> None:
    """Remember a verb's report, with the time.

    Raises:
        SyncError: the folder can't be written.
    """
    at = datetime.now(UTC).isoformat(timespec="seconds")
    folder.write(_name(verb), json.dumps({"at": at, **report}, default=str) + "\n")


def recall(folder: DataFolder, verb: str) -> dict[str, Any] | None:
    """The last report of a verb with the time `at`, or None.

    Raises:
        SyncError: the folder can't be read.
    """
    try:
        remembered = json.loads(folder.read(_name(verb)) or b"")
    except ValueError:
        return None
    return remembered if isinstance(remembered, dict) else None


def _name(verb: str) -> str:
    return f"last-{verb}.json"
