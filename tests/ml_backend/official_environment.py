"""The registry's label-studio-ml in a virtual environment of its own, made once for all runs."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from sync.stack.folders import cache_dir
from sync.stack.tether import run_logged

VERSION = "1.0.9"
ROOT = Path(__file__).parent.parent.parent
REQUIREMENTS = ROOT / "ml_backend" / "official" / "requirements.txt"
LOCK = ROOT / "locks" / "label-studio-ml.txt"  # what is under them, too


def official_python() -> Path:
    """The Python of the environment, made first when it is missing, half-made or outdated."""
    made_of = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    # clones with other locks stand side by side
    folder = cache_dir() / f"label-studio-ml-{VERSION}-{made_of[:8]}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    marker, python = folder / "labeltune-complete", folder / "bin" / "python"
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not (marker.exists() and marker.read_text() == made_of and python.exists()):
            shutil.rmtree(folder, ignore_errors=True)
            _make(folder, python)
            marker.write_text(made_of)
    return python


def _make(folder: Path, python: Path) -> None:
    """As docs/label-studio-ml.md says, in the versions of the lock."""
    log = folder.with_name(f"{folder.name}-install.log")
    log.unlink(missing_ok=True)
    pip = (str(python), "-m", "pip", "install", "--quiet")
    for command in (
        (sys.executable, "-m", "venv", str(folder)),
        (*pip, "--no-deps", "--require-hashes", "-r", str(LOCK)),
        (*pip, "--no-deps", f"label-studio-ml=={VERSION}"),
    ):
        try:
            run_logged(command, log)
        except subprocess.CalledProcessError as error:
            raise AssertionError(f"{' '.join(command)}: {log.read_text()[-2000:]}") from error
