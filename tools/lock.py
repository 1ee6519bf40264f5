"""Write the lock: every version that LabelTune is installed with, and the hashes of its files.

`make lock` runs it. What stands in the lock stays unless pyproject.toml asks for something else,
so a second run changes nothing; `make lock UPGRADE=1` takes the newest versions, and
`make lock UPGRADE=flask` that of one package.

pip-tools resolves, as pip is configured on this machine, and leaves the index's name out. torch
stands in a file of its own, with a version and no hash: the same release comes in several builds.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = ROOT / "locks"
LABEL_STUDIO = ROOT / "sync" / "stack" / "label_studio_lock.txt"
OFFICIAL = ROOT / "ml_backend" / "official" / "requirements.txt"
# the name of a file in locks/ -> the extras of pyproject.toml that it holds
SETS = {
    "base": (),
    "backend": ("backend",),
    "all": ("all",),
    "multilingual": ("multilingual",),
    "dev": ("dev",),
}
PYTHON = (3, 11)
OPTIONS = (
    "--quiet",
    "--generate-hashes",
    "--strip-extras",
    "--annotation-style=line",
    "--no-emit-options",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    # replaces pip-tools' own list, which leaves setuptools out
    "--unsafe-package=labeltune",
    "--unsafe-package=pip",
    "--unsafe-package=torch",
)
_BLOCK = re.compile(r"^([a-z0-9._-]+)==\S+.*(?:\n[ #].*)*\n", re.M | re.I)


def main() -> None:
    """Resolve all sets together, then each by itself from what that gave."""
    if sys.version_info[:2] != PYTHON:
        sys.exit(f"{sys.executable}: the lock is made with Python 3.11; name it with PYTHON=…")
    LOCKS.mkdir(exist_ok=True)
    asked = os.environ.get("UPGRADE", "")
    with tempfile.TemporaryDirectory() as folder:
        together = Path(folder) / "together.txt"
        together.write_text(_union([LOCKS / f"{name}.txt" for name in SETS]))
        every = sorted({extra for extras in SETS.values() for extra in extras})
        _compile("pyproject.toml", together, every, _upgrading(asked))
        _say(f"{len(_BLOCK.findall(together.read_text()))} packages in all")
        for name, extras in SETS.items():
            _lock("pyproject.toml", LOCKS / f"{name}.txt", together, extras)
        _lock(str(OFFICIAL.relative_to(ROOT)), LOCKS / "label-studio-ml.txt", together)
        own = Path(folder) / "label-studio.in"
        own.write_text(f"label-studio=={_label_studio_version()}\n")
        result = Path(folder) / "label-studio.txt"
        result.write_text(_union([LABEL_STUDIO]))
        _compile(str(own), result, (), _upgrading(asked))
        _write(LABEL_STUDIO, result.read_text().replace(f"-r {own}", "Label Studio's own"))
    _write(LOCKS / "torch.txt", f"{_TORCH}torch=={_torch_version(asked)}\n")


_TORCH = """\
# Written by `make lock`. A version without a hash: one release of torch comes in several builds,
# with and without CUDA, and each index holds other files. What it needs stands in the other locks.
"""


def _lock(source: str, target: Path, together: Path, extras: tuple[str, ...] = ()) -> None:
    """Write what one set takes of all that was resolved together."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / target.name
        result.write_text(together.read_text())
        _compile(source, result, extras, ())
        _write(target, result.read_text())


def _compile(
    source: str, result: Path, extras: tuple[str, ...] | list[str], more: tuple[str, ...]
) -> None:
    """Let pip-compile resolve into a file, from the versions and hashes that stand in it."""
    command = [str(Path(sys.executable).with_name("pip-compile")), *OPTIONS, *more]
    if source == "pyproject.toml":
        command += ["--build-deps-for=editable", *(f"--extra={extra}" for extra in extras)]
    done = subprocess.run(
        [*command, f"--output-file={result}", source],
        cwd=ROOT,
        env={**os.environ, "CUSTOM_COMPILE_COMMAND": "make lock"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stderr)
        sys.exit(f"{source}: could not be resolved; the reason stands above, no lock was changed")


def _write(target: Path, text: str) -> None:
    """Replace a lock whole, without pip-tools' warning about packages that it leaves out."""
    text = re.sub(r"\n# (?:WARNING: )?The following packages.*\Z", "\n", text, flags=re.S)
    temporary = target.with_suffix(".part")
    temporary.write_text(text.rstrip() + "\n")
    temporary.replace(target)
    _say(f"{target.relative_to(ROOT)}: {len(_BLOCK.findall(text))} packages")


def _union(files: list[Path]) -> str:
    """The packages of several locks that agree, each once."""
    return "\n".join(dict(_blocks(files)).values())


def _blocks(files: list[Path]) -> Iterator[tuple[str, str]]:
    for file in files:
        if file.exists():
            yield from ((m[1].lower(), m[0]) for m in _BLOCK.finditer(file.read_text()))


def _upgrading(asked: str) -> tuple[str, ...]:
    if asked in ("", "0"):
        return ()
    return ("--upgrade",) if asked == "1" else (f"--upgrade-package={asked}",)


def _label_studio_version() -> str:
    text = (ROOT / "sync" / "stack" / "label_studio.py").read_text()
    (found,) = re.findall(r'^VERSION = "(.+)"$', text, re.M)
    return str(found)


def _torch_version(asked: str) -> str:
    """The locked version, or the newest that pyproject.toml allows."""
    file = LOCKS / "torch.txt"
    if file.exists() and asked not in ("1", "torch"):
        return file.read_text().split("torch==")[-1].strip()
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (wanted,) = (
        one for one in extras["optional-dependencies"]["embedding"] if one.startswith("torch")
    )
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
    report = subprocess.run(
        [*pip, "--no-deps", "--report=-", wanted], stdout=subprocess.PIPE, check=True
    )
    version = json.loads(report.stdout)["install"][0]["metadata"]["version"]
    return str(version).partition("+")[0]


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
