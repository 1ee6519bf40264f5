"""Run a command to its end with its output in a log file."""

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from sync.stack.tether import tethered

# (command, log file); raises subprocess.CalledProcessError
RunLogged = Callable[[Sequence[str], Path], None]


def run_logged(command: Sequence[str], log: Path) -> None:
    """Run a command; it never asks, and it ends when this process ends.

    Raises:
        subprocess.CalledProcessError: an exit status other than 0.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    with log.open("ab") as output:
        subprocess.run(
            tethered(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            check=True,
        )
