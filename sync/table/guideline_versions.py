"""The guidelines as they were at each time, so that work is known that was done under older ones.

`labeltune push` and `labeltune review` note a version when they first meet it. The first one counts
as in force from the beginning.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sync.table import last_runs
from sync.table.data_folder import DataFolder

GUIDELINES = "guidelines"
# the newest that are kept
_KEPT = 20


@dataclass(frozen=True, slots=True)
class GuidelineVersion:
    """The guidelines since some time; of the first one, when it was noted."""

    since: datetime
    text: str


def note_guidelines(
    folder: DataFolder, text: str, *, settled: bool = False
) -> tuple[GuidelineVersion, ...]:
    """All versions, the oldest first; the last one is that of now.

    Args:
        text: of now.
        settled: what was done under older ones needs no other look, so they are forgotten.

    Raises:
        SyncError: the folder can't be read or written.
    """
    noted: dict[str, Any] = last_runs.recall(folder, GUIDELINES) or {}
    known = list(_versions(noted))
    if known and known[-1].text == text and not (settled and len(known) > 1):
        return tuple(known)
    if not known or known[-1].text != text:
        known.append(GuidelineVersion(datetime.now(UTC), text))
    kept = known[-1:] if settled else known[-_KEPT:]
    told = [{"since": each.since.isoformat(), "text": each.text} for each in kept]
    # an older LabelTune kept a digest in place of the text
    is_other = noted.get("digest") not in (None, sha256(text.encode()).hexdigest())
    changed = len(known) > 1 or is_other or noted.get("changed") is True
    last_runs.note(folder, GUIDELINES, {"versions": told, "changed": changed})
    return tuple(kept)


def changed_at(folder: DataFolder, text: str) -> datetime | None:
    """When the guidelines were found changed last; None where they never were.

    Raises:
        SyncError: the folder can't be read or written.
    """
    newest = note_guidelines(folder, text)[-1]
    known = last_runs.recall(folder, GUIDELINES) or {}
    return newest.since if known.get("changed") else None


def in_force(versions: Sequence[GuidelineVersion], at: datetime) -> GuidelineVersion:
    """The version by which something was done at a time."""
    first, *later = versions
    return next((each for each in reversed(later) if each.since <= at), first)


def _versions(noted: Mapping[str, Any]) -> Iterator[GuidelineVersion]:
    """What was noted, as far as it can be read."""
    try:
        for each in noted.get("versions") or ():
            yield GuidelineVersion(datetime.fromisoformat(each["since"]), str(each["text"]))
    except (LookupError, TypeError, ValueError):
        return
