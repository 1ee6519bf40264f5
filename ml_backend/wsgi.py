"""For production servers: `gunicorn ml_backend.wsgi:app`, beside `python -m ml_backend.worker`."""

from ml_backend.app import create_app
from ml_backend.jobs import Jobs, open_queue
from ml_backend.logs import configure
from ml_backend.settings import BackendSettings

configure()
_settings = BackendSettings.from_environment()
app = create_app(_settings, Jobs(open_queue(_settings.queue)))
