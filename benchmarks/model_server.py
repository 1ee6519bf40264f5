"""The local model's server, alone, as benchmarks ask it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import Progress

from sync.stack.download import model_path
from sync.stack.llm_server import OPENMP
from sync.stack.models import MODELS
from sync.stack.readiness import Probe, wait_until_ready
from sync.stack.tether import tethered

_ROOT = Path(__file__).parent.parent


@contextmanager
def model_server(model: str, port: int, key: str, *options: str, log: Path) -> Iterator[str]:
    """A server of its own process, which ends with this one, however that ends.

    Args:
        model: of `sync.stack.models.MODELS`.
        key: that it asks for.
        options: of `python -m sync.stack.llm_server`, beside these.
        log: the file that gets what it says.

    Yields:
        The address of its API, `http://127.0.0.1:PORT/v1`.

    Raises:
        RuntimeError: it has ended before it was ready.
    """
    file = model_path(MODELS[model], Progress(disable=True))
    command = [sys.executable, "-m", "sync.stack.llm_server", "--model", str(file)]
    command += ["--port", str(port), *options]
    env = {**os.environ, **OPENMP, "LABELTUNE_LLM_KEY": key}
    with log.open("wb") as output:
        process = subprocess.Popen(
            tethered(command), env=env, cwd=_ROOT, stdout=output, stderr=output
        )

    def check_alive() -> None:
        if process.poll() is not None:
            raise RuntimeError(f"the model's server has ended; see {log}")

    try:
        probe = Probe("model", f"http://127.0.0.1:{port}/health")
        wait_until_ready([probe], check_alive, lambda ready, seconds: None)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()
