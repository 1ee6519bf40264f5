"""Start the stack's processes, notice when one dies, stop them all."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from sync.common.errors import StackError
from sync.stack.processes import TITLES, Child, python_environment

_STOPPED = re.compile(r"^(\S+) stopped \(rc=(-?\d+)\)$", re.MULTILINE)
_STOP_LIMIT_S = 15.0  # the supervisor kills after 8


class Session:
    """The running stack; a context manager that leaves no process behind."""

    def __init__(self, children: Sequence[Child], state: Path, environ: dict[str, str]) -> None:
        """Prepare; nothing is started yet.

        Args:
            state: the folder's `.labeltune`, absolute; the children's working folder.
            environ: the environment of the supervisor itself.
        """
        self.logs = state / "logs"
        self._children = children
        self.state = state
        self._environ = python_environment(environ)
        self._own_log = self.logs / "supervisor.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.logs.mkdir(exist_ok=True)
        with self._own_log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sync.stack.supervisor", str(os.getpid()), str(self.logs)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.state,
                env=self._environ,
                start_new_session=True,  # Ctrl-C in the terminal is for us alone
            )
        assert self._process.stdin is not None
        table = json.dumps([asdict(child) for child in self._children]).encode()
        with suppress(BrokenPipeError), self._process.stdin as pipe:  # check() reports a death
            pipe.write(table)
        return self

    @property
    def pid(self) -> int:
        """The supervisor's process id."""
        assert self._process is not None
        return self._process.pid

    def check(self) -> None:
        """Nothing while all runs.

        Raises:
            StackError: a process has died; all others are stopped.
        """
        assert self._process is not None
        if self._process.poll() is not None:
            raise self._died()

    def wait_for(self, seconds: float) -> None:
        """Block for so long, if all runs meanwhile.

        Raises:
            StackError: a process has died; all others are stopped.
        """
        assert self._process is not None
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
            raise self._died()

    def wait(self) -> None:
        """Block for as long as all runs.

        Raises:
            StackError: a process has died; all others are stopped.
        """
        assert self._process is not None
        self._process.wait()
        raise self._died()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        with _signals_ignored():
            self._process.terminate()
            try:
                self._process.wait(_STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()  # the tether takes the children down
                self._process.wait()

    def _died(self) -> StackError:
        """The first process that ended, and where it says why."""
        first = _STOPPED.search(self._own_log.read_text(encoding="utf-8", errors="replace"))
        if first is None:
            return StackError(f"the supervisor of the processes has died; see {self._own_log}")
        name, status = first[1], first[2]
        return StackError(
            f"{TITLES.get(name, name)} has stopped by itself (status {status}), so everything "
            f"was stopped; see {self.logs / name}.log"
        )


@contextmanager
def _signals_ignored() -> Iterator[None]:
    """Let nothing interrupt the stopping."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, signal.SIG_IGN) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            if handler is not None:
                signal.signal(number, handler)
