"""The command line in processes that need not import it: each is forked from one that has.

A command is a process with its own folder, environment and exit status, as for a user; only the
second that Python takes to import it is spent once. What a command starts and how a process ends
is tested with real ones, see `tests.running.start_labeltune`.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from multiprocessing import forkserver
from pathlib import Path
from typing import NoReturn

from sync.cli import VERBS

# what commands import when they need it, and pytest, which is the main module of who asks;
# none of them starts a thread by being imported
_LATER = (
    "deltalake",
    "httpcore",
    "jinja2",
    "openai",
    "pyarrow.parquet",
    "pytest",
    "sentence_transformers",
    "sync.common.errors",
)
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload([__name__, *_LATER, *(f"sync.commands.{verb}" for verb in VERBS)])


def run_forked(
    folder: Path, environment: Mapping[str, str], arguments: tuple[str, ...], timeout_s: float
) -> subprocess.CompletedProcess[str]:
    """Run `labeltune` in a folder; returns its exit status and what it wrote.

    Raises:
        subprocess.TimeoutExpired: it took longer, and was killed.
    """
    _start_server(environment)
    command = ["labeltune", *arguments]
    with tempfile.TemporaryDirectory() as written:
        streams = [Path(written) / name for name in ("stdout", "stderr")]
        for stream in streams:
            stream.touch()
        process = _FORKING.Process(target=_run, args=(folder, environment, command, streams))
        process.start()
        process.join(timeout_s)
        status = process.exitcode
        if status is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(command, timeout_s, *(s.read_bytes() for s in streams))
        process.close()
        texts = [stream.read_text(encoding="utf-8") for stream in streams]
    return subprocess.CompletedProcess(command, status, *texts)


def _start_server(environment: Mapping[str, str]) -> None:
    """Start what commands are forked from, unless it runs; it imports as they would."""
    before = dict(os.environ)
    _become(environment)
    try:
        forkserver.ensure_running()
    finally:
        _become(before)


def _become(environment: Mapping[str, str]) -> None:
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)


def _run(
    folder: Path, environment: Mapping[str, str], command: list[str], streams: list[Path]
) -> NoReturn:
    from sync.cli import run

    os.chdir(folder)
    _become(environment)
    sys.stdout, sys.stderr = (stream.open("w", encoding="utf-8") for stream in streams)
    for number, stream in enumerate((sys.stdout, sys.stderr), start=1):
        os.dup2(stream.fileno(), number)  # what is written without Python
    sys.argv = command
    run()
