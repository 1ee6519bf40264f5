"""`docker-compose.yml`: its commands and variables run here as plain processes."""

import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.running import clean_environment, free_port

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SECRETS = {
    "LABEL_STUDIO_PASSWORD": "p",
    "LABEL_STUDIO_API_KEY": "0" * 40,
    "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
}


def service(name: str) -> tuple[list[str], dict[str, str]]:
    """A service's command and environment, variables filled in as compose does."""
    described = COMPOSE["services"][name]

    def filled(match: re.Match[str]) -> str:
        return SECRETS.get(match[1]) or (match[3] if match[2] == ":-" else "")

    environment = {
        key: re.sub(r"\$\{(\w+)(?:(:-|:\?)([^}]*))?\}", filled, str(value))
        for key, value in described["environment"].items()
    }
    command = shlex.split(described.get("command", ""))
    return [sys.executable if part == "python" else part for part in command], environment


def test_the_backend_answers(tmp_path: Path) -> None:
    command, environment = service("backend")
    port = free_port()
    command = [part.replace("0.0.0.0:9090", f"127.0.0.1:{port}") for part in command]
    environment["LABELTUNE_QUEUE"] = str(tmp_path / "queue.db")
    process = subprocess.Popen(
        [*command, "--no-control-socket"], env=clean_environment() | environment
    )
    try:
        until = time.monotonic() + 60
        while True:
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/health")
                break
            except httpx.HTTPError:
                assert time.monotonic() < until, "no answer within 60 s"
                time.sleep(0.2)
        assert answer.json()["status"] == "UP"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_the_worker_runs_and_waits_for_label_studio(tmp_path: Path) -> None:
    command, environment = service("worker")
    environment |= {
        "LABELTUNE_QUEUE": str(tmp_path / "queue.db"),
        "LABEL_STUDIO_URL": f"http://127.0.0.1:{free_port()}",
    }
    process = subprocess.Popen(
        command, env=clean_environment() | environment, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    with process.stderr as lines:
        said = next((line for line in lines if "sweep put off" in line), "")
        assert "can't be reached" in said
        process.send_signal(signal.SIGTERM)
        assert "Traceback" not in lines.read()
    assert process.wait(30) == 0


def test_label_studio_and_backend_share_key_and_version() -> None:
    _, label_studio = service("label-studio")
    _, backend = service("backend")
    assert label_studio["LABEL_STUDIO_USER_TOKEN"] == backend["LABEL_STUDIO_API_KEY"]
    from sync.stack.label_studio import VERSION

    assert COMPOSE["services"]["label-studio"]["image"].endswith(f":{VERSION}")


def test_the_backend_has_a_name_with_a_dot() -> None:
    """Label Studio makes no webhook for one-word host names."""
    _, backend = service("backend")
    (alias,) = COMPOSE["services"]["backend"]["networks"]["default"]["aliases"]
    assert "." in alias
    assert backend["LABELTUNE_BACKEND_URL"] == f"http://{alias}:9090"


@pytest.mark.parametrize("name", ["label-studio", "backend", "worker"])
def test_no_secret_stands_in_the_file(name: str) -> None:
    written = COMPOSE["services"][name]["environment"]
    for key, value in written.items():
        if re.search("PASSWORD|KEY|TOKEN", key) and value not in ("true", "false"):
            assert str(value).startswith("${"), key
