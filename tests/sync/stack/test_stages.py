"""What a person sees of the stages, in a terminal and in a log."""

import io
import threading
from collections.abc import Callable, Iterator

import pytest
from rich.console import Console

from sync.stack.stages import Stages


def ticking(*times: float) -> Callable[[], float]:
    """A clock that says these, one after the other."""
    left: Iterator[float] = iter(times)
    return lambda: next(left)


def log_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def plain() -> Console:
    return Console(file=io.StringIO(), width=60)


def terminal() -> Console:
    return Console(file=io.StringIO(), width=100, force_terminal=True, _environ={"TERM": "xterm"})


def test_a_log_hears_when_a_stage_begins_and_how_long_it_took() -> None:
    console = plain()
    stages = Stages(console, ticking(10.0, 82.4, 90.0, 91.0))
    with stages.stage("Installing Label Studio 1.23.2, once", lambda: "159 packages"):
        assert log_of(console) == "Installing Label Studio 1.23.2, once …\n"
    with stages.stage("Importing the sample"):
        pass
    assert log_of(console) == (
        "Installing Label Studio 1.23.2, once …\n"
        "Installing Label Studio 1.23.2, once: 159 packages, 1 min 12 s\n"
        "Importing the sample …\n"
        "Importing the sample: 1 s\n"
    )


def test_what_fails_leaves_its_line_to_the_error() -> None:
    for console in (plain(), terminal()):
        with pytest.raises(RuntimeError), Stages(console).stage("Fetching the model"):
            raise RuntimeError
        assert "✓" not in log_of(console)


def test_a_terminal_keeps_what_is_done_and_how_it_ended() -> None:
    console, said = terminal(), ["1 of 3"]
    with Stages(console).stage("Drafting the first tasks", lambda: said[-1]):
        said.append("3 of 3")
    shown = log_of(console)
    assert shown.count("✓") == 1
    assert "Drafting the first tasks" in shown
    assert "3 of 3" in shown[shown.index("✓") :]


def test_stages_side_by_side_share_the_display() -> None:
    console = terminal()
    stages, both = Stages(console), threading.Barrier(2, timeout=10)

    def run(title: str) -> None:
        with stages.stage(title):
            both.wait()

    threads = [threading.Thread(target=run, args=(title,)) for title in ("One thing", "Another")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = log_of(console)
    assert "One thing" in last
    assert "Another" in last
    with stages.stage("A third"):  # the display opens anew
        pass
    assert "A third" in log_of(console)


def test_a_terminal_is_given_back_while_another_thread_still_works() -> None:
    console, go_on = terminal(), threading.Event()
    stages, begun = Stages(console), threading.Event()

    def install() -> None:
        with stages.stage("Installing"):
            begun.set()
            go_on.wait(10)

    thread = threading.Thread(target=install)
    thread.start()
    begun.wait(10)
    stages.close()
    assert log_of(console).endswith("\x1b[?25h")  # the cursor is shown again
    go_on.set()
    thread.join()
    assert "✓" not in log_of(console)
    stages.close()


def test_a_file_that_goes_while_it_is_measured_stops_nothing() -> None:
    def gone() -> str:
        raise FileNotFoundError

    console = plain()
    with Stages(console, ticking(0.0, 3.0)).stage("Installing", gone):
        pass
    assert log_of(console) == "Installing …\nInstalling: 3 s\n"


def test_brackets_are_no_markup() -> None:
    console = plain()
    Stages(console).say("[red]no colour[/red]")
    assert log_of(console) == "[red]no colour[/red]\n"


@pytest.mark.parametrize("width", [40, 80])
def test_a_narrow_terminal_cuts_nothing_off(width: int) -> None:
    environ = {"TERM": "xterm"}
    console = Console(
        file=io.StringIO(), width=width, force_terminal=True, color_system=None, _environ=environ
    )
    title, said = "Installing Label Studio 1.23.2, once", "57 of 159 packages, about 2 min left"
    stages = Stages(console)
    with stages.stage(title, lambda: said):
        assert stages._lines is not None
        stages._lines.tasks[0].start_time = stages._lines.get_time() - 600
    words = log_of(console).rpartition("✓")[2].split()
    assert set(f"{title} {said} 10 min".split()) <= set(words)
