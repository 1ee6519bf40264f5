"""`docker-compose.yml` and docs/deploy.md: their commands and variables run here as processes."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from label_configs import load
from tests.running import clean_environment, free_port

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SECRETS = {
    "LABEL_STUDIO_PASSWORD": "p",
    "LABEL_STUDIO_API_KEY": "0" * 40,
    "LABELTUNE_BACKEND_PASSWORD": "correct-horse",
    "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
}
BASIC = ("labeltune", "correct-horse")


def service(name: str) -> tuple[list[str], dict[str, str]]:
    """A service's command and environment, variables filled in as compose does."""
    described = COMPOSE["services"][name]

    def filled(match: re.Match[str]) -> str:
        return SECRETS.get(match[1]) or (match[3] if match[2] == ":-" else "")

    environment = {
        key: re.sub(r"\$\{(\w+)(?:(:-|:\?)([^}]*))?\}", filled, str(value))
        for key, value in described["environment"].items()
    }
    return as_here(described.get("command", "")), environment


def as_here(command: str) -> list[str]:
    """A command line with this Python."""
    words = shlex.split(command)
    if words[:1] == ["gunicorn"]:
        words = ["python", "-m", *words]
    return [sys.executable if word == "python" else word for word in words]


def documented() -> list[str]:
    """The gunicorn command of docs/deploy.md."""
    (line,) = re.findall(r"^gunicorn .*$", (ROOT / "docs" / "deploy.md").read_text(), re.M)
    return as_here(line)


