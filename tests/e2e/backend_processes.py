"""Web process and worker of a backend of its own, to be killed, beside a real Label Studio."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from benchmarks.standin import StandIn
from benchmarks.standin.replies import prompt_digest
from drafting.project_settings import ProjectSettings
from drafting.prompts import build_messages
from ml_backend.store.queues import open_queue
from ml_backend.store.replies import Replies, reply_key
from ml_backend.work.jobs import Jobs
from tests.running import Up, clean_environment, free_port, labeltune


@dataclass
class BackendProcesses:
    """A backend on a port and a queue of its own.

    Attributes:
        processes: by name, `web` and `worker`.
        started: names, one each time; a worker that was killed before it began is not in it.
    """

    folder: Path
    up: Up
    model: StandIn
    env: dict[str, str]
    url: str
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    started: list[str] = field(default_factory=list)

    @property
    def queue(self) -> Path:
        """The queue's file."""
        return self.folder / "queue.db"

    def start(self, name: str) -> None:
        """Start `web` or `worker`; the web process answers when this returns."""
        port = self.url.rpartition(":")[2]
        web = ["gunicorn", "ml_backend.wsgi:app", "--bind", f"127.0.0.1:{port}"]
        web += ["--workers", "2", "--threads", "4", "--no-control-socket"]
        command = web if name == "web" else ["ml_backend.worker"]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(name)
        if name == "web":
            self._wait_for_web()

    def _wait_for_web(self) -> None:
        until = time.monotonic() + 60
        while True:
            try:
                if httpx.get(f"{self.url}/health", timeout=5).is_success:
                    return
            except httpx.HTTPError:
                pass
            assert time.monotonic() < until, self.log("web")[-2000:]
            time.sleep(0.1)

    def wait_for_worker(self) -> None:
        """Wait until the worker that was started last has begun to work."""
        until = time.monotonic() + 60
        while self.log("worker").count("tasks at a time") < self.started.count("worker"):
            assert time.monotonic() < until, self.log("worker")[-2000:]
            time.sleep(0.05)

    def kill(self, name: str) -> None:
        """SIGKILL to the whole group, so that no process of it can say goodbye."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if name == "worker" and self.log("worker").count("tasks at a time") < self.started.count(
            "worker"
        ):
            self.started.remove("worker")

    def stop(self) -> None:
        """End what is left, gently."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(30)
        self.processes.clear()

    def log(self, name: str) -> str:
        """What a process has logged so far."""
        return (self.folder / f"{name}.log").read_text()

    def push(self, tasks: list[dict[str, Any]], settings: str = "", **llm: Any) -> "PushedProject":
        """Push tasks to a project that this backend drafts.

        Args:
            settings: further tables of labeltune.toml.
        """
        lines = "".join(json.dumps(task) + "\n" for task in tasks)
        (self.folder / "tasks.jsonl").write_text(lines)
        options = "".join(f"{name} = {json.dumps(value)}\n" for name, value in llm.items())
        (self.folder / "labeltune.toml").write_text(
            f'[label_studio]\nurl = "{self.up.label_studio_url}"\n'
            f'project = "Backend {self.folder.name}"\n'
            f'[backend]\nurl = "{self.url}"\n'
            f'[llm]\nbase_url = "{self.model.url}"\nmodel = "stand-in"\n{options}{settings}'
        )
        (self.folder / ".env").write_text(
            f"LABEL_STUDIO_API_KEY={self.up.env['LABEL_STUDIO_API_KEY']}\n"
        )
        done = labeltune(self.folder, "push", "tasks.jsonl", "--json")
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        return PushedProject(self, int(report["project_id"]), report["model_version"])


@dataclass(frozen=True)
class PushedProject:
    """A project in Label Studio whose drafts this backend makes."""

    backend: BackendProcesses
    id: int
    version: str

    def tasks(self) -> list[dict[str, Any]]:
        """All tasks with their predictions."""
        pages = self.backend.up.label_studio.task_pages(self.id)
        return [task for page in pages for task in page.tasks]

    def predictions(self) -> dict[int, int]:
        """How many predictions of the current version each task holds."""
        return {
            int(task["id"]): sum(p["model_version"] == self.version for p in task["predictions"])
            for task in self.tasks()
        }

    def undrafted(self) -> int:
        """How many tasks have no draft yet."""
        return sum(not count for count in self.predictions().values())

    def wait_until_drafted(self, timeout_s: float) -> None:
        """Wait until every task has a draft."""
        until = time.monotonic() + timeout_s
        while left := self.undrafted():
            log = self.backend.log("worker")
            assert time.monotonic() < until, f"{left} tasks without a draft\n{log[-3000:]}"
            time.sleep(1)

    @cached_property
    def prompts(self) -> dict[str, str]:
        """Each task's prompt: its digest for the stand-in, and its key in the reply cache."""
        queue = open_queue(self.backend.queue)
        try:
            settings = Jobs(queue).projects.settings(self.id)
        finally:
            queue.storage.close()
        assert settings is not None
        return dict(self._prompts(settings))

    def _prompts(self, settings: ProjectSettings) -> Iterator[tuple[str, str]]:
        interface, llm = settings.load_interface(), settings.llm
        for task in self.tasks():
            messages = build_messages(interface, {**task["data"], "guidelines": ""})
            request = {
                "messages": messages,
                "model": llm.model,
                "temperature": llm.temperature,
                "max_tokens": llm.max_tokens,
                "schema": interface.schema(),
                "attempt": 0,
            }
            yield prompt_digest(request), reply_key(f"{self.backend.model.url}/", request)

    def stored_prompts(self) -> set[str]:
        """Digests of the prompts whose replies are in the reply cache."""
        queue = open_queue(self.backend.queue)
        try:
            replies = Replies.beside(queue)
            return {digest for digest, key in self.prompts.items() if replies.get(key)}
        finally:
            queue.storage.close()


@contextmanager
def backend_processes(
    folder: Path, up: Up, model: StandIn, **env: str
) -> Iterator[BackendProcesses]:
    """A backend that is not started yet; what runs at the end is stopped."""
    url = f"http://127.0.0.1:{free_port()}"
    environment = clean_environment() | {
        "PYTHONSAFEPATH": "1",
        "LABEL_STUDIO_URL": up.label_studio_url,
        "LABEL_STUDIO_API_KEY": up.env["LABEL_STUDIO_API_KEY"],
        "LABELTUNE_BACKEND_URL": url,
        "LABELTUNE_QUEUE": str(folder / "queue.db"),
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": "none",
        **env,
    }
    backend = BackendProcesses(folder, up, model, environment, url)
    try:
        yield backend
    finally:
        backend.stop()
