import socket
from collections.abc import Iterator

import pytest

from sync.common.errors import StackError
from sync.stack.ports import require_all_free, require_free
from tests.running import free_port


@pytest.fixture
def busy() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_busy_port_says_which_what_for_and_the_remedy(busy: int) -> None:
    with pytest.raises(StackError, match=rf"port {busy} .* Label Studio, is in use; .* --port$"):
        require_free(busy, "Label Studio", "--port")


def test_port_is_free_again_right_after_a_server_that_served(busy: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            connection, _ = server.accept()
            connection.close()  # the server's side closes first: TIME_WAIT is here
    require_free(port, "Label Studio", "--port")


def test_one_port_for_two() -> None:
    port = free_port()
    with pytest.raises(StackError, match="both Label Studio and the ML backend"):
        require_all_free([(port, "Label Studio", "--port"), (port, "the ML backend", "--backend")])
