"""LLaMA-Factory and Axolotl beside this environment: their packages, without what they pin.

Both pin versions of transformers, datasets and TRL that ours are above, so they are laid into a
folder by themselves and imported before everything else in a process of their own. What they do
with data files works there; training does not have to.
"""

import hashlib
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

ROOT = Path(__file__).parents[5]
PACKAGES = (
    "llamafactory==0.9.5",
    "axolotl==0.19.0",
    # what their modules of data import and this environment lacks
    "addict==2.4.0",
    "antlr4-python3-runtime==4.9.3",
    "backoff==2.2.1",
    "colorama==0.4.6",
    "distro==1.9.0",
    "llvmlite==0.50.0",
    "numba==0.68.1",
    "omegaconf==2.4.0",
    "peft==0.21.2",
    "posthog==7.91.1",
)
# imported by LLaMA-Factory's data module, which we give nothing to hear; the real one needs CUDA
EMPTY = ("torchaudio",)


def trainer_packages() -> Path:
    """The folder with the packages, made first when it is missing, half-made or outdated."""
    folder = cache_dir() / "trainers"
    folder.parent.mkdir(parents=True, exist_ok=True)
    marker = folder / "labeltune-complete"
    made_of = hashlib.sha256(repr((PACKAGES, EMPTY, sys.version)).encode()).hexdigest()
    with FileLock(folder.with_name("trainers.lock")):
        if not (marker.exists() and marker.read_text() == made_of):
            shutil.rmtree(folder, ignore_errors=True)
            _make(folder)
            marker.write_text(made_of)
    return folder


def read_by(module: str, request: Any, folder: Path) -> Any:
    """What a module beside this one says that a trainer makes of files.

    Args:
        request: JSON that it takes.
        folder: of the files.
    """
    packages = trainer_packages()
    answer = folder / f"{module}.answer.json"
    offline = {"HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "1", "AXOLOTL_DO_NOT_TRACK": "1"}
    done = subprocess.run(
        (
            sys.executable,
            "-m",
            f"tests.sync.dataset.release.companions.{module}",
            str(folder),
            json.dumps(request),
            str(answer),
        ),
        cwd=ROOT,
        env={
            **os.environ,
            **offline,
            "DISABLE_VERSION_CHECK": "1",
            "HF_HOME": str(folder / "cache"),
            "PYTHONPATH": str(packages),
        },
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(answer.read_text())


def _make(folder: Path) -> None:
    log = folder.with_name("trainers-install.log")
    log.unlink(missing_ok=True)
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder))
    try:
        run_logged((*pip, *PACKAGES), log)
    except subprocess.CalledProcessError as error:
        raise AssertionError(f"{' '.join(PACKAGES)}: {log.read_text()[-2000:]}") from error
    for name in EMPTY:
        (folder / f"{name}.py").write_text("")
