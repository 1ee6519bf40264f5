"""The report at an address: fresh, for this machine alone, and gone without a trace."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from sync.common.errors import SyncError
from sync.quality.report.serve import FreshPage, report_app, serve
from tests.running import free_port
from tests.sync.quality.report.planted import answered, checked, configured, finding, stored


def test_a_page_is_made_again_when_something_has_changed() -> None:
    basis, made = [1], list[int]()

    def make() -> str:
        made.append(basis[0])
        return f"page {len(made)}"

    page = FreshPage(lambda: list(basis), make)
    assert [page(), page()] == ["page 1", "page 1"]
    basis[0] = 2
    assert page() == "page 2"


def test_those_who_come_at_once_get_one_page() -> None:
    made = list[int]()
    page = FreshPage(lambda: 1, lambda: made.append(1) or "page")  # type: ignore[func-returns-value]
    several = [threading.Thread(target=page) for _ in range(8)]
    for each in several:
        each.start()
    for each in several:
        each.join()
    assert made == [1]


def test_only_this_machine_is_answered_and_only_at_the_root() -> None:
    client = report_app(lambda: "<!DOCTYPE html>").test_client()
    for host, status in (
        ("127.0.0.1:8090", 200),
        ("localhost:8090", 200),
        ("example.org", 400),
        ("127.0.0.1.example.org", 400),
    ):
        assert client.get("/", headers={"Host": host}).status_code == status, host
    assert client.get("/etc/passwd").status_code == 404
    assert client.post("/").status_code == 405
    said = client.get("/")
    assert said.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in said.headers["Content-Security-Policy"]


def test_a_page_that_can_not_be_made_is_a_sentence() -> None:
    def fail() -> str:
        raise SyncError("nothing was checked yet; run `labeltune check`")

    said = report_app(fail).test_client().get("/")
    assert (said.status_code, said.mimetype) == (503, "text/plain")
    assert said.text == "nothing was checked yet; run `labeltune check`\n"


def test_a_port_in_use_is_a_sentence() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SyncError, match=f"--port {port}: can't be used"):
            serve(lambda: "", port, lambda url: pytest.fail(url))


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.thorough)]
)
def test_it_says_its_address_shows_fresh_figures_and_ends(
    tmp_path: Path, number: signal.Signals
) -> None:
    config = checked(stored(configured(tmp_path), [answered(1)]))
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "sync", "report", "--serve", "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line == f"Report: http://127.0.0.1:{port}/ (Ctrl-C ends it)\n"
        url = f"http://127.0.0.1:{port}/"
        assert "nothing wrong" in httpx.get(url, timeout=60).text
        if number == signal.SIGINT:
            checked(config, [finding(1, "incomplete", severity="error")], hours=1)
            assert "1 error" in httpx.get(url, timeout=60).text
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, "", "")
    finally:
        process.kill()
        process.wait()
    assert json.loads((tmp_path / "labeltune-data" / "last-check.json").read_text())
