"""Run a command that dies when its parent dies, even by `kill -9`.

    python tether.py PARENT_PID COMMAND [ARGUMENT…]

The process becomes COMMAND (exec), so there is no extra process and the exit status is the
command's own. It rests on Linux's PR_SET_PDEATHSIG; on other systems the command simply runs.
Only the standard library is used: the file is also run by path, outside our package.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_RUN = (sys.executable, "-I", "-S", __file__)

# (command, log file); raises subprocess.CalledProcessError
RunLogged = Callable[[Sequence[str], Path], None]


def die_with(parent: int, signum: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to send this process `signum` when its parent ends.

    Args:
        parent: the parent's process id; if that has ended already, this process exits.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def tethered(command: Sequence[str]) -> list[str]:
    """The command line that runs `command` for as long as this process lives."""
    return [*_RUN, str(os.getpid()), *command]


def run_logged(command: Sequence[str], log: Path) -> None:
    """Run a command to its end, with its output in a log.

    It never asks, and it ends when this process ends.

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


def main() -> None:
    """Become the command named by the arguments."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    die_with(parent)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
