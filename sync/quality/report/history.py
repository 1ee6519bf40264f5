"""What each check of a project came to, kept so that a report can show how it went on.

One line a version of the table: who checks the same work again replaces the line.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from sync.table.data_folder import DataFolder

HISTORY = "check-history.jsonl"
# versions that are kept
_MOST = 500


@dataclass(frozen=True)
class CheckedVersion:
    """What the last check of one version of the table came to.

    Attributes:
        at: ISO time of the check.
        finished, accepted: tasks.
        errors, warnings, notes: findings.
        agreement: the lowest of the controls that are judged; None: not known.
    """

    at: str
    table_version: int
    finished: int
    accepted: int
    errors: int
    warnings: int
    notes: int
    agreement: float | None = None

    @property
    def findings_per_hundred(self) -> float:
        """Errors and warnings for a hundred finished tasks."""
        return 100 * (self.errors + self.warnings) / self.finished if self.finished else 0.0


def read_history(folder: DataFolder) -> tuple[CheckedVersion, ...]:
    """Every checked version, oldest first; lines of another LabelTune are passed over.

    Raises:
        SyncError: the folder can't be read.
    """
    lines = (folder.read(HISTORY) or b"").splitlines()
    known = [each for each in map(_read, lines) if each is not None]
    return tuple(sorted(known, key=lambda each: each.table_version))


def remember(folder: DataFolder, checked: CheckedVersion) -> tuple[CheckedVersion, ...]:
    """Add a version, in place of what an earlier check said of it; gives all of them.

    Raises:
        SyncError: the folder can't be read or written.
    """
    others = [e for e in read_history(folder) if e.table_version != checked.table_version]
    kept = sorted([*others, checked], key=lambda each: each.table_version)[-_MOST:]
    folder.write(HISTORY, _lines(kept))
    return tuple(kept)


def _lines(versions: Iterable[CheckedVersion]) -> str:
    return "".join(json.dumps(asdict(each)) + "\n" for each in versions)


def _read(line: bytes) -> CheckedVersion | None:
    try:
        raw: dict[str, Any] = json.loads(line)
        return CheckedVersion(**{each.name: raw[each.name] for each in fields(CheckedVersion)})
    except (ValueError, TypeError, LookupError):
        return None
