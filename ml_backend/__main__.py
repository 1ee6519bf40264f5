"""Development: `python -m ml_backend --port 9090` runs the service and a worker."""

import argparse
import logging
import signal
import subprocess
import sys
from typing import Any

from connectors.errors import ConnectorError
from connectors.extras import or_exit
from drafting.project_settings import SettingsError
from ml_backend.settings import WITH_PARENT, BackendSettings

with or_exit("backend", "the backend"):
    from ml_backend.logs import configure
    from ml_backend.service.app import create_app
    from ml_backend.service.auth import Access
    from ml_backend.store.queues import open_queue
    from ml_backend.work.jobs import Jobs

# the worker finishes what is nearly done and gives the rest back, see `ml_backend.worker.FINISH_S`
STOP_S = 20.0


def main() -> None:
    """Serve until SIGTERM or Ctrl-C; the worker stops with the service."""
    parser = argparse.ArgumentParser(prog="python -m ml_backend", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9090)
    options = parser.parse_args()
    configure()
    logging.getLogger("werkzeug").setLevel(logging.INFO)
    try:
        settings = BackendSettings.from_environment()
        access = Access.from_environment()
    except (ConnectorError, SettingsError) as error:
        sys.exit(f"ml_backend: {error}")
    refusal = access.refuses_to_bind(options.host)
    if refusal:
        sys.exit(f"ml_backend: {refusal}")
    app = create_app(settings, Jobs(open_queue(settings.queue)), access)
    signal.signal(signal.SIGTERM, _exit)
    # a shell's background job would ignore it
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # its stdin ends with this process, however that ends
    worker = subprocess.Popen(
        [sys.executable, "-m", "ml_backend.worker", WITH_PARENT], stdin=subprocess.PIPE
    )
    how = signal.SIGTERM
    try:
        app.run(options.host, options.port, threaded=True)
        how = signal.SIGINT  # the server returns at Ctrl-C, and at nothing else
    finally:
        _end(worker, how)


def _exit(_number: int, _frame: Any) -> None:
    sys.exit(0)


def _end(worker: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Stop the worker and wait for it; whoever asks a second time has it killed."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.kill())
    worker.send_signal(how)
    try:
        worker.wait(STOP_S)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


if __name__ == "__main__":
    main()
