"""An export's folder: it appears whole or not at all, and never takes foreign files with it."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sync.errors import ExportError
from sync.store.files import unwritable

MANIFEST = "manifest.json"


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """A hidden folder beside the target to build in; it is gone afterwards unless published.

    Raises:
        ExportError: the target holds files that no export of ours put there.
        SyncError: the place can't be written.
    """
    refuse_foreign(target)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        yield draft
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def publish(draft: Path, target: Path) -> bool:
    """Put the built folder in the target's place.

    Returns:
        False when the target held the same export already, and was left alone.
    """
    if not target.exists():
        draft.rename(target)
        return True
    if _intact(target) and _essence(target) == _essence(draft):
        return False
    aside = target.with_name(f".{target.name}.{os.getpid()}.old")
    target.rename(aside)
    try:
        draft.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
    return True


def refuse_foreign(target: Path) -> None:
    """Raise when a folder is neither absent, nor empty, nor an export of ours alone.

    Raises:
        ExportError: names a file that would be lost.
    """
    if not target.exists():
        return
    if not target.is_dir():
        raise ExportError(f"{target}: is a file; name a folder with --out")
    manifest = _manifest(target)
    ours = {MANIFEST, *(f["file"] for f in manifest["files"])} if manifest else set()
    foreign = sorted(entry.name for entry in target.iterdir() if entry.name not in ours)
    if foreign:
        raise ExportError(
            f"{target}: holds {foreign[0]!r}, which no export put there; choose a new or empty "
            "folder with --out"
        )


def sha256(path: Path) -> str:
    """The hash of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of an export of ours, or None: others have files of that name too."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(found, dict) and {"labeltune", "files"} <= found.keys()
    return found if ours else None


def _essence(folder: Path) -> dict[str, Any] | None:
    """The manifest without the time it was written at."""
    manifest = _manifest(folder)
    return manifest and {key: value for key, value in manifest.items() if key != "created_at"}


def _intact(folder: Path) -> bool:
    """Whether every file is still what the manifest says."""
    manifest = _manifest(folder)
    return manifest is not None and all(
        (folder / f["file"]).is_file() and sha256(folder / f["file"]) == f["sha256"]
        for f in manifest["files"]
    )
