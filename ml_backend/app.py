"""The web side: answers Label Studio at once, and leaves all work to the queue."""

import logging
import time
from collections.abc import Callable
from importlib import metadata
from typing import Any

from flask import Flask, Response, jsonify, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from label_configs import LabelConfigError
from ml_backend.jobs import Jobs
from ml_backend.predicting import predict
from ml_backend.settings import BackendSettings, ProjectSettings, SettingsError
from ml_backend.wire import PredictRequest, SetupRequest, WebhookEvent

log = logging.getLogger(__name__)

# events after which a project may hold tasks without a draft
NEW_WORK = frozenset({"TASKS_CREATED", "PROJECT_UPDATED", "ANNOTATIONS_DELETED"})

Answer = Response | tuple[Response, int]


def create_app(settings: BackendSettings, jobs: Jobs) -> Flask:
    """The Flask service.

    Args:
        jobs: made on the same queue that the worker runs.
    """
    app = Flask(__name__)

    @app.get("/")
    @app.get("/health")
    def health() -> Answer:
        return jsonify(status="UP", model_class="LabelTune", version=metadata.version("labeltune"))

    @app.post("/setup")
    def setup() -> Answer:
        body = SetupRequest.model_validate(request.get_json())
        # a change of the backend's title alone comes without extra_params
        known = None if body.extra_params else jobs.ledger.settings(body.project_id)
        project = known or ProjectSettings.from_extra_params(body.extra_params)
        project.load_interface().check_config(body.label_config, "the project's label config")
        version = project.model_version()
        jobs.ledger.remember_settings(body.project_id, project)
        jobs.ledger.remember_version(body.project_id, version)
        return jsonify(model_version=version)

    @app.post("/predict")
    def predict_tasks() -> Answer:
        started = time.monotonic()
        body = PredictRequest.model_validate(request.get_json())
        project = jobs.ledger.settings(body.project_id) or ProjectSettings()
        results = predict(jobs, body, project, settings.predict_deadline_s)
        log.info(
            "predict: %s tasks, %s ready, %.2f s, %s",
            len(results), sum(map(bool, results)), time.monotonic() - started,
            project.model_version(),
        )  # fmt: skip
        return jsonify(results=results)

    @app.get("/versions")
    def versions() -> Answer:
        return jsonify(versions=[])

    @app.post("/webhook")
    def webhook() -> Answer:
        event = WebhookEvent.model_validate(request.get_json())
        if event.action in NEW_WORK and event.project is not None:
            jobs.sweep(event.project)
        return jsonify(status="ok"), 202

    _answer_errors(app)
    return app


def _answer_errors(app: Flask) -> None:
    """Short JSON for every error; never a traceback, never the payload."""

    def answer(status: int, describe: Callable[[Any], str]) -> Callable[[Any], Answer]:
        def handler(error: Any) -> Answer:
            said = describe(error)
            log.warning("%s %s answered %s: %s", request.method, request.path, status, said)
            return jsonify(error=said), status

        return handler

    def first_fault(error: ValidationError) -> str:
        fault = error.errors()[0]
        where = ".".join(("payload", *(str(part) for part in fault["loc"])))
        return f"{where}: {fault['msg']}"

    def unexpected(error: Exception) -> Answer:
        log.exception("%s %s failed", request.method, request.path)
        return jsonify(error=f"internal error: {type(error).__name__}"), 500

    app.register_error_handler(ValidationError, answer(400, first_fault))
    app.register_error_handler(SettingsError, answer(400, str))
    app.register_error_handler(LabelConfigError, answer(400, str))
    app.register_error_handler(ValueError, answer(400, str))
    app.register_error_handler(Exception, unexpected)

    def http_error(error: HTTPException) -> Answer:
        return jsonify(error=error.description), error.code or 500

    app.register_error_handler(HTTPException, http_error)
