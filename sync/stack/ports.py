"""Are the ports of this machine that a stack needs free?"""

import errno
import socket
from collections.abc import Iterable

from sync.common.errors import StackError


def require_free(port: int, purpose: str, option: str) -> None:
    """Check that nothing listens on 127.0.0.1:port.

    Args:
        purpose: what the port is for, as "Label Studio".
        option: the option that chooses another, as "--port".

    Raises:
        StackError: the port is taken, or may not be used.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # a server that has just stopped leaves the port in TIME_WAIT, which is no obstacle
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"can't be used ({error})"
            raise StackError(
                f"port {port} on 127.0.0.1, meant for {purpose}, {why}; "
                f"stop what uses it, or choose another port with {option}"
            ) from error


def require_all_free(ports: Iterable[tuple[int, str, str]]) -> None:
    """Check several ports, each a (port, purpose, option).

    Raises:
        StackError: one is taken, or two are the same.
    """
    meant: dict[int, str] = {}
    for port, purpose, option in ports:
        if port in meant:
            raise StackError(
                f"port {port} is meant for both {meant[port]} and {purpose}; "
                f"choose another for one of them with {option}"
            )
        meant[port] = purpose
        require_free(port, purpose, option)
