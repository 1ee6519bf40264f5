"""A real Label Studio on SQLite, in a folder of its own, for as long as it is measured."""

import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from sync.stack.label_studio import label_studio_executable
from tests.running import free_port

START_TIMEOUT_S = 180.0


@dataclass(frozen=True)
class Server:
    """Where Label Studio answers, and the key that it takes."""

    url: str
    key: str


@contextmanager
def label_studio(folder: Path) -> Iterator[Server]:
    """Start Label Studio with an empty database and stop it at the end.

    Raises:
        TimeoutError: it did not answer in time.
    """
    server = Server(f"http://127.0.0.1:{free_port()}", secrets.token_hex(20))
    with (folder / "label-studio.log").open("wb") as log:
        process = subprocess.Popen(
            _command(server), env=_environment(folder, server), stdout=log, stderr=log
        )
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(60)


def _command(server: Server) -> list[str]:
    port = server.url.rpartition(":")[2]
    started = [str(label_studio_executable()), "start", "--no-browser"]
    return [*started, "--port", port, "--internal-host", "127.0.0.1"]


def _environment(folder: Path, server: Server) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LABEL_STUDIO_")}
    return kept | {
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder),
        "LABEL_STUDIO_USERNAME": "benchmark@example.com",
        "LABEL_STUDIO_PASSWORD": secrets.token_urlsafe(16),
        "LABEL_STUDIO_USER_TOKEN": server.key,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "COLLECT_ANALYTICS": "false",
        "SECRET_KEY": secrets.token_hex(25),
    }


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{server.url}/health", timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise TimeoutError("Label Studio did not start; see label-studio.log")
