"""How fast the backend answers Label Studio while drafting is under way.

Run it beside `labeltune up` while drafts are being made. Label Studio waits 1 s for /health and
3 s for /setup. The limit beside it is a bare HTTP server on the same machine in the same run.
"""

import argparse
import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # this folder has a sync.py of its own

import httpx

import label_configs
from connectors.label_studio import LabelStudio
from sync import settings as configuration

PAUSE_S = 0.02


class Bare(BaseHTTPRequestHandler):
    """Answers at once."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def milliseconds(call: Callable[[], httpx.Response], times: int) -> list[float]:
    """Sorted latencies of a call that must answer 200."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        call().raise_for_status()
        taken.append((time.perf_counter() - started) * 1000)
        time.sleep(PAUSE_S)
    return sorted(taken)


def undrafted(client: LabelStudio, project_id: int) -> int:
    """Tasks that still wait for a draft."""
    return sum(
        not task["predictions"] for page in client.task_pages(project_id) for task in page.tasks
    )


def main() -> int:
    """Print the table; exit 1 when nothing was being drafted, since then it shows nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("labeltune.toml"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    config = configuration.load(options.config)
    times = 100 if options.quick else 1000
    client = LabelStudio(config.label_studio.url, config.api_key)
    project = client.find_project(config.label_studio.project)
    before = undrafted(client, project["id"]) if project else 0
    if project is None or not before:
        print(
            "nothing is being drafted: start `labeltune up` and run this at once", file=sys.stderr
        )
        return 1
    (backend,) = client.backends(project["id"])
    setup = {
        "project": f"{project['id']}.0",
        "schema": label_configs.load(config.label_studio.interface).label_config(),
        "extra_params": backend["extra_params"],
    }
    bare = ThreadingHTTPServer(("127.0.0.1", 0), Bare)
    threading.Thread(target=bare.serve_forever, daemon=True).start()
    url = config.backend.url
    figures: dict[str, float] = {}
    with httpx.Client() as http:
        calls: dict[str, Callable[[], httpx.Response]] = {
            "health": lambda: http.get(f"{url}/health"),
            "setup": lambda: http.post(f"{url}/setup", json=setup),
            "bare": lambda: http.get(f"http://127.0.0.1:{bare.server_port}/"),
        }
        for name, call in calls.items():
            taken = milliseconds(call, times)
            figures[f"{name}_p50_ms"] = round(statistics.median(taken), 2)
            figures[f"{name}_p99_ms"] = round(taken[int(len(taken) * 0.99)], 2)
            figures[f"{name}_max_ms"] = round(taken[-1], 2)
    bare.shutdown()
    figures["drafted_meanwhile"] = before - undrafted(client, project["id"])
    if options.json:
        print(json.dumps(figures))
        return 0
    print(f"{'':8}{'p50 ms':>10}{'p99 ms':>10}{'max ms':>10}")
    for name in calls:
        row = (figures[f"{name}_{part}_ms"] for part in ("p50", "p99", "max"))
        print(f"{name:8}" + "".join(f"{value:10.2f}" for value in row))
    print(f"{figures['drafted_meanwhile']:.0f} tasks were drafted meanwhile")
    return 0


if __name__ == "__main__":
    sys.exit(main())
