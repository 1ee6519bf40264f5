"""Our service and the official package's, as processes that answer alike."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.ml_backend.official_environment import ROOT, official_python
from tests.ml_backend.workers import wait_until
from tests.running import clean_environment, free_port

# a checkout of label-studio-ml 2.x, to be held to the contract as well
CHECKOUT_2 = os.environ.get("LABELTUNE_LABEL_STUDIO_ML_2")
OFFICIAL = ("1.0.9", "2.x stand-in", *(("2.x",) if CHECKOUT_2 else ()))
KINDS = ("ours", *(pytest.param(kind, marks=pytest.mark.thorough) for kind in OFFICIAL))

PREDICT_DEADLINE_S = 2.0
START_S = 60.0


@dataclass(frozen=True)
class Server:
    """A running service.

    Attributes:
        queue: its SQLite file of jobs.
        log: what it wrote.
    """

    kind: str
    http: httpx.Client
    queue: Path
    log: Path


def command(kind: str, port: int) -> list[str]:
    """How it is run for a team, with two processes."""
    python = sys.executable if kind == "ours" else str(official_python())
    app = "ml_backend.wsgi:app" if kind == "ours" else "ml_backend.official._wsgi:app"
    options = ("-c", "python:ml_backend.gunicorn_conf", "--workers", "2")
    return [python, "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{port}", app]


def environment(kind: str, folder: Path) -> dict[str, str]:
    """Variables of the process; its files are in this folder."""
    packages = {"2.x stand-in": str(Path(__file__).parent / "stand_in_2"), "2.x": CHECKOUT_2}
    paths = (packages.get(kind), str(ROOT))
    # `label-studio-ml start` runs whatever `python` is
    binaries = Path(sys.executable).parent if kind == "ours" else official_python().parent
    return clean_environment() | {
        "LABELTUNE_QUEUE": str(folder / "jobs.db"),
        "LABELTUNE_PREDICT_DEADLINE": str(PREDICT_DEADLINE_S),
        "MODEL_DIR": str(folder),
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }


@contextmanager
def serving(
    kind: str, folder: Path, line: list[str], port: int, env: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a command line that serves on a port, until the end of the block.

    Args:
        env: more variables.
    """
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            line,
            cwd=folder,
            env=environment(kind, folder) | dict(env or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
        try:
            wait_until(lambda: process.poll() is not None or _answers(http), START_S)
            assert process.poll() is None, log.read_text()
            yield Server(kind, http, folder / "jobs.db", log)
        finally:
            # its children too: `label-studio-ml start` runs the server in a shell
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


@contextmanager
def served(kind: str, folder: Path) -> Iterator[Server]:
    """A service as it is run for a team."""
    port = free_port()
    with serving(kind, folder, command(kind, port), port) as server:
        yield server


def _answers(http: httpx.Client) -> bool:
    try:
        http.get("/health")
    except httpx.TransportError:
        return False
    return True
