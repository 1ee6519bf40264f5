"""What the last check of a project left behind, read again for a report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sync.common.errors import SyncError
from sync.quality.report.agreement_shown import AgreementShown, agreement_shown
from sync.quality.report.found_kinds import AllFound, read_found
from sync.quality.report.quotes import harmless
from sync.table import last_runs
from sync.table.data_folder import DataFolder

FINDINGS = "findings.jsonl"


@dataclass(frozen=True)
class LastCheck:
    """A check that was run.

    Attributes:
        location: of its findings, as people read it.
        at: when it was run.
        skips: what it could not judge, a sentence each without its full stop; `notes`: what else
            its checks say.
    """

    found: AllFound
    location: str
    table_version: int
    at: datetime
    skips: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    agreement: AgreementShown | None = None


def last_check(folder: DataFolder) -> LastCheck:
    """The last check of today's work.

    Raises:
        SyncError: nothing was checked yet, or what it wrote can't be read.
    """
    noted = last_runs.recall(folder, "check")
    if noted is None:
        raise SyncError(f"{folder.location()}: nothing was checked yet; run `labeltune check`")
    return checked(folder, FINDINGS, noted)


def checked(folder: DataFolder, name: str, noted: Mapping[str, Any]) -> LastCheck:
    """A check by its file of findings and its report.

    Args:
        noted: of a `CheckReport` its version, skips, notes and figures, and the time `at`; now
            without one.

    Raises:
        SyncError: what it wrote can't be read.
    """
    content = folder.read(name)
    location = folder.location(name)
    if content is None:
        raise SyncError(f"{location}: the findings are gone; run `labeltune check` again")
    try:
        # not splitlines: a text may hold other line breaks
        found = read_found(line for line in content.split(b"\n") if line)
        at = str(noted.get("at") or datetime.now(UTC).isoformat())
        return LastCheck(
            found=found,
            location=location,
            table_version=int(noted["table_version"]),
            at=datetime.fromisoformat(at),
            skips=tuple(harmless(each) for each in noted.get("skips") or ()),
            notes=tuple(map(harmless, _besides(noted))),
            agreement=agreement_shown(noted.get("figures") or {}),
        )
    except (ValueError, TypeError, LookupError) as error:
        raise SyncError(
            f"{location}: can't be read as findings of this LabelTune; run `labeltune check` again"
        ) from error


def _besides(noted: Mapping[str, Any]) -> list[str]:
    """What checks say besides, without what a section of its own shows."""
    is_shown = agreement_shown(noted.get("figures") or {}) is not None
    notes = map(str, noted.get("notes") or ())
    return [note for note in notes if not (is_shown and note.startswith("Agreement, on"))]
