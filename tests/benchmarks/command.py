"""Benchmarks as they are run from the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `benchmarks/NAME.py`, without the network's help."""
    return subprocess.run(
        [sys.executable, f"benchmarks/{name}.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def figures(name: str, *arguments: str) -> dict[str, Any]:
    """What a run that succeeds measured, by name."""
    done = run(name, *arguments, "--json")
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found
