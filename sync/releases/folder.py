"""A release's folder: it appears whole or not at all, and never takes foreign files with it."""

import hashlib
import os
import re
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from sync.errors import ExportError
from sync.formats.format import Json
from sync.releases.manifest import MANIFEST, essence, hashes, read_manifest, release_name
from sync.store.files import unwritable

# below the data folder
RELEASES = "exports"
# as `release_name` makes it
_VERSION = re.compile(r"v(\d+)-[0-9a-f]+$")


class Release(Protocol):
    """The place of an export: a folder of this machine, or one in an object store."""

    @property
    def path(self) -> str:
        """Where it is, as people read it; where its folder will be, as long as it has no name."""

    def building(self) -> AbstractContextManager[Path]:
        """A folder of this machine to build in; it is gone afterwards.

        Raises:
            ExportError: the place holds files that no export of ours put there.
            SyncError: the place can't be written.
        """

    def publish(self, draft: Path) -> bool:
        """Put the built folder, which has its manifest, in this place.

        Returns:
            False when the same export was there already, and was left alone.

        Raises:
            SyncError: the place can't be written.
        """


class FolderRelease:
    """An export on this machine: built beside its place, and put there by renaming."""

    def __init__(self, place: Path, *, named_by_content: bool = False) -> None:
        """Nothing is made yet.

        Args:
            place: its folder; where it is named by what it holds, the folder of its folder.
        """
        self._place = place
        self._target = None if named_by_content else place

    @property
    def path(self) -> str:
        return str(self._target or self._place)

    @contextmanager
    def building(self) -> Iterator[Path]:
        place = self._place
        if self._target is None:
            draft = place / f".release.{os.getpid()}"
        else:
            refuse_foreign(place)
            draft = place.with_name(f".{place.name}.{os.getpid()}")
        try:
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True)
            yield draft
        except OSError as error:
            raise unwritable(place, error) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            if self._target is None:
                with suppress(OSError):  # it holds other exports, or is not there
                    place.rmdir()

    def publish(self, draft: Path) -> bool:
        fresh = _manifest(draft)
        if fresh is None:
            raise ValueError(f"{draft}: no manifest to publish")
        if self._target is None:
            self._target = self._place / release_name(fresh)
        target = self._target
        if not target.exists():
            draft.rename(target)
            return True
        if _holds(target, fresh):
            return False
        refuse_foreign(target, {entry.name for entry in draft.iterdir()})
        aside = target.with_name(f".{target.name}.{os.getpid()}.old")
        target.rename(aside)
        try:
            draft.rename(target)
        except OSError:
            aside.rename(target)
            raise
        shutil.rmtree(aside, ignore_errors=True)
        return True


def empty(draft: Path) -> None:
    """Take away all that was built, to build again.

    Raises:
        OSError: the folder can't be written.
    """
    for path in draft.iterdir():
        path.unlink()


def by_version(found: Iterable[tuple[str, float]]) -> list[str]:
    """Names of exports in the order of their table versions, of one version by time.

    Args:
        found: names and when they were written; other folders' names are left out.
    """
    named = [(_VERSION.match(name), at, name) for name, at in found]
    return [name for _, _, name in sorted((int(m[1]), at, name) for m, at, name in named if m)]


def refuse_foreign(target: Path, ours: Collection[str] = ()) -> None:
    """Raise when a folder is neither absent, nor empty, nor an export of ours alone.

    Args:
        ours: files that belong to an export, whatever the folder's manifest says.

    Raises:
        ExportError: names a file that would be lost.
    """
    if not target.exists():
        return
    if not target.is_dir():
        raise ExportError(f"{target}: is a file; name a folder with --out")
    manifest = _manifest(target)
    known = {MANIFEST, *hashes(manifest), *ours} if manifest else {*ours}
    foreign = sorted(entry.name for entry in target.iterdir() if entry.name not in known)
    if foreign:
        raise ExportError(
            f"{target}: holds {foreign[0]!r}, which no export put there; choose a new or empty "
            "folder with --out"
        )


def sha256(path: Path) -> str:
    """The hash of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(folder: Path) -> Json | None:
    try:
        return read_manifest((folder / MANIFEST).read_bytes())
    except OSError:
        return None


def _holds(folder: Path, manifest: Json) -> bool:
    """Whether a folder has this very release, and every file is still what it says."""
    stored = _manifest(folder)
    same = stored is not None and essence(stored) == essence(manifest)
    return same and not damaged(folder, manifest)


def damaged(folder: Path, manifest: Json) -> list[str]:
    """The files of a release that are gone, or no longer what its manifest says."""
    return [
        name
        for name, digest in hashes(manifest).items()
        if not (folder / name).is_file() or sha256(folder / name) != digest
    ]
