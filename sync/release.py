"""An export's folder: it appears whole or not at all, and never takes foreign files with it."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from sync.errors import ExportError
from sync.store.files import unwritable

MANIFEST = "manifest.json"


class Release(Protocol):
    """The place of an export: a folder of this machine, or one in an object store."""

    @property
    def path(self) -> str:
        """Where it is, as people read it."""

    def building(self) -> AbstractContextManager[Path]:
        """A folder of this machine to build in; it is gone afterwards.

        Raises:
            ExportError: the place holds files that no export of ours put there.
            SyncError: the place can't be written.
        """

    def publish(self, draft: Path) -> bool:
        """Put the built folder in this place.

        Returns:
            False when the same export was there already, and was left alone.

        Raises:
            SyncError: the place can't be written.
        """


class FolderRelease:
    """An export on this machine: built beside its place, and put there by renaming."""

    def __init__(self, target: Path) -> None:
        self._target = target

    @property
    def path(self) -> str:
        return str(self._target)

    @contextmanager
    def building(self) -> Iterator[Path]:
        target = self._target
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

    def publish(self, draft: Path) -> bool:
        target = self._target
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


def read_manifest(content: bytes) -> dict[str, Any] | None:
    """The manifest of an export of ours, or None: others have files of that name too."""
    try:
        found = json.loads(content)
    except ValueError:
        return None
    ours = isinstance(found, dict) and {"labeltune", "files"} <= found.keys()
    return found if ours else None


def essence(manifest: dict[str, Any]) -> dict[str, Any]:
    """What is exported, whenever it was: the manifest without the time it was written at."""
    return {key: value for key, value in manifest.items() if key != "created_at"}


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        return read_manifest((folder / MANIFEST).read_bytes())
    except OSError:
        return None


def _essence(folder: Path) -> dict[str, Any] | None:
    manifest = _manifest(folder)
    return manifest and essence(manifest)


def _intact(folder: Path) -> bool:
    """Whether every file is still what the manifest says."""
    manifest = _manifest(folder)
    return manifest is not None and all(
        (folder / f["file"]).is_file() and sha256(folder / f["file"]) == f["sha256"]
        for f in manifest["files"]
    )
