"""Pushes that are killed, and a Label Studio whose answers get lost: each task exactly once."""

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.backend_processes import BackendProcesses
from tests.ml_backend.workers import wait_until
from tests.running import Up, free_port, labeltune, start_labeltune

pytestmark = pytest.mark.label_studio

KILLS = 50
A_ROUND = 60
# longer than a push needs until it has looked at the project
SLOW_S = 3.0


def project_folder(folder: Path, up: Up, backend: BackendProcesses, title: str) -> None:
    """A user's folder for a project of its own."""
    (folder / ".env").write_text(f"LABEL_STUDIO_API_KEY={up.env['LABEL_STUDIO_API_KEY']}\n")
    (folder / "labeltune.toml").write_text(
        f'[label_studio]\nurl = "{up.label_studio_url}"\nproject = "{title}"\n'
        f'[backend]\nurl = "{backend.url}"\n'
    )


def write(folder: Path, tasks: dict[str, str]) -> None:
    """The source: id -> prompt."""
    lines = [json.dumps({"id": name, "prompt": text}) for name, text in tasks.items()]
    (folder / "tasks.jsonl").write_text("\n".join(lines) + "\n")


def in_label_studio(up: Up, title: str) -> list[dict[str, Any]]:
    """Every task of every project of that title: killed pushes may have made several."""
    client = up.label_studio
    projects = [p for p in client.projects() if p["title"] == title]
    return [t for p in projects for page in client.task_pages(int(p["id"])) for t in page.tasks]


def prompts(tasks: list[dict[str, Any]]) -> dict[str, str]:
    return {t["data"]["labeltune_id"]: t["data"]["messages"][0]["content"] for t in tasks}


def start_push(folder: Path) -> subprocess.Popen[str]:
    """A push that is to be killed."""
    return start_labeltune(folder, "push", "tasks.jsonl")


def kill(process: subprocess.Popen[str]) -> None:
    """kill -9 its whole group."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def kill_after(process: subprocess.Popen[str], seconds: float) -> bool:
    """Kill it then, unless it has ended before; whether it was killed."""
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        kill(process)
        return True
    return False


def test_killed_at_random_moments(
    tmp_path: Path, up: Up, backend: BackendProcesses, often: Callable[[int], int]
) -> None:
    """New tasks, changed ones, and people at work; whatever a kill interrupts, nothing doubles.

    Imports take so long that most kills leave one under way, which the next push can't see yet.
    """
    title, chance = "Killed pushes", random.Random(5)
    project_folder(tmp_path, up, backend, title)
    with proxy(up, "slow") as between:
        _through(tmp_path, between.url)
        source, annotated = _push_and_kill(tmp_path, up, title, chance, often(KILLS))
        last = labeltune(tmp_path, "push", "tasks.jsonl", "--json")
        assert last.returncode == 0, last.stderr
        time.sleep(3)  # whatever a killed push has left under way
    tasks = in_label_studio(up, title)
    times = Counter(t["data"]["labeltune_id"] for t in tasks)
    assert {name: count for name, count in times.items() if count > 1} == {}
    assert times.keys() == source.keys()
    # what was annotated before its source changed again is as it was then
    expected = {**source, **annotated}
    assert prompts(tasks) == expected
    holding = {t["data"]["labeltune_id"] for t in tasks if t["annotations"]}
    assert holding == annotated.keys()
    assert len(up.label_studio.backends(json.loads(last.stdout)["project_id"])) == 1


def _push_and_kill(
    folder: Path, up: Up, title: str, chance: random.Random, kills: int
) -> tuple[dict[str, str], dict[str, str]]:
    """The source in the end, and what annotated tasks asked when they were annotated."""
    source: dict[str, str] = {}
    annotated: dict[str, str] = {}
    killed = 0
    for number in range(kills):
        source |= {f"t{number}-{i}": f"Question {number}.{i}?" for i in range(A_ROUND)}
        for name in chance.sample(sorted(source), 5):
            source[name] = f"Changed {number}: {name}?"
        write(folder, source)
        # the first second is Python's own; the rest of such a push lasts about another four
        killed += kill_after(start_push(folder), chance.uniform(0.8, 4.0))
        if number % 5 == 4:
            annotated |= _annotate_one(up, title, chance)
    assert killed > kills / 2, "the kills came too late"
    return source, annotated


def _annotate_one(up: Up, title: str, chance: random.Random) -> dict[str, str]:
    """Somebody answers a task; its id, and what it asked at that moment."""
    time.sleep(1)  # a change that a killed push has sent would otherwise come after the answer
    waiting = [t for t in in_label_studio(up, title) if not t["annotations"]]
    if not waiting:
        return {}
    task = chance.choice(waiting)
    up.http.post(f"/api/tasks/{task['id']}/annotations/", json={"result": []})
    return prompts([task])


class Proxy(ThreadingHTTPServer):
    """In front of Label Studio; spoils the answers to imports.

    Attributes:
        spoil: "lose": carried out, and the connection is cut; "fail": 500, and nothing is carried
            out; "late": the connection is cut, and it is carried out two seconds later; "slow":
            carried out after `SLOW_S`, even if the sender is dead by then.
        imports: how many there were.
    """

    def __init__(self, upstream: str, spoil: str) -> None:
        super().__init__(("127.0.0.1", free_port()), Handler)
        self.upstream, self.spoil, self.imports = upstream, spoil, 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Senders that are killed are no news."""


