"""The processes of a stack: their commands and their environments. Secrets go by environment."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sync
from sync.stack import label_studio_server
from sync.stack.credentials import StackCredentials
from sync.stack.first_drafts import FIRST
from sync.stack.llm_server import OPENMP, SLOT_FOLDER, SLOTS
from sync.stack.settings import Settings

TITLES = {
    "label-studio": "Label Studio",
    "llm": "the local model",
    "backend": "the ML backend",
    "worker": "the drafting worker",
}
# Label Studio takes settings from variables with names as plain as DEBUG, HOST or DATABASE_NAME,
# so it is given these of the user's environment and no others
_PASSED_TO_LABEL_STUDIO = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "http_proxy",
    "https_proxy",
)


@dataclass(frozen=True)
class Child:
    """One process of the stack.

    Attributes:
        name: a key of `TITLES`, also the name of its log file.
    """

    name: str
    argv: tuple[str, ...]
    env: dict[str, str] = field(repr=False)


def children(
    settings: Settings,
    credentials: StackCredentials,
    state: Path,
    label_studio: Path,
    model_file: Path | None,
    environ: Mapping[str, str],
) -> list[Child]:
    """The table of processes.

    Args:
        state: the folder's `.labeltune`, absolute.
        label_studio: Label Studio's command.
        model_file: the local model's file; None with the user's own endpoint.
    """
    ours = python_environment(environ)
    services = {**ours, **service_environment(settings, credentials, environ)}
    services |= {
        "LABELTUNE_QUEUE": str(state / "queue.db"),
        "LABELTUNE_CONCURRENCY": str(SLOTS),
        "LABELTUNE_FIRST_ALONE": str(FIRST) if model_file else "0",
    }
    table = [_label_studio(settings, credentials, state, label_studio, environ)]
    if model_file is not None:
        table.append(_llm(settings, credentials, state, model_file, ours))
    gunicorn = ["-m", "gunicorn", "-c", "python:ml_backend.gunicorn_conf", "ml_backend.wsgi:app"]
    gunicorn += ["--workers", "1", "--threads", "8"]
    gunicorn += ["--bind", f"127.0.0.1:{settings.backend_port}", "--graceful-timeout", "3"]
    gunicorn += ["--no-control-socket"]
    table.append(Child("backend", (sys.executable, *gunicorn), services))
    table.append(Child("worker", (sys.executable, "-m", "ml_backend.worker"), services))
    return table


def service_environment(
    settings: Settings, credentials: StackCredentials, environ: Mapping[str, str]
) -> dict[str, str]:
    """The variables by which backend, worker and `push` find Label Studio and the model."""
    env = {
        "LABEL_STUDIO_URL": settings.label_studio_url,
        "LABEL_STUDIO_API_KEY": credentials.api_key,
        "LABELTUNE_BACKEND_URL": settings.backend_url,
        "OPENAI_BASE_URL": settings.llm_url,
        # nobody else reaches 127.0.0.1; credentials of another backend would shut out ours
        "LABELTUNE_BACKEND_USER": "",
        "LABELTUNE_BACKEND_PASSWORD": "",
        "LABELTUNE_BACKEND_AUTH": "",
        **_without_proxy(environ),
    }
    if credentials.llm_key is not None:
        env["OPENAI_API_KEY"] = credentials.llm_key
    return env


def python_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment in which `python -m` finds our packages and nothing of the current folder."""
    env = {**environ, "PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"}
    root = Path(sync.__file__).resolve().parents[1]
    if root.name not in ("site-packages", "dist-packages"):  # run from a checkout
        env["PYTHONPATH"] = str(root)
    return env


def _without_proxy(environ: Mapping[str, str]) -> dict[str, str]:
    """Proxies are not asked for this machine; the user's other exceptions stay."""
    hosts = environ.get("NO_PROXY") or environ.get("no_proxy")
    value = ",".join(filter(None, (hosts, "127.0.0.1", "localhost")))
    return {"NO_PROXY": value, "no_proxy": value}


def _label_studio(
    settings: Settings,
    credentials: StackCredentials,
    state: Path,
    executable: Path,
    environ: Mapping[str, str],
) -> Child:
    env = {name: environ[name] for name in _PASSED_TO_LABEL_STUDIO if name in environ}
    env |= {
        "LABEL_STUDIO_BASE_DATA_DIR": str(state / "label-studio"),
        "LABEL_STUDIO_USERNAME": credentials.username,
        "LABEL_STUDIO_PASSWORD": credentials.password,
        "LABEL_STUDIO_USER_TOKEN": credentials.api_key,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "SECRET_KEY": credentials.secret_key,
        "USE_DEFAULT_BANNED_SUBNETS": "false",  # or our backend on 127.0.0.1 is refused
        "COLLECT_ANALYTICS": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "LATEST_VERSION_CHECK": "false",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
        **_without_proxy(environ),
    }
    # -P: by its path, it would find our modules before those of the same name that it needs
    command = (str(executable.with_name("python")), "-P", label_studio_server.__file__)
    arguments = ("start", "--no-browser", "--internal-host", "127.0.0.1")
    return Child("label-studio", (*command, *arguments, "--port", str(settings.port)), env)


def _llm(
    settings: Settings,
    credentials: StackCredentials,
    state: Path,
    model_file: Path,
    ours: Mapping[str, str],
) -> Child:
    # an OPENAI_API_KEY of the user's shell reaches the other commands, so it must be good here too
    keys = dict.fromkeys(key for key in (credentials.llm_key, ours.get("OPENAI_API_KEY")) if key)
    arguments: tuple[str, ...] = ("--model", str(model_file), "--alias", settings.llm_model)
    if settings.adapter is not None:
        arguments += ("--adapter", str(settings.adapter))
    return Child(
        "llm",
        (
            sys.executable,
            "-m",
            "sync.stack.llm_server",
            *arguments,
            "--port",
            str(settings.llm_port),
            "--slot-folder",
            str(state / SLOT_FOLDER),
        ),
        {**ours, **OPENMP, "LABELTUNE_LLM_KEY": ",".join(keys)},
    )
