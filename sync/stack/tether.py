"""Run a command that dies when its parent dies, even by `kill -9`.

    python tether.py PARENT_PID COMMAND [ARGUMENT…]

The process becomes COMMAND (exec), so there is no extra process and the exit status is the
command's own. It rests on Linux's PR_SET_PDEATHSIG; on other systems the command simply runs.
Only the standard library is used: the file is also run by path, outside our package.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1
_RUN = (sys.executable, "-I", "-S", __file__)


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
