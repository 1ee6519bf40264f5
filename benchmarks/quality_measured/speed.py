"""What a whole `check` costs: at first, with more work, and when little has changed.

Made-up pulled work in words of real answers, embedded already. Each run is a process of its own
that does what `labeltune check` does, from its start to the report that it writes, so that all of
its time and memory can be told, and what it spends them on.
"""

import functools
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import numpy as np

from benchmarks.quality_measured.cases import Case
from benchmarks.quality_measured.pulled import Finished, found, store, with_vectors_alone
from connectors.reading import Embeddings
from sync.quality.check import check
from sync.quality.decoded.work import DecodedWork, read_work
from sync.quality.text_checks.checked_text import CheckedText
from sync.settings import Config

CHANGED = 0.01
_DIM, _TOPICS, _ANNOTATORS = 384, 8, 6
# of a vector, what nothing else has
_OWN = 0.2
_ROOT = Path(__file__).parent.parent.parent


def measured(cases: Sequence[Case], number: int) -> dict[str, Any]:
    """Seconds and memory of three runs over so many tasks: cold, again, and after a change."""
    with tempfile.TemporaryDirectory() as name:
        first, second = Path(name) / "first", Path(name) / "second"
        work = made_up(cases, number)
        config = store(first, work)
        found(config, Topics, ["unreadable"])  # which embeds all texts
        with_vectors_alone(config, second)
        cold = _run(second)
        again = _run(second)
        store(second, _changed(work))
        after = _run(second)
    return {
        "tasks": number,
        "cold": cold,
        "again": again,
        "after_change": after,
        "changed": CHANGED,
        "share_after_change": round(after["seconds"] / cold["seconds"], 3),
        "cpu_share_after_change": round(after["cpu_seconds"] / cold["cpu_seconds"], 3),
    }


def made_up(cases: Sequence[Case], number: int) -> list[Finished]:
    """Finished tasks: sentences of real answers, a category that mostly follows from the words."""
    draws = Random(18)
    parts = [s for case in cases for s in case.text.answer.split(". ") if 20 < len(s) < 300]
    found = []
    for task_id in range(1, number + 1):
        topic = draws.randrange(_TOPICS)
        said = ". ".join(draws.sample(parts, draws.randint(2, 6)))
        asked = f"topic {topic} question {task_id}: {draws.choice(parts)[:120]}?"
        case = draws.choice(cases)
        text = CheckedText(
            question=asked,
            prompt=asked,
            answer=f"topic {topic} answer {task_id}: {said}.",
            context={
                "plan": draws.choice(("Basic", "Plus")),
                "since": str(draws.randint(2015, 2025)),
            },
            documents=case.text.documents[:1] if task_id % 4 == 0 else (),
            draft=None
            if task_id % 3
            else f"topic {topic} answer {task_id}: {said[: len(said) // 2]}",
            lead_time_s=draws.uniform(10, 300),
        )
        label = topic if draws.random() < 0.95 else draws.randrange(_TOPICS)
        annotator = 1 + draws.randrange(_ANNOTATORS)
        found.append(Finished(task_id, text, f"topic {label}", annotator, task_id))
    return found


def _changed(work: Sequence[Finished]) -> list[Finished]:
    every = round(1 / CHANGED)
    return [
        replace(
            one,
            text=replace(one.text, answer=f"{one.text.answer} This was added."),
            minutes=one.minutes + 10**6,
        )
        for one in work[::every]
    ]


def _run(folder: Path) -> dict[str, Any]:
    started = monotonic()
    command = [sys.executable, "-m", "benchmarks.quality_measured.speed", str(folder), str(started)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    seconds = monotonic() - started
    if done.returncode:
        raise SystemExit(f"quality: a run of check failed: {done.stderr[-2000:]}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {"seconds": round(seconds, 2), **said}


class Topics:
    """Made-up vectors: texts of one topic lie near each other, those of the same words very near.

    What a text begins with, up to a colon, tells its topic and which of its like it is.
    """

    def __init__(self, name: str) -> None:
        self._topics = np.random.default_rng(18).normal(size=(_TOPICS, _DIM))

    def encode(self, texts: list[str]) -> Embeddings:
        """(n, 384) unit rows."""
        rows = np.array([self._row(text) for text in texts]).reshape(-1, _DIM)
        units: Embeddings = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return units

    def _row(self, text: str) -> Embeddings:
        begins, _, words = text.partition(": ")
        if not begins.startswith("topic "):
            return _noise(text)
        topic = self._topics[int(begins.split()[1])]
        found: Embeddings = topic + _noise(words) + _OWN * _noise(text)
        return found


def _noise(text: str) -> Embeddings:
    seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
    found: Embeddings = np.random.default_rng(seed).normal(size=_DIM)
    return found


class _Phases:
    """Seconds by what a run is at."""

    def __init__(self, started: float) -> None:
        self.seconds: dict[str, float] = {}
        self._since, self._at = started, "starting"

    def begin(self, name: str) -> None:
        """From now on the run is at this."""
        now = monotonic()
        self.seconds[self._at] = self.seconds.get(self._at, 0.0) + now - self._since
        self._since, self._at = now, name

    def running(self, name: str, done: int, total: int) -> None:
        """As `check` tells it: of text checks, how many texts are done as well."""
        self.begin("text checks" if "text check" in name else name)


def _main(folder: Path, started: float) -> None:
    # what the command imports is part of what it takes
    from sync.commands.check import report_of_check

    config = Config(folder=folder, api_key="0" * 40)
    phases = _Phases(started)

    @functools.cache
    def read() -> DecodedWork:
        phases.begin("reading")
        work = read_work(config)
        phases.begin("vectors")
        return work

    report = check(config, load=Topics, running=phases.running, read=read)
    phases.begin("report")
    report_of_check(config, asdict(report), None, read())
    phases.begin("")
    own, others = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    said = {
        "cpu_seconds": round(sum(u.ru_utime + u.ru_stime for u in (own, others)), 2),
        "peak_mb": round(max(own.ru_maxrss, others.ru_maxrss) / 1024),
        "findings": report.findings,
        "phases": {name: round(seconds, 3) for name, seconds in phases.seconds.items()},
    }
    print(json.dumps(said))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), float(sys.argv[2]))
