import http.server
import socket
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.common.errors import StackError
from sync.stack.preflight import require_all_free, require_disk, require_endpoint, why_taken
from tests.running import free_port, labeltune


@pytest.fixture
def busy() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_busy_port_says_which_what_for_and_the_remedy(busy: int) -> None:
    with pytest.raises(StackError, match=rf"port {busy} .* Label Studio, is in use; .* --port$"):
        require_all_free([(busy, "Label Studio", "--port")])


def test_all_busy_ports_are_named_at_once_and_who_may_hold_them(busy: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        other = server.getsockname()[1]
        with pytest.raises(StackError) as raised:
            require_all_free(
                [
                    (busy, "Label Studio", "--port"),
                    (free_port(), "the ML backend", "--backend-port"),
                    (other, "the local model", "--llm-port"),
                ],
                ["/home/ann/bank"],
            )
    assert str(raised.value) == (
        f"port {busy} on 127.0.0.1, meant for Label Studio, is in use; port {other} on 127.0.0.1, "
        "meant for the local model, is in use (`labeltune up` runs in /home/ann/bank); "
        "stop what uses them, or choose other ports with --port --llm-port"
    )


def test_port_is_free_again_right_after_a_server_that_served(busy: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            connection, _ = server.accept()
            connection.close()  # the server's side closes first: TIME_WAIT is here
    assert not why_taken(port)


def test_one_port_for_two() -> None:
    port = free_port()
    with pytest.raises(StackError, match="both Label Studio and the ML backend"):
        require_all_free([(port, "Label Studio", "--port"), (port, "the ML backend", "--backend")])


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Takes the key `right`; has no list of models under /bare, lists one otherwise."""

    def do_GET(self) -> None:
        known = self.headers["Authorization"] == "Bearer right"
        status = 404 if self.path.startswith("/bare") else 200 if known else 401
        body = b'{"data": [{"id": "theirs"}]}' if status == 200 else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        server.shutdown()
        thread.join()


def test_right_key(url: str) -> None:
    assert require_endpoint(url, "right").models == ("theirs",)


def test_endpoint_without_a_list_of_models(url: str) -> None:
    assert require_endpoint(url.replace("/v1", "/bare"), None).models == ()


@pytest.mark.parametrize(
    ("key", "fault"), [("wrong-key", "refuses the key"), (None, "wants a key")]
)
def test_refused_key_is_not_repeated(url: str, key: str | None, fault: str) -> None:
    with pytest.raises(StackError, match=rf"{fault}.*OPENAI_API_KEY") as raised:
        require_endpoint(url, key)
    assert "wrong-key" not in str(raised.value)


def test_a_model_that_is_not_served_starts_nothing(url: str, tmp_path: Path) -> None:
    ports = ("--port", str(free_port()), "--backend-port", str(free_port()))
    (tmp_path / ".env").write_text("OPENAI_API_KEY=right\n")
    done = labeltune(tmp_path, "up", *ports, "--llm-url", url, "--llm-model", "mine")
    assert done.returncode == 1
    assert f"llm.model is 'mine', but {url} serves 'theirs'" in done.stderr
    assert not (tmp_path / ".labeltune" / "logs").exists()


@pytest.mark.parametrize("broken", ["http://127.0.0.1:{port}/v1", "http://127.0.0.1:99999/v1"])
def test_nobody_there(broken: str) -> None:
    with pytest.raises(StackError, match="can't be reached"):
        require_endpoint(broken.format(port=free_port()), None)


def test_too_little_room_names_needed_and_free(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"2\.5 GB are needed .* 0\.3 GB are free"):
        require_disk(tmp_path, 2_500_000_000, free_bytes=lambda _: 300_000_000)


def test_folder_need_not_exist(tmp_path: Path) -> None:
    asked: list[Path] = []

    def free_bytes(folder: Path) -> int:
        asked.append(folder)
        return 10

    require_disk(tmp_path / "not" / "there", 10, free_bytes)
    assert asked == [tmp_path]
