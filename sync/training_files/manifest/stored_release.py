"""A release that was written: what its manifest says, and whether that still holds."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.training_files.manifest import MANIFEST
from sync.training_files.manifest.manifest import essence, hashes, read_manifest, release_id


@dataclass(frozen=True)
class StoredRelease:
    """A folder that `labeltune export` wrote, with its manifest."""

    folder: Path
    manifest: Json

    @property
    def id(self) -> str:
        """The hash of all that it holds, in hex."""
        found: str = self.manifest["release"]
        return found

    @property
    def table_version(self) -> int:
        """Of the table that it was made of."""
        return int(self.manifest["table_version"])

    @property
    def records(self) -> int:
        """How many lines its lineage has."""
        return int(self.manifest["lineage"]["lines"])

    def damage(self) -> list[str]:
        """The files that are gone, or no longer what the manifest says; all are read."""
        changed = [MANIFEST] if release_id(self.manifest) != self.id else []
        return changed + damaged(self.folder, self.manifest)

    @property
    def intact(self) -> bool:
        """Whether every file is what was exported."""
        return not self.damage()


def read_release(folder: Path) -> StoredRelease:
    """The release in a folder; its files are not read yet.

    Raises:
        SyncError: the folder holds no release, or one of an earlier version of LabelTune.
    """
    try:
        manifest = read_manifest((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise SyncError(
            f"{folder}: not a release ({MANIFEST}: {error.strerror or error}); name a folder that "
            "`labeltune export` wrote"
        ) from error
    if manifest is None:
        raise SyncError(
            f"{folder / MANIFEST}: not the manifest of an export; name a folder that `labeltune "
            "export` wrote"
        )
    if not {"release", "lineage", "table_version"} <= manifest.keys():
        raise SyncError(
            f"{folder}: written by an earlier version, which kept no lineage; export that version "
            "of the table again, with --at"
        )
    return StoredRelease(folder, manifest)


def sha256(path: Path) -> str:
    """The hash of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def manifest_in(folder: Path) -> Json | None:
    """The manifest of a folder; None where there is none that can be read."""
    try:
        return read_manifest((folder / MANIFEST).read_bytes())
    except OSError:
        return None


def holds(folder: Path, manifest: Json) -> bool:
    """Whether a folder has this very release, and every file is still what it says."""
    stored = manifest_in(folder)
    same = stored is not None and essence(stored) == essence(manifest)
    return same and not damaged(folder, manifest)


def damaged(folder: Path, manifest: Json) -> list[str]:
    """The files of a release that are gone, or no longer what its manifest says."""
    return [
        name
        for name, digest in hashes(manifest).items()
        if not (folder / name).is_file() or sha256(folder / name) != digest
    ]
