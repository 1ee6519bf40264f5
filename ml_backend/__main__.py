"""Development: `python -m ml_backend --port 9090` runs the service and a worker."""

import argparse
import subprocess
import sys

from ml_backend.app import create_app
from ml_backend.jobs import Jobs, open_queue
from ml_backend.logs import configure
from ml_backend.settings import BackendSettings


def main() -> None:
    """Serve until interrupted; the worker stops with the service."""
    parser = argparse.ArgumentParser(prog="python -m ml_backend", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9090)
    options = parser.parse_args()
    configure()
    settings = BackendSettings.from_environment()
    app = create_app(settings, Jobs(open_queue(settings.queue)))
    worker = subprocess.Popen([sys.executable, "-m", "ml_backend.worker"])
    try:
        app.run(options.host, options.port, threaded=True)
    finally:
        worker.terminate()
        worker.wait()


if __name__ == "__main__":
    main()
