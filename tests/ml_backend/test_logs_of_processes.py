"""The real processes, between a Label Studio and a model server that quote everything."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from drafting.project_settings import ProjectSettings
from tests.ml_backend.fakes import conversation, wait_until
from tests.ml_backend.http_double import HTTPDouble, Reply, Request, http_double
from tests.ml_backend.planted import ENV, TEXT, TOKEN, assert_nothing_told, call_everything
from tests.running import clean_environment, free_port


def quoting(request: Request) -> Reply:
    """Label Studio and the model server in one; both complain with what they were sent."""
    if request.path == "/api/projects/":
        return Reply({"results": [{"id": 1, "model_version": ""}], "next": None})
    if request.path == "/api/ml/":
        params = {"labeltune": ProjectSettings(guidelines=TEXT).model_dump()}
        backend = {"id": 1, "url": "http://127.0.0.1:1", "title": "old", "extra_params": params}
        return Reply([backend])
    if request.path == "/api/tasks/":
        data = [{"id": n, "data": conversation(TEXT), "predictions": []} for n in (1, 2)]
        return Reply({"tasks": data, "total": 2, "total_annotations": 0})
    if request.method == "PATCH":
        return Reply({})
    said = f"{TEXT}: {request.body} {dict(request.headers)} {TOKEN}"
    return Reply({"detail": said, "error": {"message": said}}, status=400)


@pytest.fixture(params=["text", "json"])
def processes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, HTTPDouble]]:
    """gunicorn and the worker at DEBUG, with gunicorn's own logs."""
    port = free_port()
    gunicorn = ["-m", "gunicorn", "-c", "python:ml_backend.gunicorn_conf", "ml_backend.wsgi:app"]
    gunicorn += ["--bind", f"127.0.0.1:{port}", "--log-level", "debug", "--access-logfile", "-"]
    with http_double(quoting) as double:
        env = clean_environment() | ENV
        env |= {"LABELTUNE_LOG": "debug", "LABELTUNE_LOG_FORMAT": request.param}
        env |= {"LABEL_STUDIO_URL": double.url, "OPENAI_BASE_URL": f"{double.url}/v1"}
        env |= {"LABELTUNE_QUEUE": str(tmp_path / "q.db"), "LABELTUNE_PREDICT_DEADLINE": "0.1"}
        running = []
        for name, command in (("web", gunicorn), ("worker", ["-m", "ml_backend.worker"])):
            with (tmp_path / f"{name}.log").open("w") as file:
                running.append(
                    subprocess.Popen([sys.executable, *command], env=env, stdout=file, stderr=file)
                )
        try:
            yield f"http://127.0.0.1:{port}", double
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            statuses = [process.wait(60) for process in running]
        assert statuses == [0, 0]


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health").status_code == 401
    except httpx.TransportError:
        return False


def test_no_process_tells_a_secret(
    processes: tuple[str, HTTPDouble], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url, double = processes
    wait_until(lambda: answers(url), timeout_s=60)
    with httpx.Client(base_url=url, timeout=30) as client:

        def call(method: str, path: str, **options: Any) -> None:
            content = options.pop("data", None)
            assert client.request(method, path, content=content, **options).status_code < 500

        call_everything(call)
    # at least one task was sent to the model, and its complaint was read
    wait_until(lambda: any(r.path.startswith("/v1/") for r in double.requests), timeout_s=60)
    wait_until(lambda: "draft" in (tmp_path / "worker.log").read_text(), timeout_s=30)
    for name in ("web", "worker"):
        said = (tmp_path / f"{name}.log").read_text()
        assert_nothing_told(said)
        assert "Traceback" not in said
        if request.node.callspec.params["processes"] == "json":
            assert all("message" in json.loads(line) for line in said.splitlines())
    web = (tmp_path / "web.log").read_text()
    assert "POST /predict HTTP/1.1" in web  # gunicorn's access log
    assert "POST /setup answered 400" in web
