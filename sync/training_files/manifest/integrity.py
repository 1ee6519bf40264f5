"""Whether a release's folder still holds what its manifest says."""

import hashlib
from pathlib import Path

from sync.common.json_text import Json
from sync.training_files.manifest import MANIFEST
from sync.training_files.manifest.manifest import essence, hashes, read_manifest


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
