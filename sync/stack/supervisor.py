"""The process that runs the stack's children under honcho; when one ends, all end.

    python -m sync.stack.supervisor PARENT_PID LOG_FOLDER  < table of children as JSON

It is a process of its own so that honcho forks a small one without threads, and so that the
command keeps its terminal and its signals. Each child's lines go to LOG_FOLDER/NAME.log, honcho's
own ("NAME started (pid=…)", "NAME stopped (rc=…)") to stdout.
"""

import json
import logging
import os
import re
import signal
import sys
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from honcho.manager import SYSTEM_PRINTER_NAME, Manager
from honcho.process import Process

from sync.stack.tether import die_with, tethered_in_shell

log = logging.getLogger(__name__)

_STARTED = re.compile(r"\S+ started \(pid=(\d+)\)")
_STOP_LIMIT_S = 8  # honcho itself kills 5 seconds after the first child has ended
_LOG_BYTES = 5_000_000  # then the file becomes NAME.log.1


class LogPrinter:
    """honcho's printer seam: lines to files, and who was started."""

    width = 0  # honcho sets it

    def __init__(self, folder: Path) -> None:
        self.pids: list[int] = []
        self._folder = folder
        self._files: dict[str, RotatingFileHandler] = {}

    def write(self, message: Any) -> None:
        """Take one message of honcho's: `name`, and `data` as bytes or str."""
        data = message.data
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data)
        if message.name == SYSTEM_PRINTER_NAME:
            self.pids += [int(pid) for pid in _STARTED.findall(text)]
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            record = logging.makeLogRecord({"msg": text.rstrip("\r\n")})
            self._file(message.name).handle(record)

    def _file(self, name: str) -> RotatingFileHandler:
        if name not in self._files:
            self._files[name] = RotatingFileHandler(
                self._folder / f"{name}.log", maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8"
            )
        return self._files[name]


class TetheredProcess(Process):  # type: ignore[misc]
    """honcho's relay of one child's output; it ends with the supervisor, the child with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._supervisor = os.getpid()

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        """Run the child to its end."""
        die_with(self._supervisor)
        super().run(events, ignore_signals)


class StackManager(Manager):  # type: ignore[misc]
    """honcho's manager, with a last limit: it waits for ever while a grandchild keeps a pipe."""

    def __init__(self, printer: LogPrinter) -> None:
        super().__init__(printer)
        self._process_ctor = TetheredProcess
        signal.signal(signal.SIGALRM, self._overdue)

    def terminate(self) -> None:
        """Ask all children to end."""
        signal.alarm(_STOP_LIMIT_S)
        super().terminate()

    def _overdue(self, signum: int, frame: FrameType | None) -> NoReturn:
        raise TimeoutError(f"not all stopped within {_STOP_LIMIT_S} s")


def main() -> None:
    """Run the table of children read from stdin until one ends or SIGTERM comes."""
    die_with(int(sys.argv[1]), signal.SIGTERM)
    printer = LogPrinter(Path(sys.argv[2]))
    manager = StackManager(printer)
    for child in json.load(sys.stdin):
        manager.add_process(child["name"], tethered_in_shell(child["argv"]), env=child["env"])
    try:
        manager.loop()
    except TimeoutError as error:
        log.warning("%s; the rest is killed", error)
    except Exception:
        log.exception("honcho failed")
    finally:
        for pid in printer.pids:  # what a child may have left behind in its session
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        os._exit(0)  # never wait for a relay: it ends with this process


if __name__ == "__main__":
    main()
