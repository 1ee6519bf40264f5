"""Routes for whoever runs the service: /status, /metrics, /events, /openapi.json."""

import time
from collections.abc import Callable, Iterable, Mapping

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from ml_backend.service.metrics import BackendCollector, metrics_text
from ml_backend.service.openapi import MOST_PROJECTS, description
from ml_backend.service.state import BackendState
from ml_backend.service.status_page import status_html, status_json
from ml_backend.service.wire import LARGEST_ID, PayloadError

# the page has no script, loads nothing, and is nobody's frame
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def operations(
    read: Callable[[], BackendState],
    version: str,
    events: Callable[[Iterable[int]], Mapping[int, int]],
) -> Blueprint:
    """The routes.

    Args:
        read: how things stand at the moment of the call.
        version: LabelTune's.
        events: how many webhook events of each project were ever heard.
    """
    routes = Blueprint("operations", __name__)
    started_at = time.time()
    collector = BackendCollector(read, version, started_at)

    @routes.get("/status")
    def status() -> Response:
        if _wants_json():
            return jsonify(status_json(read(), version, started_at))
        return Response(
            status_html(read(), version, started_at), mimetype="text/html", headers=_PAGE_HEADERS
        )

    @routes.get("/metrics")
    def metrics() -> Response:
        return Response(metrics_text(collector), content_type=CONTENT_TYPE_PLAIN_0_0_4)

    @routes.get("/events")
    def count_events() -> Response:
        heard = events(_projects())
        return jsonify(events={str(project): count for project, count in heard.items()})

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(description(version))

    return routes


def _projects() -> list[int]:
    """The ids in `?project=`, which may stand there more than once.

    Raises:
        PayloadError: none, too many, or something else than an id.
    """
    asked = request.args.getlist("project")
    if not 1 <= len(asked) <= MOST_PROJECTS:
        raise PayloadError(f"project: expected 1 to {MOST_PROJECTS} ids, found {len(asked)}")
    for one in asked:
        if not (one.isascii() and one.isdecimal() and len(one) <= 19 and int(one) <= LARGEST_ID):
            raise PayloadError(f"project: expected a project's id, found {one[:40]!r}")
    return [int(one) for one in asked]


def _wants_json() -> bool:
    """Whether `?format=`, or else the Accept header, asks for JSON; on a tie it is JSON."""
    asked = request.args.get("format")
    if asked is not None and asked not in ("json", "html"):
        raise PayloadError(f"format: expected 'json' or 'html', found {asked[:40]!r}")
    if asked:
        return asked == "json"
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) != "text/html"
