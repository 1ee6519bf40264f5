"""The web side: answers Label Studio at once, and leaves all work to the queue."""

import logging
import threading
import time
from importlib import metadata

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from drafting.draft_version import model_version
from ml_backend.service.auth import Access, guard
from ml_backend.service.calls import deadline_s, known_settings, note_event, predict, set_up
from ml_backend.service.operations import operations
from ml_backend.service.refusals import answer_errors
from ml_backend.service.state import read_state
from ml_backend.service.wire import PredictRequest, SetupRequest, WebhookEvent
from ml_backend.settings import BackendSettings
from ml_backend.work.jobs import Jobs

log = logging.getLogger(__name__)

# calls of /predict that may wait for drafts at the same time in one process; the next ones are
# answered at once, so that threads are left for /health and for drafts that are ready
MOST_WAITING = 6

HttpAnswer = Response | tuple[Response, int]


def create_app(settings: BackendSettings, jobs: Jobs, access: Access | None = None) -> Flask:
    """The Flask service.

    Args:
        jobs: made on the same queue that the worker runs.
        access: who may call; None: this machine only.
    """
    access = access or Access()
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = access.max_payload_bytes
    guard(app, access)
    app.before_request(_refuse_long_chunks)
    answer_errors(app)
    version = metadata.version("labeltune")
    app.register_blueprint(
        operations(lambda: read_state(jobs), version, lambda ids: jobs.figures.events(ids))
    )
    _add_protocol(app, settings, jobs, version)
    return app


def _refuse_long_chunks() -> None:
    """Refuse a body above the limit that comes in chunks; Flask would cut it without a word."""
    limit = request.max_content_length
    chunked = "Transfer-Encoding" in request.headers
    if chunked and limit is not None and len(request.get_data()) >= limit:
        raise RequestEntityTooLarge


def _add_protocol(app: Flask, settings: BackendSettings, jobs: Jobs, version: str) -> None:
    """Add the routes that Label Studio calls."""
    seats = threading.Semaphore(MOST_WAITING)

    @app.get("/")
    @app.get("/health")
    def health() -> HttpAnswer:
        return jsonify(status="UP", model_class="LabelTune", version=version)

    @app.post("/setup")
    def setup() -> HttpAnswer:
        body = SetupRequest.model_validate(request.get_json())
        return jsonify(model_version=set_up(jobs, body))

    @app.post("/predict")
    def predict_tasks() -> HttpAnswer:
        started = time.monotonic()
        body = PredictRequest.model_validate(request.get_json())
        project = known_settings(jobs, body.project_id)
        seated = seats.acquire(blocking=False)
        try:
            waits_s = deadline_s(body, settings) if seated else 0.0
            results = predict(jobs, body, project, waits_s)
        finally:
            if seated:
                seats.release()
        seconds, drafts = time.monotonic() - started, model_version(project)
        ready = sum(map(bool, results))
        log.info(
            "predict: %s tasks, %s ready, %.2f s, %s", len(results), ready, seconds, drafts,
            extra={"tasks": len(results), "ready": ready, "seconds": round(seconds, 3)},
        )  # fmt: skip
        return jsonify(results=results)

    @app.get("/versions")
    def versions() -> HttpAnswer:
        known = {model_version(settings) for settings in jobs.projects.known().values()}
        return jsonify(versions=sorted(known))

    @app.post("/webhook")
    def webhook() -> HttpAnswer:
        note_event(jobs, WebhookEvent.model_validate(request.get_json()))
        return jsonify(status="ok"), 202
