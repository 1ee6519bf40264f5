"""A picture of `labeltune up` in a terminal at the moment when it is ready, for the documentation.

    python -m tests.e2e.terminal_picture docs/images/up_ready.svg

`LABELTUNE_LOCAL_MODEL` in the environment chooses the model, as it does for the command.
It runs the command in a new folder, with a pseudo-terminal, until some drafts have arrived, stops
it, and draws what the terminal showed last. The password is left out; all else is as it was.
"""

import argparse
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from fcntl import ioctl
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.ansi import AnsiDecoder
from rich.console import Console

from tests.running import clean_environment

COLUMNS, ROWS = 112, 40
LIMIT_S = 900.0
MODEL = "LABELTUNE_LOCAL_MODEL"
_CONTROL = re.compile(r"\x1b\[(\??[\d;]*)([A-Za-z])|[\r\n]")


def screen(output: str) -> list[str]:
    """The lines that a terminal shows in the end, with their colours.

    Understands what rich writes: up, erase a line, back to its start, colours.
    """
    lines, row, at = [""], 0, 0
    for found in _CONTROL.finditer(output):
        lines[row] += output[at : found.start()]
        at = found.end()
        if found[0] == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif found[2] == "A":
            row = max(0, row - int(found[1] or 1))
        elif found[2] == "K":
            lines[row] = ""
        elif found[2] == "m":
            lines[row] += found[0]
    lines[row] += output[at:]
    return lines


def run_until_ready(folder: Path, drafts: int, options: list[str]) -> str:
    """What the command wrote until so many drafts were there, without what it says at its end."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    script = str(Path(sys.executable).with_name("labeltune"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = clean_environment() | {"TERM": "xterm-256color", "PATH": path}
    env["XDG_STATE_HOME"] = f"{folder}.state"
    env |= {MODEL: os.environ[MODEL]} if MODEL in os.environ else {}
    process = subprocess.Popen(
        [script, "up", *options], cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    output, end = "", time.monotonic() + LIMIT_S
    enough = re.compile(rf"drafted ({'|'.join(map(str, range(drafts, 65)))}) of|All tasks are")
    try:
        while not enough.search(output) and process.poll() is None and time.monotonic() < end:
            if select.select([ours], [], [], 1.0)[0]:
                output += os.read(ours, 1 << 16).decode("utf-8", "replace")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        os.close(ours)
    return output


def draw(output: str, file: Path) -> None:
    """The last screen as an SVG that loads nothing from the net."""
    output = re.sub(r"(password +)\S+", r"\1(made at the first start)", output)
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        chosen = f"{MODEL}={os.environ[MODEL]} " if MODEL in os.environ else ""
        console.print(f"[dim]$[/dim] {chosen}make up", highlight=False)
        for line in AnsiDecoder().decode("\n".join(screen(output)).rstrip()):
            console.print(line, soft_wrap=True)
    plain = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    console.save_svg(str(file), title="labeltune up", code_format=plain, unique_id="up")


def main() -> None:
    """Take the picture."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--drafts", type=int, default=5, help="until so many have arrived")
    parser.add_argument("options", nargs="*", help="of `labeltune up`, after --")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bank-support-") as folder:
        output = run_until_ready(Path(folder), asked.drafts, asked.options)
    draw(output, asked.file)


if __name__ == "__main__":
    main()
