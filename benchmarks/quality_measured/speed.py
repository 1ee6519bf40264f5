"""What a whole `check` costs: at first, with more work, and when little has changed.

Made-up pulled work in words of real answers, embedded already; each run is a process of its own,
so that its memory can be told.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.quality_measured.cases import Case
from benchmarks.quality_measured.pulled import Finished, found, store, with_vectors_alone
from connectors.reading import Embeddings
from sync.quality.text_checks.checked_text import CheckedText
from sync.settings import Config

CHANGED = 0.01
_DIM, _TOPICS, _ANNOTATORS = 384, 8, 6
_ROOT = Path(__file__).parent.parent.parent


def measured(cases: Sequence[Case], number: int) -> dict[str, Any]:
    """Seconds and memory of three runs over so many tasks: cold, again, and after a change."""
    with tempfile.TemporaryDirectory() as name:
        first, second = Path(name) / "first", Path(name) / "second"
        work = made_up(cases, number)
        config = store(first, work)
        _run(first)
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


def _run(folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.quality_measured.speed", str(folder)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"quality: a run of check failed: {done.stderr[-2000:]}")
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return said


class Topics:
    """Made-up vectors: texts of one topic lie near each other, each at a place of its own."""

    def __init__(self, name: str) -> None:
        self._topics = np.random.default_rng(18).normal(size=(_TOPICS, _DIM))

    def encode(self, texts: list[str]) -> Embeddings:
        """(n, 384) unit rows."""
        rows = np.array([self._row(text) for text in texts]).reshape(-1, _DIM)
        units: Embeddings = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return units

    def _row(self, text: str) -> Embeddings:
        words = text.split()
        seed = abs(int.from_bytes(text.encode()[-64:], "big")) % 2**32
        noise: Embeddings = np.random.default_rng(seed).normal(size=_DIM)
        if words[:1] != ["topic"]:
            return noise
        return self._topics[int(words[1])] + noise


def _main(folder: Path) -> None:
    started = perf_counter()
    report, _ = found(Config(folder=folder, api_key="0" * 40), Topics)
    seconds = perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    said = {
        "seconds": round(seconds, 2),
        "peak_mb": round(peak / 1024),
        "findings": report.findings,
    }
    print(json.dumps(said))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
