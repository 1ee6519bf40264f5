"""One line an event, in two forms, and never a secret or a task's text in it."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from huey.api import Huey

from connectors.errors import LabelStudioError
from drafting.acceptance.prior import NoSignalError
from drafting.project_settings import ProjectSettings, SettingsError
from ml_backend import logs
from ml_backend.service.app import create_app
from ml_backend.service.auth import Access
from ml_backend.settings import BackendSettings
from ml_backend.work.job_dependencies import JobDependencies
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import (
    FakeDrafting,
    FakeLabelStudio,
    backend_of,
    conversation,
    run_jobs,
)
from tests.ml_backend.planted import BASIC, ENV, TEXT, assert_nothing_told, call_everything
from tests.running import clean_environment


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that is logged at DEBUG, in one of the forms."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter({**ENV, "LABELTUNE_LOG_FORMAT": request.param}))
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", *logs.OURS)}
    root.addHandler(handler)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


# --- forms


def test_an_event_is_one_line(written: io.StringIO) -> None:
    log = logging.getLogger("ml_backend.test")
    log.info("first\nforged 2026-01-01 ERROR %s", "second\u2028third\x1b[31m")
    log.info("without arguments, 100%")
    try:
        json.loads(TEXT)
    except ValueError:
        log.exception("no luck")
    lines = written.getvalue().splitlines()
    assert len(lines) == 3
    assert "no luck (JSONDecodeError < json/decoder.py:" in lines[2]
    assert "tests/ml_backend/test_logs.py:" in lines[2]
    assert_nothing_told(written.getvalue())


def test_json_lines_hold_fields() -> None:
    record = logging.makeLogRecord(
        {"name": "ml_backend.service.app", "levelname": "INFO", "msg": "predict: %s", "args": (3,)}
        | {"tasks": 3, "ready": 1}
    )
    said = json.loads(logs.formatter({"LABELTUNE_LOG_FORMAT": "json"}).format(record))
    assert said.keys() >= {"time", "level", "logger", "process", "message", "tasks", "ready"}
    assert (said["level"], said["message"], said["tasks"]) == ("INFO", "predict: 3", 3)


def test_secrets_of_the_environment_are_masked(written: io.StringIO) -> None:
    for value in ENV.values():
        logging.getLogger("elsewhere").warning("the server says: %s is no key", value)
    assert_nothing_told(written.getvalue())
    assert written.getvalue().count("***") == 4
    assert "labeltune is no key" in written.getvalue()  # a user's name is no secret


def test_what_label_studio_quotes_is_left_out(written: io.StringIO) -> None:
    error = LabelStudioError(f"refused (400): {TEXT}", 400, brief="refused (400)")
    logging.getLogger("ml_backend.test").warning("task %s: not delivered: %s", 7, error)
    assert "task 7: not delivered: refused (400)" in written.getvalue()
    assert_nothing_told(written.getvalue())


def configured(**env: str) -> str:
    """What a process logs that configures itself by these variables."""
    code = (
        "import logging; from ml_backend.logs import configure; configure();"
        "logging.getLogger('ml_backend.x').debug('ours at debug');"
        "logging.getLogger('ml_backend.x').info('ours at info');"
        "logging.getLogger('httpx').info('a library at info');"
        "logging.getLogger('huey').warning('a library at warning')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=clean_environment() | env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    return done.stderr


def test_levels() -> None:
    said = configured()
    assert "ours at info" in said
    assert "ours at debug" not in said
    assert "a library at info" not in said
    assert "a library at warning" in said
    said = configured(LABELTUNE_LOG="debug")
    assert "ours at debug" in said
    assert "a library at info" not in said
    lines = configured(LABELTUNE_LOG_FORMAT="json").splitlines()
    assert [json.loads(line)["level"] for line in lines] == ["INFO", "WARNING"]


def test_a_value_that_can_t_be_used_is_told_and_left() -> None:
    said = configured(LABELTUNE_LOG="loud", LABELTUNE_LOG_FORMAT="xml")
    assert "LABELTUNE_LOG is 'loud', not one of info" in said
    assert "LABELTUNE_LOG_FORMAT is 'xml', not one of text, json" in said
    assert "ours at info" in said


def test_our_own_sentences_are_told_and_nobody_else_s(written: io.StringIO) -> None:
    log = logging.getLogger("ml_backend.test")
    for error in (SettingsError("ours"), NoSignalError("ours, too"), ValueError(TEXT)):
        log.warning("put off: %s", error)
    said = written.getvalue()
    assert "put off: ours" in said
    assert "put off: ours, too" in said
    assert "put off: ValueError" in said
    assert_nothing_told(said)


# --- every route and every job, with everything planted


class QuotingLabelStudio(FakeLabelStudio):
    """Quotes the task whatever it is asked, as the real one does."""

    def create_prediction(self, fields: dict[str, Any]) -> dict[str, Any]:
        raise LabelStudioError(f"refused: {fields} {TEXT}", 400, brief="refused")


def test_no_route_and_no_job_tells_a_secret(
    written: io.StringIO, web_jobs: Jobs, queue: Huey, drafting: FakeDrafting
) -> None:
    access = Access.from_environment(ENV)
    assert access.credentials == BASIC
    client = create_app(BackendSettings(predict_deadline_s=0.01), web_jobs, access).test_client()
    statuses = []

    def call(method: str, path: str, **request: Any) -> None:
        statuses.append(client.open(path, method=method, **request).status_code)

    call_everything(call)
    assert set(statuses) == {200, 202, 400, 401, 405, 415}
    label_studio = QuotingLabelStudio()
    label_studio.add_project(1, backend_of(ProjectSettings(guidelines=TEXT)))
    label_studio.add_task(1, conversation(TEXT))
    label_studio.add_task(2, conversation(TEXT))
    drafting.failures[2] = [ValueError(TEXT), RuntimeError(TEXT)]
    jobs = Jobs(queue, JobDependencies(label_studio, drafting))
    jobs.sweep_all()
    run_jobs(jobs)
    assert {job.task_id for job in drafting.history} == {1, 2}
    said = written.getvalue()
    assert said.count("POST /setup answered 400") >= 4
    assert_nothing_told(said)
