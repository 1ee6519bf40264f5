"""The report at an address of this machine, made anew whenever what it tells of has changed."""

import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from connectors.extras import told
from sync.common.errors import USER_ERRORS, SyncError
from sync.quality.report.quotes import harmless

if TYPE_CHECKING:
    from flask import Flask

HOST, PORT = "127.0.0.1", 8090
# nobody else's page may read or frame it, and no browser keeps an old one
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

# what a page is made of, changed or not: equal when the page would be the same but for its time
Basis = object


class FreshPage:
    """A page that is made again only when what it is made of has changed."""

    def __init__(self, basis: Callable[[], Basis], make: Callable[[], str]) -> None:
        """Nothing is made yet.

        Args:
            basis: tells cheaply what the page would be made of.
            make: makes it.
        """
        self._basis, self._make = basis, make
        self._known: tuple[Basis, str] | None = None
        self._lock = threading.Lock()

    def __call__(self) -> str:
        """The page as of now.

        Raises:
            SyncError: it can't be made.
        """
        with self._lock:  # one makes it, others wait for it
            basis = self._basis()
            if self._known is None or self._known[0] != basis:
                self._known = basis, self._make()
            return self._known[1]


def report_app(page: Callable[[], str]) -> "Flask":
    """A service that answers `/` with a page and everything else with 404.

    It answers only those who call it by a name of this machine, so that no other web site can read
    it by a name of its own that leads here.

    Raises:
        MissingExtraError: the extra `report` is not installed.
    """
    with told("labeltune report --serve"):
        from flask import Flask, Response

    app = Flask(__name__, static_folder=None)
    app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost"]

    @app.get("/")
    def report() -> Response:
        try:
            return Response(page(), mimetype="text/html", headers=_HEADERS)
        except USER_ERRORS as error:
            said = harmless(error)
            return Response(f"{said}\n", 503, mimetype="text/plain", headers=_HEADERS)

    return app


def serve(page: Callable[[], str], port: int, ready: Callable[[str], None]) -> None:
    """Answer on this machine until Ctrl-C or SIGTERM, which is the intended end.

    Args:
        port: 0: any that is free.
        ready: called with the address, once it answers.

    Raises:
        SyncError: the port can't be used.
        MissingExtraError: the extra `report` is not installed.
    """
    app = report_app(page)
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        """Says nothing of each request."""

        def log(self, type: str, message: str, *args: object) -> None:
            pass

    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
        except OSError as error:
            raise SyncError(
                f"--port {port}: can't be used ({error.strerror or error}); choose another, or 0 "
                "for any that is free"
            ) from error
        listening.listen()
        server = make_server(
            HOST, port, app, threaded=True, request_handler=Quiet, fd=listening.fileno()
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _end)
        with suppress(KeyboardInterrupt):
            ready(f"http://{HOST}:{listening.getsockname()[1]}/")
            server.serve_forever()
        server.server_close()


def _end(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt
