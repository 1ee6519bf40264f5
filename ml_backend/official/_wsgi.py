"""The official package's server with our model: the file that `label-studio-ml start` looks for.

`label-studio-ml start ml_backend/official --port 9090`, or
`gunicorn -c python:ml_backend.gunicorn_conf ml_backend.official._wsgi:app`.
"""

import argparse
import logging
import sys

from flask import Flask, Response, jsonify, request
from label_studio_ml.api import init_app

from connectors.errors import ConnectorError
from drafting.project_settings import SettingsError
from label_configs import LabelConfigError, UnknownInterfaceError
from ml_backend.logs import configure
from ml_backend.official.model import LabelTuneModel
from ml_backend.service.auth import Access, guard
from ml_backend.service.refusals import answer_errors
from ml_backend.service.wire import PayloadError

log = logging.getLogger(__name__)

# by this status a gunicorn worker tells that another start would end alike
_APP_LOAD_ERROR = 4
# refusals whose sentence is ours; what else went wrong may be told in words of the payload
_OURS = (PayloadError, SettingsError, LabelConfigError, UnknownInterfaceError)


def make_app(access: Access) -> Flask:
    """The package's Flask service, guarded like our own."""
    app: Flask = init_app(model_class=LabelTuneModel)
    app.config["MAX_CONTENT_LENGTH"] = access.max_payload_bytes
    guard(app, access)
    answer_errors(app)
    app.after_request(_without_traceback)
    return app


def _without_traceback(answer: Response) -> Response:
    """Answer an error by its sentence, if it is ours; the package would add a traceback."""
    body = answer.get_json(silent=True) if answer.status_code == 500 else None
    if isinstance(body, dict) and "detail" in body:
        kind, _, said = body["detail"].partition(": ")
        ours = kind in {refusal.__name__ for refusal in _OURS}
        told = said if ours else f"internal error: {kind}"
        answer.status_code = 400 if ours else 500
        answer.set_data(jsonify(error=told).get_data())
        log.warning("%s %s: %s", request.method, request.path, told)
    return answer


def main(app: Flask, access: Access) -> None:
    """Serve until interrupted; the worker is started by itself."""
    parser = argparse.ArgumentParser(prog="label-studio-ml start", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("-p", "--port", type=int, default=9090)
    options = parser.parse_args()
    refusal = access.refuses_to_bind(options.host)
    if refusal:
        sys.exit(f"label-studio-ml: {refusal}")
    app.run(options.host, options.port, threaded=True)


configure()
# it logs every body, tokens and all, at DEBUG, and words of the payload with each traceback
logging.getLogger("label_studio_ml").setLevel(logging.CRITICAL)
try:
    _access = Access.from_environment()
except ConnectorError as error:
    log.error("the service can't start: %s", error)  # noqa: TRY400
    sys.exit(_APP_LOAD_ERROR)
app = make_app(_access)

if __name__ == "__main__":
    main(app, _access)
