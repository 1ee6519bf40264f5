"""Short JSON for every error: never a traceback, never the payload."""

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from drafting.project_settings import SettingsError
from label_configs import LabelConfigError
from ml_backend.service.auth import MAX_PAYLOAD
from ml_backend.service.wire import PayloadError

log = logging.getLogger(__name__)

# a sentence may quote a name of the payload, and that may be as long as the payload
MOST_SAID = 500


def answer_errors(app: Flask) -> None:
    """Make the app answer every error by one sentence."""

    def on(kind: type[Exception], status: int, describe: Callable[[Any], str]) -> None:
        def handler(error: Any) -> tuple[Response, int]:
            said = describe(error)[:MOST_SAID]
            log.warning("%s %s answered %s: %s", request.method, request.path, status, said)
            return jsonify(error=said), status

        app.register_error_handler(kind, handler)

    on(ValidationError, 400, _first_fault)
    on(PayloadError, 400, str)
    on(SettingsError, 400, str)
    on(LabelConfigError, 400, str)
    on(RecursionError, 400, lambda _: "payload: nested too deeply")
    on(UnicodeEncodeError, 400, lambda _: "payload: holds half a character (a lone surrogate)")
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(("payload", *(str(part) for part in fault["loc"])))
    return f"{where}: {fault['msg']}"


def _http(error: HTTPException) -> Response:
    """Answer what Flask itself refuses, with Flask's headers, such as `Allow`."""
    said = error.description
    if isinstance(error, RequestEntityTooLarge):
        said = f"the payload is too large; send less at a time, or raise {MAX_PAYLOAD}"
    elif error.code == 400:
        said = "payload: not valid JSON"
    log.warning("%s %s answered %s", request.method, request.path, error.code)
    answer = jsonify(error=said)
    answer.status_code = error.code or 500
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    return answer


def _unexpected(error: Exception) -> tuple[Response, int]:
    log.exception("%s %s failed", request.method, request.path)
    return jsonify(error=f"internal error: {type(error).__name__}"), 500
