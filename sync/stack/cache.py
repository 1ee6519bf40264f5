"""What is fetched once and shared by every folder: Label Studio's environment, model files."""

import shutil
from collections.abc import Callable
from pathlib import Path

import platformdirs

from sync.common.errors import StackError


def cache_dir() -> Path:
    """The user's cache folder for LabelTune; `XDG_CACHE_HOME` moves it."""
    return platformdirs.user_cache_path("labeltune")


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def require_disk(
    folder: Path, needed: int, free_bytes: Callable[[Path], int] = _free_bytes
) -> None:
    """Check that a folder, which need not exist yet, has room.

    Args:
        needed: bytes that are about to be written.
        free_bytes: free bytes on the disk of an existing folder.

    Raises:
        StackError: too little is free.
    """
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = free_bytes(existing)
    if free < needed:
        raise StackError(
            f"{folder}: {needed / 1e9:.1f} GB are needed for what must still be fetched, "
            f"{free / 1e9:.1f} GB are free; make room, or set XDG_CACHE_HOME to a larger disk"
        )
