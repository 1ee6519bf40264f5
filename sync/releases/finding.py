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
# names in an error's sentence
_NAMED = 5


@contextmanager
def opened(
    name: str, data_folder: Callable[[], "DataFolder"]
) -> Iterator[tuple[str, StoredRelease]]:
    """A release, and where it is as people read it.

    Args:
        name: a folder of this machine; or of the data folder's exports a name, `latest` (of the
            newest table version) or `latest~1` (the one before it).
        data_folder: asked only when `name` is no folder.

    Raises:
        SyncError: there is no such release.
    """
    if Path(name).is_dir():
        yield name, read_release(Path(name))
        return
    folder = data_folder()
    known = folder.releases()
    chosen = _chosen(name, known, folder.location(RELEASES))
    with folder.fetched(chosen) as copy:
        yield folder.location(f"{RELEASES}/{chosen}"), read_release(copy)


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
