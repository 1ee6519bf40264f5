import http.server
import socketserver
import threading
from collections.abc import Iterator, Mapping

import pytest

from sync.common.errors import StackError
from sync.stack.readiness import Probe, wait_until_ready
from tests.running import free_port


class Slow(http.server.BaseHTTPRequestHandler):
    """503 twice, then 200 to those who bring the token."""

    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        ok = self.asked > 2 and self.headers["Authorization"] == "Token t"
        self.send_response(200 if ok else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def slow() -> Iterator[str]:
    handler = type("Fresh", (Slow,), {})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def nothing() -> None:
    """All alive."""


def test_waits_until_all_answer_and_shows_each_round(slow: str) -> None:
    rounds: list[dict[str, bool]] = []

    def show(ready: Mapping[str, bool], seconds: float) -> None:
        rounds.append(dict(ready))

    probe = Probe("Label Studio", slow, {"Authorization": "Token t"})
    wait_until_ready([probe], nothing, show, limit_s=20, every_s=0.01)
    assert rounds == [{"Label Studio": False}, {"Label Studio": False}, {"Label Studio": True}]


def test_late_part_is_named(slow: str) -> None:
    probes = [
        Probe("Label Studio", slow, {"Authorization": "Token t"}),
        Probe("backend", f"http://127.0.0.1:{free_port()}"),
    ]
    with pytest.raises(StackError, match=r"not ready after 1 s: backend; see"):
        wait_until_ready(probes, nothing, lambda *_: None, limit_s=1, every_s=0.01)


def test_death_ends_the_waiting() -> None:
    def dead() -> None:
        raise StackError("the backend has stopped")

    probe = Probe("backend", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(StackError, match="has stopped"):
        wait_until_ready([probe], dead, lambda *_: None)


def test_proxy_is_not_asked(slow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    probe = Probe("Label Studio", slow, {"Authorization": "Token t"})
    assert [probe.is_ready() for _ in range(3)] == [False, False, True]
