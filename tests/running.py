"""Running LabelTune as a user does: `labeltune up` in a folder, and its commands beside it."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest
from dotenv import dotenv_values

from connectors.label_studio import LabelStudio
from tests.forked import run_forked

# below those that the system gives to whoever asks for any
_PORTS = random.Random(os.getpid()).sample(range(20_000, 30_000), 10_000)


def free_port() -> int:
    """A TCP port that nobody listens on, and that nobody else is given while this process lives.

    Two runs of the tests on one machine, or two workers of one, never take the same: who has a
    port holds a socket of its name, which goes with the process.
    """
    while True:
        port = _PORTS.pop()
        with socket.socket(socket.AF_UNIX) as mine, socket.socket() as probe:
            try:
                mine.bind(f"\0labeltune-port-{port}")
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            mine.detach()
            return port


@dataclass(frozen=True)
class Up:
    """A running `labeltune up`.

    Attributes:
        ready: the JSON object that it printed when everything answered.
    """

    folder: Path
    process: subprocess.Popen[str]
    label_studio_url: str
    backend_url: str
    llm_url: str
    ready: dict[str, Any]

    @property
    def env(self) -> dict[str, str]:
        """The folder's `.env`."""
        return {k: v or "" for k, v in dotenv_values(self.folder / ".env").items()}

    @cached_property
    def label_studio(self) -> LabelStudio:
        """A client with the stack's key; closed by `stop`."""
        return LabelStudio(self.label_studio_url, self.env["LABEL_STUDIO_API_KEY"])

    @cached_property
    def http(self) -> httpx.Client:
        """Label Studio's API with the stack's key; raises for a bad status. Closed by `stop`."""
        return httpx.Client(
            base_url=self.label_studio_url,
            headers={"Authorization": f"Token {self.env['LABEL_STUDIO_API_KEY']}"},
            timeout=120.0,
            event_hooks={"response": [httpx.Response.raise_for_status]},
        )

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal and wait; returns the exit status."""
        self.label_studio.close()
        self.http.close()
        self.process.send_signal(number)
        status = self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status


def start_up(
    folder: Path,
    *options: str,
    env: dict[str, str] | None = None,
    ports: Sequence[int] | None = None,
) -> Up:
    """Run `labeltune up --json` in a folder and wait until it is ready.

    Args:
        ports: of Label Studio, the backend and the model; free ones unless given.
    """
    ports = ports or [free_port() for _ in range(3)]
    flags = ("--port", "--backend-port", "--llm-port")
    command = [sys.executable, "-m", "sync", "up", "--json", *options]
    for flag, port in zip(flags, ports, strict=True):
        if flag != "--llm-port" or "--llm-url" not in options:
            command += [flag, str(port)]
    log = (folder / "up.log").open("w")
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=_environment_of(folder) | {"LABELTUNE_LOCAL_MODEL": "smollm2-135m"} | (env or {}),
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    log.close()
    if not line:
        process.wait(60)
        pytest.fail(f"labeltune up ended: {(folder / 'up.log').read_text()[-2000:]}")
    return Up(
        folder,
        process,
        *(f"http://127.0.0.1:{port}" for port in ports),
        ready=json.loads(line),
    )


def clean_environment() -> dict[str, str]:
    """The process environment without anything that would point LabelTune elsewhere."""
    ours = ("LABEL_STUDIO_", "LABELTUNE_", "OPENAI_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    root = str(Path(__file__).parent.parent)
    return kept | {"PYTHONPATH": root, "HF_HUB_OFFLINE": "1"}


def _environment_of(folder: Path) -> dict[str, str]:
    """The same for a folder that knows of no stack but its own."""
    return clean_environment() | {"XDG_STATE_HOME": f"{folder}.state"}


def start_labeltune(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the command line in a folder, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "sync", *arguments],
        cwd=folder,
        env=_environment_of(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def labeltune(
    folder: Path, *arguments: str, timeout_s: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder, as a user would; see `tests.forked`."""
    return run_forked(folder, _environment_of(folder), arguments, timeout_s=timeout_s)


def labeltune_from_start(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same, in a process from its first to its last moment."""
    return subprocess.run(
        [sys.executable, "-m", "sync", *arguments],
        cwd=folder,
        env=_environment_of(folder),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
