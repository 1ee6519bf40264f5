"""The process that runs the stack's children; when one ends, all end.

    python -m sync.stack.supervisor PARENT_PID LOG_FOLDER  < table of children as JSON

It is a process of its own so that the command keeps its terminal and its signals. Each child's
lines go to LOG_FOLDER/NAME.log, the supervisor's own ("NAME started (pid=…)", "NAME stopped
(rc=…)") to stdout.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import IO, NoReturn

from sync.stack.tether import die_with, tethered

log = logging.getLogger(__name__)

_POLL_S = 0.1
_STOP_LIMIT_S = 8.0  # the worker finishes a draft within 5
_LAST_LINES_S = 1.0
_LOG_BYTES = 5_000_000  # then the file becomes NAME.log.1


class RunningChild:
    """A child in a session of its own, and the thread that writes its lines to its log."""

    def __init__(self, name: str, argv: Sequence[str], env: dict[str, str], logs: Path) -> None:
        self.name = name
        self._process = subprocess.Popen(
            tethered(argv),
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        _say(f"{name} started (pid={self._process.pid})")
        file = RotatingFileHandler(
            logs / f"{name}.log", maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8"
        )
        self._relay = Thread(target=_relay, args=(self._process.stdout, file), daemon=True)
        self._relay.start()

    def has_ended(self) -> bool:
        """Whether the child has ended; the first time, its status is told."""
        known = self._process.returncode is not None
        status = self._process.poll()
        if status is not None and not known:
            _say(f"{self.name} stopped (rc={status})")
        return status is not None

    def send(self, signum: signal.Signals) -> None:
        """Send a signal to the child and to all that it has started in its session."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signum)

    def read_last_lines(self) -> None:
        """Wait until its output is written, unless another process holds the pipe open."""
        self._relay.join(_LAST_LINES_S)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _relay(output: IO[bytes], file: logging.Handler) -> None:
    """Write a child's lines to its log."""
    for line in output:
        file.handle(logging.makeLogRecord({"msg": line.decode("utf-8", "replace").rstrip("\r\n")}))


def _stop(children: Sequence[RunningChild]) -> None:
    """Ask all children to end, and kill what is left after the limit."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for child in children:
        if not child.has_ended():
            child.send(signal.SIGTERM)
    limit = time.monotonic() + _STOP_LIMIT_S
    while not all(child.has_ended() for child in children) and time.monotonic() < limit:
        time.sleep(_POLL_S)
    for child in children:
        if not child.has_ended():
            _say(f"{child.name} has not stopped within {_STOP_LIMIT_S:.0f} s and is killed")
        child.send(signal.SIGKILL)  # also to what it may have left behind in its session
        child.read_last_lines()


def _leave(signum: int, frame: FrameType | None) -> NoReturn:
    signal.signal(signum, signal.SIG_IGN)  # once is enough
    sys.exit()


def main() -> None:
    """Run the table of children read from stdin until one ends or SIGTERM comes."""
    signal.signal(signal.SIGTERM, _leave)
    die_with(int(sys.argv[1]), signal.SIGTERM)
    children: list[RunningChild] = []
    try:
        for child in json.load(sys.stdin):
            children.append(RunningChild(**child, logs=Path(sys.argv[2])))  # noqa: PERF401
        while not any(child.has_ended() for child in children):
            time.sleep(_POLL_S)
    except Exception:
        log.exception("the supervisor failed")
    finally:
        _stop(children)
        os._exit(0)  # never wait for a relay: it ends with this process


if __name__ == "__main__":
    main()