@dataclass(frozen=True)
class Served:
    """A running service; `log` grows."""

    url: str
    log: Path

    def events(self) -> list[dict[str, Any]]:
        """Its log lines, which are JSON."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@contextmanager
def serving(command: list[str], environment: dict[str, str], folder: Path) -> Iterator[Served]:
    """Run a web service on a free port until the block ends; it must stop by itself then."""
    port = free_port()
    command = [re.sub(r"^[\d.]+:9090$", f"127.0.0.1:{port}", word) for word in command]
    environment = {**environment, "LABELTUNE_QUEUE": str(folder / "queue.db")}
    served = Served(f"http://127.0.0.1:{port}", folder / "web.log")
    with served.log.open("w") as log:
        process = subprocess.Popen(command, env=clean_environment() | environment, stderr=log)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{served.url}/health")
                break
            except httpx.TransportError:
                assert process.poll() is None, served.log.read_text()
                assert time.monotonic() < until, "no answer within 60 s"
                time.sleep(0.2)
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_the_backend_of_compose_answers_whoever_knows_the_password(tmp_path: Path) -> None:
    command, environment = service("backend")
    with serving(command, environment, tmp_path) as served:
        assert httpx.get(f"{served.url}/health").status_code == 401
        assert httpx.get(f"{served.url}/health", auth=BASIC).json()["status"] == "UP"


def test_the_documented_command_is_that_of_compose() -> None:
    command, _ = service("backend")
    assert [word.replace("127.0.0.1:9090", "0.0.0.0:9090") for word in documented()] == command


def imported(package: str) -> set[str]:
    """Our packages that a package of ours imports, itself included."""
    found, ours = {package}, {path.parent.name for path in ROOT.glob("*/__init__.py")}
    for path in (ROOT / package).rglob("*.py"):
        words = re.findall(r"^ *(?:from|import) (\w+)", path.read_text(), re.M)
        found |= ours.intersection(words)
    return found


def test_the_image_holds_the_packages_that_the_backend_imports() -> None:
    needed, seen = {"ml_backend"}, set[str]()
    while needed != seen:
        seen, needed = needed, needed.union(*map(imported, needed))
    copied = re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.M)
    assert sorted(copied) == sorted(needed)
    assert "sync" not in copied


def test_the_image_runs_as_a_user_of_its_own() -> None:
    lines = [line for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
    assert lines[-1] == "USER labeltune"
    for service_of_ours in ("backend", "worker"):
        assert "user" not in COMPOSE["services"][service_of_ours]


def test_the_image_keeps_its_packages_when_only_the_code_changes() -> None:
    """A layer is made anew when what it or one before it copies has changed."""
    packages = DOCKERFILE.index("--require-hashes")
    copied_before = re.findall(r"^COPY (.+) \S+$", DOCKERFILE[:packages], re.M)
    assert copied_before == ["locks/torch.txt", "locks/backend.txt"]


def build(folder: Path, venv: Path) -> None:
    """What the Dockerfile says, in a folder for /app and a virtual environment for the system's.

    `useradd` is left out, and so is the index of builds without CUDA: the packages come from where
    pip is configured to look.
    """
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    environment = clean_environment() | {
        "PATH": f"{venv / 'bin'}:{os.environ['PATH']}",
        "TORCH_INDEX": "",
    }
    del environment["PYTHONPATH"]
    for step, words in re.findall(r"^(COPY|RUN) (.+)$", DOCKERFILE, re.M):
        if step == "COPY":
            *sources, target = words.split()
            for source in sources:
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, folder / target)
                else:
                    (folder / target).mkdir(exist_ok=True)
                    shutil.copy(ROOT / source, folder / target)
        elif not words.startswith("useradd"):
            done = subprocess.run(
                ["bash", "-c", words],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{words}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


@pytest.mark.thorough
def test_what_the_dockerfile_builds_serves_and_works(tmp_path: Path) -> None:
    folder, venv = tmp_path / "app", tmp_path / "venv"
    folder.mkdir()
    build(folder, venv)
    python = str(venv / "bin" / "python")
    command, environment = service("backend")
    command[0] = python
    away = {
        "PYTHONPATH": "",
        "PYTHONSAFEPATH": "1",
    }  # of this clone, which is the working directory
    with serving(command, environment | away, tmp_path) as served:
        answer = httpx.get(f"{served.url}/health", auth=BASIC).json()
        assert answer["status"] == "UP"
    code = "import ml_backend.worker, connectors.embedding as e; print(ml_backend.__file__)"
    code += "; print(len(e.load_encoder().encode(['one', 'two'])))"
    done = subprocess.run(
        [python, "-c", code],
        cwd=tmp_path,
        env=clean_environment() | away,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    where, vectors = done.stdout.split()
    assert where.startswith(str(venv))
    assert vectors == "2"


def test_several_processes_serve_one_queue(tmp_path: Path) -> None:
    """What one of them is told by /setup, all of them know."""
    assert "2" in documented()[documented().index("--workers") :]
    project = ProjectSettings(guidelines="Be brief.")
    setup = {
        "project": "1.1795293013",
        "schema": load("chat_response").label_config(),
        "extra_params": {"labeltune": project.model_dump()},
    }
    environment = {"LABELTUNE_LOG_FORMAT": "json"}
    with serving(documented(), environment, tmp_path) as served:
        told = httpx.post(f"{served.url}/setup", json=setup)
        assert told.json() == {"model_version": model_version(project)}
        payload = {"project": "1.1795293013", "tasks": [], "label_config": ""}
        until = time.monotonic() + 60
        while True:
            for _ in range(20):  # each over a connection of its own
                assert httpx.post(f"{served.url}/predict", json=payload).json() == {"results": []}
            predicted = [e for e in served.events() if e["message"].startswith("predict:")]
            if len({event["process"] for event in predicted}) == 2:
                break
            assert time.monotonic() < until, "one process answered everything"
        assert all(event["message"].endswith(model_version(project)) for event in predicted)


@pytest.mark.parametrize("bind", ["0.0.0.0:0", "[::]:0", "unix:SOCKET"])
def test_it_does_not_start_for_others_without_a_password(tmp_path: Path, bind: str) -> None:
    command = [word.replace("127.0.0.1:9090", bind) for word in documented()]
    command = [word.replace("SOCKET", str(tmp_path / "socket")) for word in command]
    done = subprocess.run(
        command,
        env=clean_environment() | {"LABELTUNE_QUEUE": str(tmp_path / "queue.db")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    (said,) = (line for line in done.stderr.splitlines() if line.startswith("Error: "))
    assert "set LABELTUNE_BACKEND_PASSWORD" in said
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["-m", "ml_backend", "--host", "0.0.0.0"], 1),
        (["-m", "gunicorn", "ml_backend.wsgi:app", "--bind", "127.0.0.1:0"], 4),
    ],
)
def test_credentials_that_can_t_be_used_stop_the_start(
    tmp_path: Path, command: list[str], status: int
) -> None:
    environment = {
        "LABELTUNE_QUEUE": str(tmp_path / "queue.db"),
        "LABELTUNE_BACKEND_USER": "somebody",
    }
    done = subprocess.run(
        [sys.executable, *command],
        env=clean_environment() | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == status
    assert "LABELTUNE_BACKEND_USER is set and LABELTUNE_BACKEND_PASSWORD is not" in done.stderr
    assert "Traceback" not in done.stderr


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
def test_only_this_machine_reaches_a_published_port(name: str) -> None:
    for port in COMPOSE["services"][name].get("ports", ()):
        assert port.startswith("127.0.0.1:")


@pytest.mark.parametrize("name", ["label-studio", "backend", "worker"])
def test_no_secret_stands_in_the_file(name: str) -> None:
    written = COMPOSE["services"][name]["environment"]
    for key, value in written.items():
        if re.search("PASSWORD|KEY|TOKEN", key) and value not in ("true", "false"):
            assert str(value).startswith("${"), key
