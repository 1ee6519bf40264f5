"""`labeltune pull --watch` as a process: what it says, and how it ends."""

import json
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sync.table.task_table import TaskTable
from tests.ml_backend.http_double import Reply, http_double, unused_url
from tests.running import labeltune, start_labeltune
from tests.sync.fakes import PROJECT_ID, FakeLabelStudio
from tests.sync.served import configure, served

SIGNALS = [signal.SIGINT, signal.SIGTERM]


@contextmanager
def watching(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The command under way in a folder; killed if a test left it running."""
    with start_labeltune(folder, "pull", "--watch", *options) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


def end(process: subprocess.Popen[str], number: int) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@pytest.mark.parametrize("number", SIGNALS)
def test_it_tells_what_each_pull_brought_and_ends_well(tmp_path: Path, number: int) -> None:
    project = FakeLabelStudio()
    first = project.add()
    with served(project) as url:
        configure(tmp_path, url, f'[backend]\nurl = "{unused_url()}"\n')
        with watching(tmp_path, "--interval", "1", "--json") as process:
            said = line(process)
            assert (said["new"], said["project"]) == (1, "Support answers")
            assert said["at"].endswith("+00:00")
            project.annotate(first)
            said = line(process)
            assert (said["new"], said["changed"], said["table_version"]) == (0, 1, 1)
            assert end(process, number) == (0, "", "")
    assert len(TaskTable(tmp_path / "labeltune-data" / "tasks").rows(PROJECT_ID)) == 1


def test_an_event_at_the_backend_is_pulled_at_once(tmp_path: Path) -> None:
    project, heard = FakeLabelStudio(), {"7": 1}
    project.add()
    with served(project) as url, http_double(lambda _: Reply({"events": heard})) as backend:
        configure(tmp_path, url, f'[backend]\nurl = "{backend.url}"\n')
        with watching(tmp_path, "--interval", "3600", "--json") as process:
            assert line(process)["new"] == 1
            project.add()
            heard["7"] = 2
            assert line(process)["new"] == 1
            assert end(process, signal.SIGTERM)[0] == 0


@pytest.mark.parametrize("number", SIGNALS)
def test_it_ends_well_in_the_middle_of_a_pull(tmp_path: Path, number: int) -> None:
    project = FakeLabelStudio()
    project.add()
    reached, go_on = threading.Event(), threading.Event()

    def linger() -> None:
        reached.set()
        go_on.wait(60)

    project.meanwhile = linger
    with served(project) as url:
        configure(tmp_path, url)
        with watching(tmp_path) as process:
            assert reached.wait(60)
            status, out, err = end(process, number)
            go_on.set()
        assert (status, out, err) == (0, "", "")
        assert TaskTable(tmp_path / "labeltune-data" / "tasks").version is None
        project.meanwhile = lambda: None
        assert labeltune(tmp_path, "pull").returncode == 0, "nothing is left locked"


def test_a_label_studio_that_is_away_is_told_once(tmp_path: Path) -> None:
    project = FakeLabelStudio()
    configure(tmp_path, unused_url())
    with watching(tmp_path, "--interval", "1", "--json") as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said.startswith("labeltune: ")
        assert said.endswith("trying again every 1 s\n")
        status, out, err = end(process, signal.SIGTERM)
        assert (status, out, err) == (0, "", "")
    assert project.history == []


def test_a_refused_key_ends_it(tmp_path: Path) -> None:
    with served(FakeLabelStudio()) as url:
        configure(tmp_path, url)
        (tmp_path / ".env").write_text(f"LABEL_STUDIO_API_KEY={'b' * 40}\nLABEL_STUDIO_URL={url}\n")
        done = labeltune(tmp_path, "pull", "--watch")
    assert done.returncode == 1
    assert "refused the key (401)" in done.stderr


def test_an_interval_is_for_watching(tmp_path: Path) -> None:
    for options in (("--interval", "5"), ("--watch", "--interval", "0")):
        assert labeltune(tmp_path, "pull", *options).returncode == 2
