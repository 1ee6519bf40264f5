"""Where a release goes: it appears whole or not at all, and never replaces files of others."""

import io
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from sync.common.errors import ExportError, SyncError
from sync.common.files import unwritable
from sync.table.data_folder import DataFolder
from sync.training_files.manifest import MANIFEST
from sync.training_files.manifest.find_release import RELEASES
from sync.training_files.manifest.manifest import essence, hashes, read_manifest, release_name
from sync.training_files.manifest.stored_release import holds, manifest_in


class ReleasePlace(Protocol):
    """The place of a release: a folder of this machine, or one in an object store."""

    @property
    def path(self) -> str:
        """Where it is, as people read it; where its folder will be, as long as it has no name."""

    def building(self) -> AbstractContextManager[Path]:
        """A folder of this machine to build in; it is gone afterwards.

        Raises:
            ExportError: the place holds files that are of no release of ours.
            SyncError: the place can't be written.
        """

    def publish(self, draft: Path) -> bool:
        """Put the built folder, which has its manifest, in this place.

        Returns:
            False when the same release was there already, and was left alone.

        Raises:
            SyncError: the place can't be written.
        """


class FolderRelease:
    """A release on this machine: built beside its place, and put there by renaming."""

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
                with suppress(OSError):  # it holds other releases, or is not there
                    place.rmdir()

    def publish(self, draft: Path) -> bool:
        fresh = manifest_in(draft)
        if fresh is None:
            raise ValueError(f"{draft}: no manifest to publish")
        if self._target is None:
            self._target = self._place / release_name(fresh)
        target = self._target
        if not target.exists():
            draft.rename(target)
            return True
        if holds(target, fresh):
            return False
        refuse_foreign(target, _files_in(draft))
        aside = target.with_name(f".{target.name}.{os.getpid()}.old")
        target.rename(aside)
        try:
            draft.rename(target)
        except OSError:
            aside.rename(target)
            raise
        shutil.rmtree(aside, ignore_errors=True)
        return True


class UploadedRelease:
    """A release in an object store: built on this machine, its manifest uploaded last.

    A folder without a manifest is a release that was interrupted, and is written again.
    """

    def __init__(self, folder: DataFolder) -> None:
        """Nothing is asked of the store yet."""
        self._folder = folder
        self._name = RELEASES

    @property
    def path(self) -> str:
        return self._folder.location(self._name)

    @contextmanager
    def building(self) -> Iterator[Path]:
        try:
            with tempfile.TemporaryDirectory(prefix="labeltune-export-") as draft:
                yield Path(draft)
        except OSError as error:
            raise SyncError(
                f"{tempfile.gettempdir()}: can't be written ({error.strerror or error}); make "
                "room or set TMPDIR"
            ) from error

    def publish(self, draft: Path) -> bool:
        content = (draft / MANIFEST).read_bytes()
        fresh = read_manifest(content)
        if fresh is None:
            raise ValueError(f"{draft}: no manifest to publish")
        self._name = f"{RELEASES}/{release_name(fresh)}"
        stored = read_manifest(self._folder.read(f"{self._name}/{MANIFEST}") or b"")
        if stored and essence(stored) == essence(fresh):
            return False
        for name in _files_in(draft):
            if name != MANIFEST:
                with (draft / name).open("rb") as data:
                    self._folder.put(f"{self._name}/{name}", data)
        self._folder.put(f"{self._name}/{MANIFEST}", io.BytesIO(content))
        return True


def release_place(folder: DataFolder) -> ReleasePlace:
    """The place of a release in the data folder, which will be called by what it holds."""
    here = folder.on_this_machine(RELEASES)
    return UploadedRelease(folder) if here is None else FolderRelease(here, named_by_content=True)


def empty(draft: Path) -> None:
    """Take away all that was built, to build again.

    Raises:
        OSError: the folder can't be written.
    """
    for path in draft.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _files_in(folder: Path) -> list[str]:
    """The files of a folder and of those in it, by name; a folder without any counts as one."""
    paths = folder.rglob("*")
    found = (path for path in paths if not path.is_dir() or not any(path.iterdir()))
    return sorted(path.relative_to(folder).as_posix() for path in found)


def refuse_foreign(target: Path, ours: Collection[str] = ()) -> None:
    """Raise when a folder is neither absent, nor empty, nor a release of ours alone.

    Args:
        ours: files that belong to a release, whatever the folder's manifest says.

    Raises:
        ExportError: names a file that would be lost.
    """
    if not target.exists():
        return
    if not target.is_dir():
        raise ExportError(f"{target}: is a file; name a folder with --out")
    manifest = manifest_in(target)
    known = {MANIFEST, *hashes(manifest), *ours} if manifest else {*ours}
    foreign = [name for name in _files_in(target) if name not in known]
    if foreign:
        raise ExportError(
            f"{target}: holds {foreign[0]!r}, which no export put there; choose a new or empty "
            "folder with --out"
        )
