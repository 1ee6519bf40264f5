"""A release by its folder, by its name below the data folder, or by how new it is."""

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.common.errors import SyncError
from sync.table.data_folder import DataFolder
from sync.training_files.manifest import MANIFEST
from sync.training_files.manifest.manifest import hashes, read_manifest
from sync.training_files.manifest.stored_release import StoredRelease, read_release

# below the data folder
RELEASES = "exports"
# as `release_name` makes it
_VERSION = re.compile(r"v(\d+)-[0-9a-f]+$")
_LATEST = re.compile(r"latest(~(?P<back>\d{1,9}))?")
_NAME = re.compile(r"v\d+-[0-9a-f]{8,}")
# names in an error's sentence
_NAMED = 5


def is_release_name(name: str) -> bool:
    """Whether a text has the form of a release's name, or of `latest`."""
    return bool(_LATEST.fullmatch(name) or _NAME.fullmatch(name))


def release_names(folder: DataFolder) -> list[str]:
    """The names of the data folder's releases, those of the newest table version last.

    Raises:
        SyncError: the folder can't be read.
    """
    found = [
        (name.partition("/")[0], at)
        for name, at in folder.written(RELEASES)
        if name.partition("/")[2] == MANIFEST
    ]
    named = [(_VERSION.match(name), at, name) for name, at in found]
    return [name for _, _, name in sorted((int(m[1]), at, name) for m, at, name in named if m)]


@contextmanager
def fetched(folder: DataFolder, release: str) -> Iterator[Path]:
    """A release of the data folder as a folder of this machine, for as long as it is needed.

    Raises:
        SyncError: it is not there, or can't be read.
    """
    name = f"{RELEASES}/{release}"
    here = folder.on_this_machine(name)
    if here is not None:
        yield here
        return
    manifest = folder.read(f"{name}/{MANIFEST}")
    listed = read_manifest(manifest or b"")
    with tempfile.TemporaryDirectory(prefix="labeltune-release-") as copy:
        if manifest is not None:
            (Path(copy) / MANIFEST).write_bytes(manifest)
        for file in hashes(listed) if listed else ():
            folder.download(f"{name}/{file}", Path(copy) / file)
        yield Path(copy)


@contextmanager
def located(name: str, data_folder: Callable[[], DataFolder]) -> Iterator[tuple[str, Path]]:
    """A release's folder, and where it is as people read it.

    Args:
        name: a folder of this machine; or of the data folder's releases a name, `latest` (of the
            newest table version) or `latest~1` (the one before it).
        data_folder: asked only when `name` is no folder.

    Raises:
        SyncError: there is no such release.
    """
    if Path(name).is_dir():
        yield name, Path(name)
        return
    folder = data_folder()
    known = release_names(folder)
    chosen = _chosen(name, known, folder.location(RELEASES))
    with fetched(folder, chosen) as copy:
        yield folder.location(f"{RELEASES}/{chosen}"), copy


@contextmanager
def opened(name: str, data_folder: Callable[[], DataFolder]) -> Iterator[tuple[str, StoredRelease]]:
    """A release, and where it is as people read it.

    Args:
        name, data_folder: as `located` has them.

    Raises:
        SyncError: there is no such release.
    """
    with located(name, data_folder) as (place, folder):
        yield place, read_release(folder)


def _chosen(name: str, known: list[str], where: str) -> str:
    latest = _LATEST.fullmatch(name)
    if latest:
        back = int(latest["back"] or 0)
        if back < len(known):
            return known[-1 - back]
        raise SyncError(
            f"{name}: {where} holds {len(known)} releases; run `labeltune export`, or name a folder"
        )
    if name in known:
        return name
    newest = ", ".join(known[: -_NAMED - 1 : -1]) or "nothing yet"
    raise SyncError(
        f"{name}: neither a folder nor a release of {where}, which holds {newest}; name one of "
        "them, a folder, latest or latest~1"
    )
