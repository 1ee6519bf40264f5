"""A release by its folder, by its name below the data folder, or by how new it is."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sync.errors import SyncError
from sync.releases.folder import RELEASES
from sync.releases.stored import StoredRelease, read_release

if TYPE_CHECKING:
    from sync.store.data_folder import DataFolder

_LATEST = re.compile(r"latest(~(?P<back>\d{1,9}))?")
_NAME = re.compile(r"v\d+-[0-9a-f]{8,}")
# names in an error's sentence
_NAMED = 5


def is_release_name(name: str) -> bool:
    """Whether a text has the form of a release's name, or of `latest`."""
    return bool(_LATEST.fullmatch(name) or _NAME.fullmatch(name))


@contextmanager
def located(name: str, data_folder: Callable[[], "DataFolder"]) -> Iterator[tuple[str, Path]]:
    """A release's folder, and where it is as people read it.

    Args:
        name: a folder of this machine; or of the data folder's exports a name, `latest` (of the
            newest table version) or `latest~1` (the one before it).
        data_folder: asked only when `name` is no folder.

    Raises:
        SyncError: there is no such release.
    """
    if Path(name).is_dir():
        yield name, Path(name)
        return
    folder = data_folder()
    known = folder.releases()
    chosen = _chosen(name, known, folder.location(RELEASES))
    with folder.fetched(chosen) as copy:
        yield folder.location(f"{RELEASES}/{chosen}"), copy


@contextmanager
def opened(
    name: str, data_folder: Callable[[], "DataFolder"]
) -> Iterator[tuple[str, StoredRelease]]:
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
