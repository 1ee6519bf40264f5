"""Commands as processes of their own: how long they take, and the most memory they held."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.pulling.server import Server
from benchmarks.pulling.watch import Watch
from tests.running import clean_environment

# label-studio-sdk's own way through a project, as its documentation shows it
SDK_LISTING = """
import os, sys, time
from label_studio_sdk import LabelStudio
client = LabelStudio(base_url=sys.argv[1], api_key=os.environ["LABEL_STUDIO_API_KEY"])
started = time.perf_counter()
found = sum(1 for _ in client.tasks.list(project=int(sys.argv[2]), fields="all", page_size=500))
print(found, time.perf_counter() - started)
"""


@dataclass(frozen=True)
class Pulled:
    """One `labeltune pull`.

    Attributes:
        command_s: of the whole process, from its start to its end.
        peak_rss_mb: the most memory that the process held.
        report: what `labeltune pull --json` said.
    """

    command_s: float
    peak_rss_mb: float
    report: dict[str, Any]

    @property
    def seconds(self) -> float:
        """Of the pull itself, without the start of the process."""
        return float(self.report["seconds"])


def prepare(folder: Path, server: Server, title: str) -> None:
    """Make a folder to pull into."""
    folder.mkdir(parents=True)
    (folder / "labeltune.toml").write_text(
        f'[label_studio]\nurl = "{server.url}"\nproject = "{title}"\n', encoding="utf-8"
    )


def pull(folder: Path, server: Server) -> Pulled:
    """Run `labeltune pull` in a prepared folder.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "sync", "pull", "--json"],
        cwd=folder,
        env=_environment(server),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watch = Watch(process.pid)
    said, complaint = process.communicate()
    taken = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"labeltune pull ended with {process.returncode}: {complaint}")
    return Pulled(taken, watch.peak_mb(), json.loads(said))


def sdk_listing(server: Server, project_id: int, tasks: int) -> float:
    """Seconds that label-studio-sdk's `tasks.list` takes for the whole project.

    Raises:
        RuntimeError: it failed, or did not list every task.
    """
    done = subprocess.run(
        [sys.executable, "-c", SDK_LISTING, server.url, str(project_id)],
        env=_environment(server),
        capture_output=True,
        text=True,
        check=False,
    )
    found, _, seconds = done.stdout.strip().partition(" ")
    if done.returncode or int(found) != tasks:
        raise RuntimeError(f"label-studio-sdk listed {found or 'no'} tasks: {done.stderr[-500:]}")
    return float(seconds)


def _environment(server: Server) -> dict[str, str]:
    return clean_environment() | {"LABEL_STUDIO_API_KEY": server.key}
