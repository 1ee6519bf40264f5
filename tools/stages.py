"""One line for each thing that takes time: live in a terminal, else when it begins and ends.

What a stage runs writes into one log file. The standard library only: it runs before anything is
installed. `labeltune up` shows its stages alike (`sync.stack.stages`).
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
_TETHER = ROOT / "sync" / "stack" / "tether.py"
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

# says in a few words how far a stage is, as "57 of 143 packages fetched"
Measure = Callable[[], str]


class CommandError(Exception):
    """A command ended with an error; its output is the end of the log."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"status {status}")
        self.said = said


class Stages:
    """The lines of one installation."""

    def __init__(self, log: Path) -> None:
        """Nothing is shown yet.

        Args:
            log: takes the output of all commands; begun anew.
        """
        self.log = log
        self._is_live = sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._begins_at = 0
        log.write_text("")

    @contextmanager
    def stage(self, title: str, measure: Measure = lambda: "") -> Iterator[None]:
        """Show something that takes time until it is done; of what fails, the error tells."""
        began = time.monotonic()
        self._begins_at = self.log.stat().st_size
        if not self._is_live:
            _write(f"{title} …\n")
            yield
            said = ", ".join(filter(None, (measure(), lasting(time.monotonic() - began))))
            _write(f"{title}: {said}\n")
            return
        ended = threading.Event()
        drawing = threading.Thread(target=_draw, args=(title, measure, began, ended), daemon=True)
        drawing.start()
        try:
            yield
        except BaseException:
            ended.set()
            drawing.join()
            _write("\r\x1b[K")
            raise
        ended.set()
        drawing.join()
        lasted_s = time.monotonic() - began
        _write(f"\r\x1b[K{stage_line('✓', title, measure(), lasted_s)}\n")

    def run(self, command: Sequence[str | Path], **environment: str) -> None:
        """Run a command to its end; it never asks, and ends when this process ends.

        Raises:
            CommandError: an exit status other than 0.
        """
        words = [str(word) for word in command]
        begins_at = self.log.stat().st_size
        with self.log.open("ab") as output:
            output.write(f"$ {' '.join(words)}\n".encode())
            output.flush()
            done = subprocess.run(
                [sys.executable, "-I", "-S", str(_TETHER), str(os.getpid()), *words],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                check=False,
            )
        if done.returncode:
            raise CommandError(done.returncode, self._since(begins_at))

    def said(self) -> str:
        """What the commands of the stage that runs have written so far."""
        return self._since(self._begins_at)

    def _since(self, position: int) -> str:
        with self.log.open("rb") as lines:
            lines.seek(position)
            return lines.read().decode(errors="replace")


def _draw(title: str, measure: Measure, began: float, ended: threading.Event) -> None:
    count = 0
    while not ended.wait(0.2):
        frame, lasted_s = _FRAMES[count % len(_FRAMES)], time.monotonic() - began
        _write(f"\r\x1b[K{stage_line(frame, title, measure(), lasted_s)}")
        count += 1


def stage_line(mark: str, title: str, said: str, lasted_s: float) -> str:
    """No longer than the terminal is wide: a line that wraps can't be drawn over."""
    lasted = lasting(lasted_s)
    room = shutil.get_terminal_size().columns - 2 - len(lasted)
    wide = f"{mark} {title:<34} {said}"
    line = wide if len(wide) <= room else f"{mark} {title} {said}"
    return f"{line[:room]:<{min(room, 84)}} {lasted}"


def lasting(seconds: float) -> str:
    """`48 s`, `1 min 5 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return " ".join([f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * bool(rest or not minutes))


def time_left(seconds: float) -> str:
    """`about 40 s left`, `about 6 min left`."""
    if seconds < 90:
        return f"about {max(5, 5 * round(seconds / 5))} s left"
    return f"about {round(seconds / 60)} min left"


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
