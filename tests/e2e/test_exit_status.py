"""Processes that did their work end with status 0, every time.

Arrow's threads can abort a process when the interpreter is taken apart (status 134): about one in
five that read the table by `to_pyarrow_table`, and now and then one that reads a Parquet file
through a Python file object. Our verbs read otherwise, and `sync.cli.run` leaves without that.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from tests.running import clean_environment
from tests.running import labeltune_from_start as labeltune
from tests.sync.builders import result
from tests.sync.fakes import FakeLabelStudio
from tests.sync.served import configure, served

RUNS = 50
# two at a time, as many as a small machine has cores
AT_ONCE = 2

VERBS = {
    "pull": ("pull",),
    "status": ("status",),
    "versions": ("versions",),
    # of a version in which nothing is finished: the embedding model would take most of the time
    "check": ("check", "--at", "0"),
    "export": ("export", "--format", "openai-chat"),
}


def rounds(folder: Path, how_many: int) -> Counter[tuple[str, int]]:
    """Every verb so often, each time after a change; how they ended."""
    project, ended = FakeLabelStudio(), Counter[tuple[str, int]]()
    for _ in range(20):
        project.predict(project.add())
    folder.mkdir()
    with served(project) as url:
        configure(folder, url)
        assert labeltune(folder, "pull").returncode == 0
        for number in range(how_many):
            project.annotate(project.add(), result(f"Answer {number}."))
            for name, arguments in VERBS.items():
                ended[name, labeltune(folder, *arguments, "--json").returncode] += 1
        last = json.loads(labeltune(folder, "versions", "--json").stdout)["versions"][0]
        assert last["version"] == how_many, "every pull wrote a version"
    return ended


def test_every_verb_that_uses_the_table_ends_with_0(
    tmp_path: Path, often: Callable[[int], int]
) -> None:
    runs = often(2 * RUNS) // 2  # at a commit fewer than kills
    folders = [tmp_path / str(number) for number in range(AT_ONCE)]
    ended = Counter[tuple[str, int]]()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for some in threads.map(rounds, folders, [runs // AT_ONCE] * AT_ONCE):
            ended += some
    assert ended == {(name, 0): runs for name in VERBS}


# a verb that reads in the way that aborts one process in five
PROBE = """
import sys
from types import ModuleType
import click
from sync import cli

@click.command()
@click.argument("table")
def command(table):
    from deltalake import DeltaTable
    print(len(DeltaTable(table).to_pyarrow_table()), "rows")
    sys.exit(3)

module = sys.modules["sync.commands.probe"] = ModuleType("sync.commands.probe")
module.command = command
cli.VERBS["probe"] = "Probe."
sys.argv[1:1] = ["probe"]
cli.run()
"""
# what the interpreter does before it takes itself apart
ENDING = """
import atexit, sys, threading, time
from sync import cli
threading.Thread(target=lambda: (time.sleep(0.1), print("thread ended"))).start()
atexit.register(print, "handler called")
sys.argv[1:] = ["--version"]
cli.run()
"""


def run(code: str, *arguments: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    for number in range(6):
        rows = pa.table({"a": range(300), "b": [[{"c": number, "d": "x" * 50}]] * 300})
        write_deltalake(str(tmp_path / "table"), rows, mode="append")
    return tmp_path / "table"


def test_a_process_leaves_with_its_own_status(table: Path, often: Callable[[int], int]) -> None:
    runs = often(20)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        ended = list(threads.map(lambda _: run(PROBE, str(table)), range(runs)))
    assert ended == [(3, ["1800 rows"])] * runs


def test_threads_and_handlers_have_their_turn() -> None:
    status, lines = run(ENDING)
    assert status == 0
    assert "thread ended" in lines[:-1]  # before or after the version, as busy as the machine is
    assert lines[-1] == "handler called"
