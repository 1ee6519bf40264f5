"""The verbs as a user types them: exit status, what goes to stdout, and one sentence when it fails.

Label Studio is a server of two routes here; the real one is met in tests/e2e.
"""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result

from sync import settings as configuration
from sync.cli import cli
from sync.table.task_table import TaskTable
from tests.running import free_port, labeltune
from tests.sync.builders import annotation, result, task_row

KEY = "a" * 40


class Handler(BaseHTTPRequestHandler):
    """An empty project for the right key; 401 for others."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if self.headers.get("Authorization") != f"Token {KEY}":
            return self.answer(401, {"detail": "Invalid token."})
        if path == "/api/projects/":
            project = {"id": 7, "title": "Support answers", "task_number": 0}
            counters = dict.fromkeys(
                (
                    "total_annotations_number",
                    "skipped_annotations_number",
                    "total_predictions_number",
                ),
                0,
            )
            return self.answer(200, {"results": [project | counters], "next": None})
        return self.answer(200, {"tasks": [], "total": 0, "total_annotations": 0})

    def answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def label_studio() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose services are all down."""
    (tmp_path / "labeltune.toml").write_text(
        f'[label_studio]\nurl = "http://127.0.0.1:{free_port()}"\n'
        f'[backend]\nurl = "http://127.0.0.1:{free_port()}"\n'
    )
    (tmp_path / ".env").write_text(f"LABEL_STUDIO_API_KEY={KEY}\n")
    return tmp_path


def connect(folder: Path, url: str, key: str = KEY) -> None:
    (folder / ".env").write_text(f"LABEL_STUDIO_API_KEY={key}\nLABEL_STUDIO_URL={url}\n")


def store_finished(folder: Path, *answers: str, category: str | None = None) -> None:
    data_dir = configuration.load(folder / "labeltune.toml").data_dir
    rows = [
        task_row(
            i,
            [annotation(i, result(answer, category=category))],
            messages=[{"role": "user", "content": "Is a new card free?"}],
        )
        for i, answer in enumerate(answers, start=1)
    ]
    TaskTable(data_dir / "tasks").apply(7, rows)


def one_sentence(text: str) -> str:
    (line,) = text.splitlines()
    assert line.startswith("labeltune: ")
    return line


VERBS = ("pull", "check", "report", "split", "export", "status", "versions")


@pytest.mark.parametrize("verb", VERBS)
def test_help_ends_with_an_example(folder: Path, verb: str) -> None:
    shown = labeltune(folder, verb, "--help")
    assert shown.returncode == 0
    assert re.search(rf"Examples?:\n    labeltune {verb}", shown.stdout)


@pytest.mark.parametrize("verb", ["check", "export --format openai-chat"])
def test_nothing_pulled_is_one_sentence(folder: Path, verb: str) -> None:
    done = labeltune(folder, *verb.split())
    assert (done.returncode, done.stdout) == (1, "")
    assert "run `labeltune pull`" in one_sentence(done.stderr)


def test_status_of_services_that_are_down(folder: Path) -> None:
    done = labeltune(folder, "status", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert not shown["label_studio"]["up"]
    assert not shown["backend"]["up"]
    assert shown["table"]["version"] is None
    assert done.stderr == ""
    assert "is down" in labeltune(folder, "status").stdout


@pytest.mark.parametrize("verb", ["pull", "status"])
def test_a_wrong_key_is_one_sentence(folder: Path, label_studio: str, verb: str) -> None:
    connect(folder, label_studio, "b" * 40)
    done = labeltune(folder, verb)
    assert (done.returncode, done.stdout) == (1, "")
    assert "refused the key (401)" in one_sentence(done.stderr)


@pytest.mark.parametrize("verb", ["pull", "status"])
def test_no_key_is_one_sentence(folder: Path, verb: str) -> None:
    (folder / ".env").write_text("")
    done = labeltune(folder, verb)
    assert done.returncode == 1
    assert "LABEL_STUDIO_API_KEY" in one_sentence(done.stderr)


def test_pulling_an_empty_project_says_so(folder: Path, label_studio: str) -> None:
    connect(folder, label_studio)
    done = labeltune(folder, "pull")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "'Support answers' has no tasks yet; add some with `labeltune push`.\n"
    shown = json.loads(labeltune(folder, "status", "--json").stdout)
    assert shown["project"]["tasks"] == 0
    assert shown["table"]["pulled_at"]


def check(folder: Path, *options: str) -> Result:
    """In this process, where the embedding model is loaded once."""
    return CliRunner().invoke(cli, ["check", "--config", str(folder / "labeltune.toml"), *options])


def test_check_fails_on_what_it_is_told_to(folder: Path) -> None:
    store_finished(folder, "Yes, it is free of charge.", "The exchange rate is set daily.")
    for options, status in (((), 0), (("--fail-on", "warning"), 3), (("--fail-on", "error"), 3)):
        done = check(folder, *options)
        assert (done.exit_code, done.stderr) == (status, "")
        assert done.stdout.startswith("1 finding (1 contradiction) in 2 finished tasks; written to")
    shown = json.loads(check(folder, "--json").stdout)
    assert shown["by_severity"] == {"error": 1, "warning": 0, "info": 0}
    assert labeltune(folder, "check", "--fail-on", "error").returncode == 3
    store_finished(folder, "Yes, it is free of charge.", "Yes, it is free of charge.")
    assert check(folder, "--fail-on", "warning").exit_code == 0


def test_check_says_what_it_did_not_judge(folder: Path) -> None:
    store_finished(folder, "Yes, it is free of charge.", category="cards")
    done = check(folder)
    assert done.exit_code == 0
    assert done.stdout.startswith("No findings in 1 finished task; written to")
    assert "Not judged: category: too few labels to judge" in done.stdout


def test_export_shows_where_and_warns_on_stderr(folder: Path) -> None:
    store_finished(folder, "Yes, it is free of charge.")
    done = labeltune(folder, "export", "--format", "openai-chat", "--out", "release")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "1 example written to release.\n"
    assert done.stderr.startswith("warning: openai-chat.jsonl: 1 example; ")
    again = labeltune(folder, "export", "--format", "openai-chat", "--out", "release", "--json")
    shown = json.loads(again.stdout)
    assert (shown["written"], shown["counts"]["exported"]) == (False, 1)
    assert (folder / "release" / "openai-chat.jsonl").is_file()


def test_export_without_a_known_format_is_usage(folder: Path) -> None:
    assert labeltune(folder, "export").returncode == 2
    assert labeltune(folder, "export", "--format", "openai-chatt").returncode == 2


def test_formats_are_listed_without_a_configuration(tmp_path: Path) -> None:
    done = labeltune(tmp_path, "export", "--list-formats")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("openai-chat ")
    assert "openai-chat" in json.loads(
        labeltune(tmp_path, "export", "--list-formats", "--json").stdout
    )
