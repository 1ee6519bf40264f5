"""What takes time while a stack comes up.

A line each, live in a terminal; elsewhere one when it begins and one when it ends.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

from sync.common.terminal import stderr
from sync.common.wording import lasting

_LONGEST = len("10 min 10 s")

# says in a few words how far a stage is, as "312 of 1,117 MB, about 2 min left"
Measure = Callable[[], str]


class _Detail(ProgressColumn):
    """How far a stage is, asked anew each time that it is drawn."""

    def render(self, task: Task) -> Text:
        return Text(_asked(task.fields["measure"]), style="cyan")


class _Lasted(ProgressColumn):
    """How long a stage has taken."""

    def render(self, task: Task) -> Text:
        return Text(lasting((task.finished_time if task.finished else task.elapsed) or 0.0))


class Stages:
    """The display of one `labeltune up`; stages may run side by side in several threads."""

    def __init__(
        self, console: Console = stderr, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Nothing is shown yet.

        Args:
            console: where it is shown.
            clock: seconds, for what is told without a terminal.
        """
        self._console = console
        self._clock = clock
        self._is_live = console.is_terminal and not console.is_dumb_terminal
        self._lock = threading.Lock()
        self._lines: Progress | None = None
        self._running = 0

    @contextmanager
    def stage(self, title: str, measure: Measure = lambda: "") -> Iterator[None]:
        """Show something that takes time until it is done; of what fails, the error tells.

        Args:
            title: what is done, as "Importing the sample".
            measure: asked several times a second in a terminal, and at the end.
        """
        began = self._clock()
        if not self._is_live:
            self._console.print(f"{title} …", markup=False, soft_wrap=True)
            yield
            said = ", ".join(filter(None, (_asked(measure), lasting(self._clock() - began))))
            self._console.print(f"{title}: {said}", markup=False, soft_wrap=True)
            return
        lines = self._begin()
        line = lines.add_task(title, total=1, measure=measure)
        try:
            yield
        except BaseException:
            lines.update(line, visible=False)
            raise
        else:
            at_the_end = _asked(measure)
            lines.update(line, completed=1, measure=lambda: at_the_end)
        finally:
            self._end()

    def say(self, line: str) -> None:
        """A line that stays, above what is live."""
        self._console.print(line, markup=False, soft_wrap=True)

    def close(self) -> None:
        """Give the terminal back, though stages may still run in other threads."""
        with self._lock:
            if self._lines is not None:
                for line in self._lines.tasks:
                    self._lines.update(line.id, visible=line.finished)
                self._lines.stop()
                self._lines = None

    def _begin(self) -> Progress:
        """The live lines, which the first of the stages that run side by side opens."""
        with self._lock:
            self._running += 1
            if self._lines is None:
                self._lines = Progress(
                    SpinnerColumn(finished_text="[green]✓[/green]"),
                    *_columns(self._console.width),
                    console=self._console,
                    refresh_per_second=4,
                )
                self._lines.start()
            return self._lines

    def _end(self) -> None:
        """What is done stays on the screen, once no stage runs any more."""
        with self._lock:
            self._running -= 1
            if self._running == 0 and self._lines is not None:
                self._lines.stop()
                self._lines = None


def _columns(width: int) -> tuple[ProgressColumn, ...]:
    """Title, how far it is, how long it took; a narrow terminal wraps the first two.

    Args:
        width: of the terminal, in characters.
    """
    title = 37 if width >= 80 else width // 3
    detail = width - len("✓ ") - title - len("  ") - _LONGEST
    return (
        TextColumn("{task.description}", markup=False, table_column=Column(width=title)),
        _Detail(table_column=Column(min_width=min(24, detail), max_width=detail)),
        _Lasted(table_column=Column(justify="right", no_wrap=True)),
    )


def _asked(measure: Measure) -> str:
    """What a measure says; a file that it reads may be about to go."""
    try:
        return measure()
    except OSError:
        return ""
