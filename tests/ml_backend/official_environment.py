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


def official_python() -> Path:
    """The Python of the environment, made first when it is missing, half-made or outdated."""
    folder = cache_dir() / f"label-studio-ml-{VERSION}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    marker, python = folder / "labeltune-complete", folder / "bin" / "python"
    made_of = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not (marker.exists() and marker.read_text() == made_of and python.exists()):
            shutil.rmtree(folder, ignore_errors=True)
            _make(folder, python)
            marker.write_text(made_of)
    return python


def _make(folder: Path, python: Path) -> None:
    """As docs/label-studio-ml.md says."""
    log = folder.with_name(f"{folder.name}-install.log")
    log.unlink(missing_ok=True)
    pip = (str(python), "-m", "pip", "install", "--quiet")
    for command in (
        (sys.executable, "-m", "venv", str(folder)),
        (*pip, "-r", str(REQUIREMENTS)),
        (*pip, "--no-deps", f"label-studio-ml=={VERSION}"),
    ):
        try:
            run_logged(command, log)
        except subprocess.CalledProcessError as error:
            raise AssertionError(f"{' '.join(command)}: {log.read_text()[-2000:]}") from error
