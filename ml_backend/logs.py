"""Logging of all processes: one line an event, never keys, headers, prompts or task text.

Messages of exceptions that are not ours are left out, since they may quote a task's text; such an
exception is logged by its type and the places in the code that it passed. Secrets of the
environment are masked everywhere, such as in a server's complaint about a key.
"""

import logging
import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from connectors.errors import LabelStudioError

log = logging.getLogger(__name__)

# only these log below WARNING: other libraries tell requests with their bodies
OURS = ("ml_backend", "drafting", "connectors", "label_configs")
_SECRETS = (
    "LABEL_STUDIO_API_KEY",
    "OPENAI_API_KEY",
    "LABELTUNE_BACKEND_PASSWORD",
    "LABELTUNE_WEBHOOK_SECRET",
)
# anything shorter would mask half of every line
_SHORTEST_SECRET = 8
# the default first
_FORMATS = ("text", "json")
_LEVELS = ("info", "debug", "warning", "error", "critical")
_PLACES = 4


def configure(env: Mapping[str, str] = os.environ) -> None:
    """Log to stderr, at LABELTUNE_LOG (default INFO), in LABELTUNE_LOG_FORMAT (text or json).

    A value that can't be used is logged and the default taken: a service that doesn't start
    because of its log would do more harm.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(env))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    level = _chosen(env, "LABELTUNE_LOG", _LEVELS).upper()
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name, known in (("LABELTUNE_LOG", _LEVELS), ("LABELTUNE_LOG_FORMAT", _FORMATS)):
        if _chosen(env, name, known) != (env.get(name) or known[0]).lower():
            log.warning("%s is %r, not one of %s", name, env[name], ", ".join(known))


def formatter(env: Mapping[str, str] = os.environ) -> logging.Formatter:
    """The form of a line, as LABELTUNE_LOG_FORMAT says."""
    given = (env.get(name) or "" for name in _SECRETS)
    secrets = tuple(secret for secret in given if len(secret) >= _SHORTEST_SECRET)
    chosen = _chosen(env, "LABELTUNE_LOG_FORMAT", _FORMATS)
    return _Json(secrets) if chosen == "json" else _Text(secrets)


def _chosen(env: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    """A variable's value, or the first of those known."""
    given = (env.get(name) or "").lower()
    return given if given in known else known[0]


class _Text(logging.Formatter):
    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return super().format(_told(record, self._secrets))


class _Json(JsonFormatter):
    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(process)d %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            datefmt="%Y-%m-%dT%H:%M:%S%z",
        )
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return super().format(_told(record, self._secrets))


def _told(record: logging.LogRecord, secrets: tuple[str, ...]) -> logging.LogRecord:
    """The record with its message in one line, without secrets and exceptions of others."""
    said = _said(record)
    if record.exc_info and record.exc_info[1] is not None:
        said = f"{said} ({where(record.exc_info[1])})"
    fields: dict[str, Any] = {**record.__dict__, "msg": _line(said, secrets), "args": None}
    return logging.makeLogRecord(fields | dict.fromkeys(("exc_info", "exc_text", "stack_info")))


def _said(record: logging.LogRecord) -> str:
    """The message, in which an exception stands as our own sentence or as its type alone."""
    if not isinstance(record.args, tuple) or not record.args:
        return record.getMessage()
    return str(record.msg) % tuple(map(_sayable, record.args))


def _sayable(arg: object) -> object:
    if not isinstance(arg, BaseException):
        return arg
    if isinstance(arg, LabelStudioError):
        return arg.brief  # the rest is Label Studio's, and quotes the task that it refused
    ours = type(arg).__module__.partition(".")[0] in OURS
    return arg if ours else type(arg).__name__


def where(error: BaseException) -> str:
    """An exception's type and the innermost places that it passed: `KeyError < a/b.py:7 < …`."""
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    places = [f"{_module(frame.filename)}:{frame.lineno}" for frame in reversed(frames)]
    return " < ".join((type(error).__name__, *places))


def _module(filename: str) -> str:
    """A file by its path below the folder that it was imported from."""
    path = Path(filename)
    roots = [root for root in sys.path if root and path.is_relative_to(root)]
    return str(path.relative_to(max(roots, key=len))) if roots else path.name


def _line(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, "***")
    if text.isprintable():
        return text
    # a line break in a path would forge a line of its own
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
