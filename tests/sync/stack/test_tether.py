import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sync.stack.tether import tethered
from tests.sync.stack.living import eventually, is_alive

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")

SLEEP = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"]

# a process that starts a tethered child, passes its output on, and waits
PARENT = """
import subprocess, sys
from sync.stack.tether import tethered
subprocess.run(tethered(sys.argv[1:]), start_new_session=True)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_child_dies_with_its_parent(number: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *SLEEP],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    with parent.stdout:
        child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.send_signal(number)
    parent.wait()
    assert eventually(lambda: not is_alive(child))


def test_exit_status_and_arguments_are_the_commands_own() -> None:
    code = "import sys; print(sys.argv[1:]); sys.exit(7)"
    done = subprocess.run(
        tethered([sys.executable, "-c", code, "a b", "$HOME", "'"]), capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (7, "['a b', '$HOME', \"'\"]\n")


def test_parent_that_is_gone_already(tmp_path: Path) -> None:
    command = tethered([sys.executable, "-c", "print('ran')"])
    command[command.index(str(os.getpid()))] = "1"  # not the parent
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")


def test_missing_command_is_one_sentence() -> None:
    done = subprocess.run(tethered(["/no/such/command"]), capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "/no/such/command: No such file or directory\n"
