"""The folders of a stack: the cache that all stacks of a user share, and its own `.labeltune`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from sync.common.errors import StackError


def cache_dir() -> Path:
    """The user's cache folder, with Label Studio and model files; `XDG_CACHE_HOME` moves it."""
    return platformdirs.user_cache_path("labeltune")


@contextmanager
def state_folder(folder: Path) -> Iterator[Path]:
    """Make `.labeltune` in a folder and hold its lock: one stack a folder, private to its owner.

    Raises:
        StackError: it can't be made, or another `labeltune up` runs here.
    """
    state = (folder / ".labeltune").resolve()
    try:
        state.mkdir(mode=0o700, exist_ok=True)
        (state / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise StackError(f"{state}: can't be made ({error.strerror})") from error
    lock = FileLock(state / "up.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StackError(
            f"another `labeltune up` runs in {state.parent}; use it, or stop it with Ctrl-C first"
        ) from None
    try:
        yield state
    finally:
        lock.release()
