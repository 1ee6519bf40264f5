"""For production servers; `gunicorn_conf` has gunicorn's settings.

`gunicorn -c python:ml_backend.gunicorn_conf ml_backend.wsgi:app`, beside
`python -m ml_backend.worker`.
"""

import logging
import sys

from connectors.errors import ConnectorError
from connectors.extras import told
from drafting.project_settings import SettingsError
from ml_backend.settings import BackendSettings

# by this status a gunicorn worker tells that another start would end alike
_APP_LOAD_ERROR = 4

try:
    with told("the backend"):
        from ml_backend.logs import configure
        from ml_backend.service.app import create_app
        from ml_backend.service.auth import Access
        from ml_backend.store.queues import open_queue
        from ml_backend.work.jobs import Jobs
    configure()
    _settings = BackendSettings.from_environment()
    app = create_app(_settings, Jobs(open_queue(_settings.queue)), Access.from_environment())
except (ConnectorError, SettingsError) as error:
    logging.getLogger(__name__).error("the service can't start: %s", error)  # noqa: TRY400
    sys.exit(_APP_LOAD_ERROR)
