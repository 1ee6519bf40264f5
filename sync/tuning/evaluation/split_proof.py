"""The proof that nothing of a release's test split leaked into its training: computed again.

A split never changes, so that one which was verified once stays so; `verified.json` remembers it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sync.common.errors import SyncError
from sync.common.terminal import ShowProgress
from sync.compute.embedding import LoadEncoder
from sync.compute.vector_cache import fingerprint
from sync.dataset.splits.stored_splits import StoredSplit, read_index, read_named
from sync.dataset.splits.verify import verify
from sync.settings import Config
from sync.table.data_folder import DataFolder
from sync.training_files.manifest.stored_release import StoredRelease
from sync.tuning.evaluation import EVALUATION_FOLDER

_VERIFIED = f"{EVALUATION_FOLDER}/verified.json"


@dataclass(frozen=True)
class ProvenSplit:
    """The split of a release.

    Attributes:
        groups: by key; items of one group are not independent of each other.
        said: how it was proven, as a sentence without its full stop.
    """

    name: str
    groups: Mapping[str, str]
    said: str


def split_of_release(folder: DataFolder, release: StoredRelease, where: str) -> StoredSplit:
    """The stored split that a release followed.

    Raises:
        SyncError: the release was made without one, or it is gone or was changed.
    """
    stated = release.manifest.get("split")
    if stated is None:
        raise SyncError(
            f"{where}: exported without a split; run `labeltune split`, then `labeltune export`"
        )
    for name in reversed(read_index(folder)):
        stored = read_named(folder, name)
        if stored.manifest() == stated:
            return stored
    raise SyncError(
        f"{where}: the split that it followed is not in {folder.location('splits')} any more, so "
        "that its proof can't be computed; bring it back from a copy, or split and export again"
    )


def proven_split(
    config: Config,
    folder: DataFolder,
    release: StoredRelease,
    where: str,
    load: LoadEncoder,
    progress: ShowProgress,
) -> ProvenSplit:
    """Compute the proof of a release's split again, unless that was done before.

    Raises:
        SyncError: the split is gone, or its proof does not hold.
        EmbeddingError: the embedding model can't be loaded.
    """
    stored = split_of_release(folder, release, where)
    groups = {line.key: line.group or line.key for line in stored.lines}
    mark = [stored.manifest()["sha256"], fingerprint(config.embedding.model)]
    known = _verified(folder)
    if known.get(stored.name) == mark:
        return ProvenSplit(stored.name, groups, f"split {stored.name}, verified before")
    found = verify(config, progress, load, at=stored.table_version)
    if found.name != stored.name:
        return ProvenSplit(
            stored.name,
            groups,
            f"split {stored.name}, by the proof that it was stored with: a newer one of the same "
            "version of the table is verified by `labeltune split --verify`",
        )
    if found.failures:
        raise SyncError(
            f"{where}: the proof of its split does not hold ({found.failures[0]}), so that test "
            "items may have leaked; see `labeltune split --verify`"
        )
    folder.write(_VERIFIED, json.dumps({**known, stored.name: mark}, indent=1) + "\n")
    worst = max(found.closest, key=lambda pair: pair.similarity, default=None)
    near = "" if worst is None else f", the closest pair across it is {worst.similarity} similar"
    return ProvenSplit(stored.name, groups, f"split {stored.name}, verified now{near}")


def _verified(folder: DataFolder) -> dict[str, list[str]]:
    try:
        known = json.loads(folder.read(_VERIFIED) or b"{}")
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}
