"""A backend that asks for credentials, registered in a real Label Studio by `labeltune push`."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from connectors.backend_secrets import SECRET_HEADER, webhook_secret
from tests.e2e.test_failures import folder as folder  # the same kind of folder
from tests.e2e.test_failures import one_sentence, set_env
from tests.running import Up, clean_environment, free_port, labeltune

pytestmark = pytest.mark.label_studio

BASIC = ("labeltune", "correct-horse-battery")


@dataclass(frozen=True)
class Guarded:
    """A running backend with credentials, and what it logged."""

    url: str
    log: Path

    def said(self, sentence: str) -> int:
        """How many lines of its log hold this."""
        return self.log.read_text().count(sentence)

    def waiting(self) -> int:
        """How many jobs wait in its queue; no worker takes them away."""
        answer = httpx.get(f"{self.url}/status?format=json", auth=BASIC).json()
        return sum(answer["queue"].values())


@pytest.fixture
def guarded(up: Up, tmp_path: Path) -> Iterator[Guarded]:
    port, log = free_port(), tmp_path / "backend.log"
    command = ["-m", "gunicorn", "-c", "python:ml_backend.gunicorn_conf", "ml_backend.wsgi:app"]
    environment = {
        "LABEL_STUDIO_URL": up.label_studio_url,
        "LABEL_STUDIO_API_KEY": up.env["LABEL_STUDIO_API_KEY"],
        "LABELTUNE_BACKEND_USER": BASIC[0],
        "LABELTUNE_BACKEND_PASSWORD": BASIC[1],
        "LABELTUNE_QUEUE": str(tmp_path / "guarded.db"),
    }
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, *command, "--bind", f"127.0.0.1:{port}"],
            env=clean_environment() | environment,
            stderr=file,
        )
    running = Guarded(f"http://127.0.0.1:{port}", log)
    try:
        _wait_for(running.url)
        yield running
    finally:
        process.terminate()
        assert process.wait(30) == 0


def _wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            assert httpx.get(f"{url}/health").status_code == 401
        except httpx.TransportError:
            assert time.monotonic() < until, "no answer within 60 s"
            time.sleep(0.2)
        else:
            return


@pytest.fixture
def guarded_folder(folder: Path, guarded: Guarded) -> Path:
    """A folder whose project is drafted by the guarded backend."""
    config = folder / "labeltune.toml"
    config.write_text(config.read_text().replace('"Failures"', '"Guarded"'))
    set_env(folder, LABELTUNE_BACKEND_URL=guarded.url)
    return folder


def test_push_registers_the_backend_with_its_credentials(
    guarded_folder: Path, guarded: Guarded, up: Up
) -> None:
    refused = labeltune(guarded_folder, "push", "one.jsonl")
    assert refused.returncode == 1
    assert "LABELTUNE_BACKEND_PASSWORD" in one_sentence(refused.stderr)
    status = labeltune(guarded_folder, "status")
    assert "it refuses LABELTUNE_BACKEND_USER" in status.stdout

    set_env(guarded_folder, LABELTUNE_BACKEND_USER=BASIC[0], LABELTUNE_BACKEND_PASSWORD=BASIC[1])
    pushed = labeltune(guarded_folder, "push", "one.jsonl", "--json")
    assert pushed.returncode == 0, pushed.stderr
    project_id = json.loads(pushed.stdout)["project_id"]
    client = up.label_studio
    (backend,) = client.backends(project_id)
    assert (backend["auth_method"], backend["basic_auth_user"]) == ("BASIC_AUTH", BASIC[0])
    assert backend["readable_state"] == "Connected"
    (webhook,) = client.webhooks(project_id)
    secret = webhook_secret({"LABEL_STUDIO_API_KEY": up.env["LABEL_STUDIO_API_KEY"]})
    assert webhook["headers"] == {SECRET_HEADER: secret}
    # Label Studio told of the new task, and was let in
    assert guarded.waiting() == 1
    assert guarded.said("a webhook was refused") == 0
    assert "is up, 1 job waiting, 0 workers" in labeltune(guarded_folder, "status").stdout
    client.delete_project(project_id)


def test_a_second_push_puts_right_what_was_changed(
    guarded_folder: Path, guarded: Guarded, up: Up
) -> None:
    env = guarded_folder / ".env"
    without = env.read_text()
    set_env(guarded_folder, LABELTUNE_BACKEND_USER=BASIC[0], LABELTUNE_BACKEND_PASSWORD=BASIC[1])
    pushed = labeltune(guarded_folder, "push", "one.jsonl", "--json")
    project_id = json.loads(pushed.stdout)["project_id"]
    client = up.label_studio
    (webhook,) = client.webhooks(project_id)
    client.update_webhook(webhook["id"], {"url": webhook["url"], "headers": {}})
    (page,) = client.task_pages(project_id)
    client.import_tasks(project_id, [{"data": page.tasks[0]["data"]}])
    assert guarded.said("a webhook was refused") == 1
    # whoever does not know the password can push all the same: Label Studio knows it
    env.write_text(without)
    again = labeltune(guarded_folder, "push", "one.jsonl")
    assert again.returncode == 0, again.stderr
    (webhook,) = client.webhooks(project_id)
    assert SECRET_HEADER in webhook["headers"]
    (backend,) = client.backends(project_id)
    assert backend["readable_state"] == "Connected"
    set_env(guarded_folder, LABELTUNE_BACKEND_USER=BASIC[0], LABELTUNE_BACKEND_PASSWORD="wrong")
    assert labeltune(guarded_folder, "push", "one.jsonl").returncode == 1
    client.delete_project(project_id)
