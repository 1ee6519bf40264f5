"""Packages that check training files, each in a folder of its own, asked by a process of its own.

They are laid there without what they ask for beside themselves: what they need of it is here, and
would otherwise be another version than ours.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from filelock import FileLock

from sync.stack.folders import cache_dir
from sync.stack.tether import run_logged

ROOT = Path(__file__).parents[4]


def packages(name: str, *requirements: str) -> Path:
    """The folder with some packages, made first when it is missing or half-made."""
    folder = cache_dir() / "readers" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    marker = folder / "labeltune-complete"
    with FileLock(folder.with_name(f"{name}.lock")):
        if not (marker.exists() and marker.read_text() == repr(requirements)):
            shutil.rmtree(folder, ignore_errors=True)
            _install(folder, requirements)
            marker.write_text(repr(requirements))
    return folder


def _install(folder: Path, requirements: tuple[str, ...]) -> None:
    log = folder.with_name(f"{folder.name}-install.log")
    log.unlink(missing_ok=True)
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder))
    try:
        run_logged((*pip, *requirements), log)
    except subprocess.CalledProcessError as error:
        raise AssertionError(f"{' '.join(requirements)}: {log.read_text()[-2000:]}") from error


def verdicts(reader: str, request: Any, folder: Path, path: Path | None = None) -> Any:
    """What a module beside this one says of lines.

    Args:
        reader: the module's name; it is run with a request's and an answer's file.
        request: JSON that it takes.
        folder: for files.
        path: with the packages that it imports before ours.
    """
    return answered_by(f"tests.sync.training_files.readers.{reader}", request, folder, path)


def answered_by(module: str, request: Any, folder: Path, path: Path | None = None) -> Any:
    """What any module says that is run with a request's and an answer's file."""
    asked, answer = folder / "request.json", folder / "answer.json"
    asked.write_text(json.dumps(request))
    done = subprocess.run(
        (sys.executable, "-m", module, str(asked), str(answer)),
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(path) if path else os.environ.get("PYTHONPATH", ""),
            "HF_HUB_OFFLINE": "1",
            "HF_HOME": str(folder / "cache"),
            "DO_NOT_TRACK": "1",
            "AXOLOTL_DO_NOT_TRACK": "1",
            "DISABLE_VERSION_CHECK": "1",
            "TOGETHER_NO_BANNER": "1",
            "TOGETHER_DISABLE_TQDM": "true",
        },
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(answer.read_text())
