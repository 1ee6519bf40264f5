"""`labeltune up` as a user runs it: its refusals, and one real life from start to end."""

import json
import os
import re
import signal
import socket
import stat
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.running import Up, free_port, labeltune, start_labeltune, start_up
from tests.sync.stack.living import eventually, is_alive, working_in


def refused(folder: Path, *options: str) -> str:
    """The one sentence of a start that fails before anything is started."""
    done = labeltune(folder, "up", *options)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("labeltune: ")
    assert done.stderr.count("\n") == 1
    assert not (folder / ".labeltune" / "logs").exists()
    return done.stderr


def test_busy_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = refused(tmp_path, "--backend-port", str(port), "--port", str(free_port()))
    assert f"port {port} on 127.0.0.1, meant for the ML backend, is in use" in said
    assert "--backend-port" in said
    assert not (tmp_path / ".env").exists()


def test_folder_of_a_real_deployment(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LABEL_STUDIO_URL=https://labels.example.com\n")
    assert "LABEL_STUDIO_URL is https://labels.example.com" in refused(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_unreachable_endpoint(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"
    ports = ("--port", str(free_port()), "--backend-port", str(free_port()))
    said = refused(tmp_path, *ports, "--llm-url", url, "--llm-model", "m")
    assert f"{url}: the model endpoint can't be reached" in said


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--llm-url", "http://127.0.0.1/v1"], "--llm-url and --llm-model go together"),
        (["--llm-url", "llm.example", "--llm-model", "m"], "not an http:// or https:// URL"),
        (["--port", "0"], "0 is not in the range"),
        (
            ["--llm-url", "http://x", "--llm-model", "m", "--llm-port", "1"],
            "--llm-port is for the local model",
        ),
    ],
)
def test_usage(tmp_path: Path, options: list[str], fault: str) -> None:
    done = labeltune(tmp_path, "up", *options)
    assert done.returncode == 2
    assert fault in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_has_an_example(tmp_path: Path) -> None:
    done = labeltune(tmp_path, "up", "--help")
    assert done.returncode == 0
    assert "labeltune up --llm-url https://" in done.stdout


def whoami(running: Up) -> int:
    return httpx.get(
        f"{running.label_studio_url}/api/current-user/whoami",
        headers={"Authorization": f"Token {running.env['LABEL_STUDIO_API_KEY']}"},
        timeout=60,
    ).status_code


def watched(running: Up) -> dict[str, Any]:
    """The first thing that `labeltune status --watch` tells; Ctrl-C ends it well."""
    watching = start_labeltune(running.folder, "status", "--watch", "--json")
    assert watching.stdout is not None
    told: dict[str, Any] = json.loads(watching.stdout.readline())
    watching.send_signal(signal.SIGINT)
    _, said = watching.communicate(timeout=30)
    assert (watching.returncode, said) == (0, "")
    return told


@pytest.mark.thorough
@pytest.mark.label_studio
def test_sample_from_first_start_to_last_process(tmp_path: Path) -> None:
    state = tmp_path / ".labeltune"
    first = start_up(tmp_path)
    ports = ("--port", first.label_studio_url.rpartition(":")[2])
    try:
        assert whoami(first) == 200
        assert first.ready["tasks"] == 64
        assert watched(first)["drafted"] >= 3
        log = (tmp_path / "up.log").read_text()
        assert re.search(r"^Starting Label Studio, model, backend.*: \d+ s$", log, re.MULTILINE)
        assert re.search(r"^Drafting the first tasks: 3 of 3, .*s$", log, re.MULTILINE)
        assert first.ready["password"] == first.env["LABEL_STUDIO_PASSWORD"]
        assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
        assert 'project = "Bank support (sample)"' in (tmp_path / "labeltune.toml").read_text()
        assert "another `labeltune up` runs" in labeltune(tmp_path, "up", *ports).stderr
        assert "works with the stack that runs in" in labeltune(tmp_path, "init", "mine").stdout
        assert "is up" in labeltune(tmp_path, "status", "--config", "mine/labeltune.toml").stdout
    finally:
        assert first.stop(signal.SIGINT) == 0
    assert eventually(lambda: working_in(state) == [], limit_s=3)
    assert "Everything is stopped" in (tmp_path / "up.log").read_text()
    secrets = [first.env[n] for n in first.env if re.search("KEY|PASSWORD|SECRET", n)]
    assert len(secrets) == 4
    for log in (state / "logs").iterdir():
        assert not any(secret in log.read_text() for secret in secrets), log

    again = start_up(tmp_path)
    try:
        assert (again.ready["project_id"], again.ready["tasks"]) == (first.ready["project_id"], 64)
        assert again.env["LABEL_STUDIO_API_KEY"] == first.env["LABEL_STUDIO_API_KEY"]
        assert again.backend_url in (tmp_path / "labeltune.toml").read_text()
    finally:
        again.process.kill()
        again.stop()
    assert eventually(lambda: working_in(state) == [])

    env = (tmp_path / ".env").read_text()
    (tmp_path / ".env").unlink()
    assert "put the old .env back" in labeltune(tmp_path, "up", *small_ports()).stderr
    (tmp_path / ".env").write_text(env)
    elsewhere = {
        "OPENAI_BASE_URL": "https://llm.example/v1",
        "LABEL_STUDIO_URL": "http://x.example",
    }
    dying = start_up(tmp_path, "--no-sample", env=elsewhere)
    notes = (tmp_path / "up.log").read_text()
    assert "OPENAI_BASE_URL is https://llm.example/v1 in your environment" in notes
    assert "LABEL_STUDIO_URL is http://x.example in your environment" in notes
    worker = next(pid for pid in working_in(state) if b"ml_backend.worker" in cmdline(pid))
    os.kill(worker, signal.SIGKILL)
    assert dying.stop(0) == 1
    assert re.search(
        r"labeltune: the drafting worker has stopped .* see .*/logs/worker\.log\n$",
        (tmp_path / "up.log").read_text(),
    )
    assert eventually(lambda: working_in(state) == [], limit_s=3)


def small_ports() -> list[str]:
    flags = ("--port", "--backend-port", "--llm-port")
    return [word for flag in flags for word in (flag, str(free_port()))]


def cmdline(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes() if is_alive(pid) else b""
