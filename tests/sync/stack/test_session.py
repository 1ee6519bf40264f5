import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sync.common.errors import StackError
from sync.stack.processes import Child
from sync.stack.session import Session
from tests.sync.stack.living import eventually, working_in

FOREVER = "import time; print('up', flush=True); time.sleep(120)"


def child(name: str, code: str, **env: str) -> Child:
    return Child(name, (sys.executable, "-c", code), {**os.environ, **env})


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "with space" / ".labeltune"
    folder.mkdir(parents=True)
    return folder


def running(session: Session, name: str, text: str = "up") -> bool:
    log = session.logs / f"{name}.log"
    return eventually(lambda: log.exists() and text in log.read_text())


def test_output_and_environment_of_each_child(state: Path) -> None:
    code = "import os; print('é', os.environ['KEY'], os.getcwd(), flush=True);" + FOREVER
    children = [child("backend", code, KEY="one"), child("worker", code, KEY="two")]
    with Session(children, state, dict(os.environ)) as session:
        assert running(session, "backend")
        assert running(session, "worker")
        session.check()
    for name, key in (("backend", "one"), ("worker", "two")):
        assert (session.logs / f"{name}.log").read_text() == f"é {key} {state}\nup\n"
    assert eventually(lambda: working_in(state) == [], limit_s=3)


def test_nothing_of_a_child_is_on_a_command_line(state: Path) -> None:
    children = [child(name, FOREVER, KEY="s3cret") for name in ("llm", "backend")]
    with Session(children, state, dict(os.environ)) as session:
        assert running(session, "llm")
        assert running(session, "backend")
        lines = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in working_in(state)]
    assert len(lines) >= 3  # supervisor, two children
    assert not any(b"s3cret" in line for line in lines)


@pytest.mark.parametrize("code", ["raise SystemExit(4)", "import time; time.sleep(1); exit(4)"])
def test_a_child_that_dies_stops_all_and_is_named(state: Path, code: str) -> None:
    children = [child("backend", FOREVER), child("llm", code)]
    with (
        pytest.raises(StackError, match=rf"the local model .*status 4.*{state}/logs/llm\.log"),
        Session(children, state, dict(os.environ)) as session,
    ):
        session.wait()
    assert eventually(lambda: working_in(state) == [], limit_s=3)


def test_a_child_that_ignores_sigterm_is_killed(state: Path) -> None:
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + FOREVER
    with Session(
        [child("backend", code), child("llm", FOREVER)], state, dict(os.environ)
    ) as session:
        assert running(session, "backend")
        assert running(session, "llm")
    assert eventually(lambda: working_in(state) == [], limit_s=3)


def test_a_grandchild_is_stopped_too(state: Path) -> None:
    code = (
        "import subprocess, sys, time, signal;"
        "ignoring = 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        ' print("up", flush=True); time.sleep(120)\';'
        "subprocess.Popen([sys.executable, '-c', ignoring], stdout=sys.stdout); time.sleep(120)"
    )
    with Session([child("backend", code)], state, dict(os.environ)) as session:
        assert running(session, "backend")
    assert eventually(lambda: working_in(state) == [], limit_s=3)


def test_supervisor_that_is_killed_takes_the_children_along(state: Path) -> None:
    with (
        pytest.raises(StackError, match=r"supervisor .* has died; see .*supervisor\.log"),
        Session([child("backend", FOREVER)], state, dict(os.environ)) as session,
    ):
        assert running(session, "backend")
        os.kill(session.pid, signal.SIGKILL)
        session.wait()
    assert eventually(lambda: working_in(state) == [])


OWNER = """
import os, sys, time
from pathlib import Path
from sync.stack.processes import Child
from sync.stack.session import Session
child = Child("backend", (sys.executable, "-c", sys.argv[2]), dict(os.environ))
with Session([child], Path(sys.argv[1]), dict(os.environ)) as session:
    session.wait()
"""


def test_all_die_with_their_owner(state: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(state), FOREVER])
    log = state / "logs" / "backend.log"
    assert eventually(lambda: log.exists() and "up" in log.read_text())
    owner.kill()
    owner.wait()
    assert eventually(lambda: working_in(state) == [])


def test_the_last_words_of_a_child_are_kept(state: Path) -> None:
    code = "print('x' * 100_000); print('no newline', end='', flush=True); raise SystemExit(3)"
    with (
        pytest.raises(StackError, match="status 3"),
        Session([child("llm", code)], state, dict(os.environ)) as session,
    ):
        session.wait()
    assert (session.logs / "llm.log").read_text() == f"{'x' * 100_000}\nno newline\n"