class Handler(BaseHTTPRequestHandler):
    """Passes requests on."""

    server: Proxy

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing."""

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        is_import = self.command == "POST" and self.path.endswith("/import")
        self.server.imports += is_import
        if is_import and self.server.spoil == "fail":
            self.send_error(500)
            return
        if is_import and self.server.spoil == "late":
            threading.Timer(2, self._upstream, [body]).start()
            return
        if is_import and self.server.spoil == "slow":
            time.sleep(SLOW_S)
        answer = self._upstream(body)
        if is_import and self.server.spoil == "lose":
            return
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = do_PATCH = do_DELETE = pass_on  # noqa: N815

    def _upstream(self, body: bytes) -> httpx.Response:
        kept = ("Authorization", "Content-Type")
        headers = {name: self.headers[name] for name in kept if self.headers[name]}
        return httpx.request(
            self.command,
            self.server.upstream + self.path,
            content=body,
            headers=headers,
            timeout=60,
        )


@contextmanager
def proxy(up: Up, spoil: str) -> Iterator[Proxy]:
    server = Proxy(up.label_studio_url, spoil)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("spoil", ["lose", pytest.param("late", marks=pytest.mark.thorough)])
def test_an_answer_that_gets_lost(
    tmp_path: Path, up: Up, backend: BackendProcesses, spoil: str
) -> None:
    """Found where it has arrived, and not sent again."""
    title = f"Answers that get lost ({spoil})"
    project_folder(tmp_path, up, backend, title)
    source = {f"t{i}": f"Question {i}?" for i in range(700)}
    write(tmp_path, source)
    with proxy(up, spoil) as between:
        _through(tmp_path, between.url)
        done = labeltune(tmp_path, "push", "tasks.jsonl", "--json")
        assert done.returncode == 0, done.stderr
        assert between.imports == 2
    assert json.loads(done.stdout)["created"] == len(source)
    tasks = in_label_studio(up, title)
    assert (prompts(tasks), len(tasks)) == (source, len(source))


@pytest.mark.thorough
def test_killed_on_one_machine_and_pushed_from_another(
    tmp_path: Path, up: Up, backend: BackendProcesses
) -> None:
    """Nothing here tells of the import that is under way; both are carried out."""
    title = "From two machines"
    source = {f"t{i}": f"Question {i}?" for i in range(20)}
    here, there = tmp_path / "here", tmp_path / "there"
    with proxy(up, "slow") as between:
        for folder in (here, there):
            folder.mkdir()
            project_folder(folder, up, backend, title)
            _through(folder, between.url)
            write(folder, source)
        killed = start_push(there)
        wait_until(lambda: between.imports == 1, 60)
        kill(killed)
        done = labeltune(here, "push", "tasks.jsonl", "--json")
        assert done.returncode == 0, done.stderr
        assert between.imports == 2
    report = json.loads(done.stdout)
    assert (report["created"], report["doubled"]) == (20, 20)
    tasks = in_label_studio(up, title)
    assert (prompts(tasks), len(tasks)) == (source, 20)


def test_a_label_studio_that_fails_in_the_middle(
    tmp_path: Path, up: Up, backend: BackendProcesses
) -> None:
    """One sentence, and a second push completes."""
    title = "Failing in the middle"
    project_folder(tmp_path, up, backend, title)
    source = {f"t{i}": f"Question {i}?" for i in range(20)}
    write(tmp_path, source)
    with proxy(up, "fail") as between:
        _through(tmp_path, between.url)
        failed = labeltune(tmp_path, "push", "tasks.jsonl")
    assert failed.returncode == 1
    (sentence,) = failed.stderr.splitlines()
    assert "refused POST" in sentence and "(500)" in sentence
    assert in_label_studio(up, title) == []
    _through(tmp_path, up.label_studio_url)
    done = labeltune(tmp_path, "push", "tasks.jsonl", "--json")
    assert done.returncode == 0, done.stderr
    tasks = in_label_studio(up, title)
    assert (prompts(tasks), len(tasks)) == (source, len(source))


def _through(folder: Path, url: str) -> None:
    """From now on Label Studio is reached at this address."""
    config = folder / "labeltune.toml"
    section = "[label_studio]\nurl = "
    before = config.read_text().removeprefix(section)
    config.write_text(f'{section}"{url}"{before[before.index(chr(10)) :]}')
