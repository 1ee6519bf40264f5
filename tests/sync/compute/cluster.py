"""Python processes of their own for what can't be seen from inside one that uses Ray."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]

TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "f" * 64}

_CLUSTER = """
import sys, ray
ray.init("local", include_dashboard=False, log_to_driver=False, num_cpus=1, _temp_dir=sys.argv[1])
print(ray.get_runtime_context().gcs_address, flush=True)
sys.stdin.read()
ray.shutdown()
"""


@contextmanager
def python(script: str, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A script that runs until its input closes, or to its end."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("RAY_")} | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.communicate(timeout=60)


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The address of a Ray cluster that somebody else started."""
    with python(_CLUSTER, str(folder), RAY_USAGE_STATS_ENABLED="0", **TOKEN) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
