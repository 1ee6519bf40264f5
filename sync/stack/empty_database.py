"""Label Studio's database without anything in it, made once and copied at each first start.

Its tables take Label Studio some 400 migrations, half a minute of one processor. The file holds no
user, no key and no task: those are made where it is copied to.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from filelock import FileLock

from sync.stack.stages import Stages
from sync.stack.tether import RunLogged, run_logged

# Label Studio's own name for it, in its data folder
NAME = "label_studio.sqlite3"
_MIGRATIONS = 396  # of Label Studio 1.23.2


def empty_database(executable: Path, run: RunLogged = run_logged) -> Path | None:
    """The file, made first where it is missing; None where it can't be made.

    Label Studio makes its own then, as it would without us.

    Args:
        executable: Label Studio's command.
        run: runs a command with its output in a log file.
    """
    file = prepared(executable)
    try:
        with FileLock(file.with_suffix(".lock")):
            if not file.exists():
                _make(executable, file, run)
    except (OSError, subprocess.CalledProcessError):
        return None
    return file


def prepared_database(executable: Path, stages: Stages) -> Path | None:
    """The same, and shown where it takes its time."""
    if (file := prepared(executable)).exists():
        return file
    with stages.stage("Preparing Label Studio's database", lambda: steps_taken(executable)):
        return empty_database(executable)


def steps_taken(executable: Path) -> str:
    """How far its making is: `212 of 396 steps`."""
    file, unfinished = prepared(executable), _folder(executable) / NAME
    if file.exists():
        return f"{_MIGRATIONS} steps"
    if not unfinished.exists():
        return ""
    try:
        with closing(sqlite3.connect(f"file:{unfinished}?mode=ro", 0.05, uri=True)) as database:
            (steps,) = database.execute("select count(*) from django_migrations").fetchone()
    except sqlite3.Error:  # no such table yet, or being written
        return ""
    return f"{steps} of {_MIGRATIONS} steps"


def prepared(executable: Path) -> Path:
    """Where the file is, once it was made: in Label Studio's environment, with which it goes."""
    return executable.parents[1] / "labeltune-empty.sqlite3"


def needs_database(data: Path) -> bool:
    """Whether Label Studio starts for the first time in a folder."""
    return not (data / NAME).exists()


def copy_database(file: Path | None, data: Path) -> None:
    """Give a Label Studio that was never started its tables; the copy is whole or not there."""
    if file is None or not needs_database(data):
        return
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = data / f"{NAME}.partial"
    shutil.copyfile(file, partial)
    partial.replace(data / NAME)


def _make(executable: Path, file: Path, run: RunLogged) -> None:
    """Have Label Studio tell its version, which makes the tables first."""
    folder = _folder(executable)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    command = ["env", "-i", *(f"{k}={v}" for k, v in _environment(folder, os.environ).items())]
    run([*command, str(executable), "version"], file.with_name("labeltune-empty.log"))
    (folder / NAME).replace(file)
    shutil.rmtree(folder)


def _folder(executable: Path) -> Path:
    """Where it is made."""
    return prepared(executable).with_suffix("")


def _environment(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Nothing of the user's settings: variables as plain as DATABASE_NAME are Label Studio's."""
    passed = {name: environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in environ}
    return passed | {
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder),
        "COLLECT_ANALYTICS": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "LATEST_VERSION_CHECK": "false",
        "LOG_LEVEL": "WARNING",
        "SECRET_KEY": "of a database without users",  # else it writes one into a .env
    }
