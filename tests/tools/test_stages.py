import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.stages import CommandError, Stages, stage_line

ROOT = Path(__file__).parent.parent.parent
# what a command that takes a while looks like
SLOW = """
import sys
from pathlib import Path
from tools.stages import Stages
stages = Stages(Path(sys.argv[1]))
with stages.stage("Installing something", lambda: "57 of 143 packages fetched"):
    stages.run([sys.executable, "-c", sys.argv[2]])
"""


def test_each_stage_begins_and_ends_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stages = Stages(tmp_path / "log")
    with stages.stage("Installing it", lambda: "2 packages"):
        stages.run([sys.executable, "-c", "print('a thousand lines')"])
        assert "a thousand lines" in stages.said()
    assert capsys.readouterr().err == "Installing it …\nInstalling it: 2 packages, 0 s\n"
    with stages.stage("Checking it"):
        assert stages.said() == ""


def test_a_command_that_fails_has_said_why(tmp_path: Path) -> None:
    stages = Stages(tmp_path / "log")
    stages.run([sys.executable, "-c", "print('before')"])
    with pytest.raises(CommandError) as failed:
        stages.run([sys.executable, "-c", "import sys; sys.exit('no room')"])
    assert "no room" in failed.value.said
    assert "before" not in failed.value.said
    assert "before" in (tmp_path / "log").read_text()


def test_a_terminal_gets_one_line_that_is_drawn_over(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, tmp_path / "log", "import time; time.sleep(0.7)"],
        cwd=ROOT,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "60"},
    )
    os.close(theirs)
    shown = b""
    while process.poll() is None or not shown.endswith(b"\n"):
        try:
            shown += os.read(ours, 1000)
        except OSError:  # the other end is closed
            break
    os.close(ours)
    assert process.wait(20) == 0
    text = shown.decode()
    assert text.count("\n") == 1
    drawn = [line.rstrip() for line in re.split(r"\r\x1b\[K|\r\n", text) if line]
    assert len(drawn) > 2
    assert all("Installing something" in line and len(line) < 60 for line in drawn)
    assert drawn[-1].startswith("✓ Installing something")
    assert "57 of 143 packages" in drawn[0]


@pytest.mark.parametrize(
    ("columns", "drawn"),
    [
        (40, "✓ Installing it 57 of 143 package 1 min"),
        (80, "✓ Installing it 57 of 143 packages fetched, about 2 min left              1 min"),
        (120, f"✓ Installing it{' ' * 22}57 of 143 packages fetched, about 2 min left    1 min"),
    ],
)
def test_a_line_fits_the_terminal_and_tells_the_time(
    columns: int, drawn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    said = "57 of 143 packages fetched, about 2 min left"
    line = stage_line("✓", "Installing it", said, 60.0)
    assert line == drawn
    assert len(line) < columns


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_runs_ends_with_it(tmp_path: Path, number: signal.Signals) -> None:
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, tmp_path / "log", code], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 20
    while not (found := re.findall(r"^(\d+)$", _read(tmp_path / "log"), re.M)):
        assert time.monotonic() < until
        time.sleep(0.05)
    process.send_signal(number)
    process.wait(20)
    while Path(f"/proc/{found[0]}").exists():
        assert time.monotonic() < until, "it goes on"
        time.sleep(0.05)


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
