"""The fake Label Studio behind HTTP, for commands that run as processes; and an object store."""

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.ml_backend.http_double import Reply, Request, http_double
from tests.running import free_port
from tests.sync.fakes import PROJECT_ID, FakeLabelStudio

KEY = "a" * 40


@contextmanager
def served(*projects: FakeLabelStudio) -> Iterator[str]:
    """Serve projects, whose ids are 7, 8, … in this order; gives the URL."""

    def answer(request: Request) -> Reply:
        if request.headers.get("authorization") != f"Token {KEY}":
            return Reply({"detail": "Invalid token."}, 401)
        if request.path == "/api/projects/":
            found = [
                {**(project.find_project(project.title) or {}), "id": PROJECT_ID + place}
                for place, project in enumerate(projects)
            ]
            return Reply({"results": found, "next": None})
        if request.path == "/api/tasks/":
            return Reply(_listed(projects[int(request.query["project"]) - PROJECT_ID], request))
        if request.path == "/api/predictions/":
            project = projects[int(request.query["task__project"]) - PROJECT_ID]
            return Reply(list(project.predictions(PROJECT_ID)))
        if request.path.endswith("/model-versions/"):
            project = projects[int(request.path.split("/")[3]) - PROJECT_ID]
            return Reply({"static": project.model_versions(PROJECT_ID)})
        return Reply({"detail": "Not found."}, 404)

    with http_double(answer) as double:
        yield double.url


def _listed(project: FakeLabelStudio, request: Request) -> object:
    query = json.loads(request.query["query"])
    if "selectedItems" in query:
        included = query["selectedItems"]["included"]
        include = request.query["include"].split(",")
        found = project.tasks_by_id(PROJECT_ID, included, include)
        return {"tasks": found, "total": len(found), "total_annotations": 0}
    pages = project.task_pages(
        PROJECT_ID,
        query["filters"]["items"],
        query["ordering"],
        request.query.get("include", "").split(","),
        int(request.query["page_size"]),
    )
    number = int(request.query["page"])
    page = next(itertools.islice(pages, number - 1, None))
    return {
        "tasks": page.tasks,
        "total": page.total,
        "total_annotations": page.total_annotations,
    }


def configure(folder: Path, url: str, text: str = "", **variables: str) -> None:
    """A configuration in a folder, and the key beside it."""
    (folder / "labeltune.toml").write_text(text or "[label_studio]\n")
    lines = {"LABEL_STUDIO_API_KEY": KEY, "LABEL_STUDIO_URL": url, **variables}
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in lines.items()))


@contextmanager
def object_store(bucket: str) -> Iterator[str]:
    """A local S3 in a process of its own, since the table library holds the interpreter's lock."""
    port = free_port()
    # every key may do everything until `lock_up`
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={k: v for k, v in os.environ.items() if not k.startswith("AWS_")},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.put(f"{url}/{bucket}").raise_for_status()
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def store_variables(url: str) -> Mapping[str, str]:
    """What a user sets for the local store."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "key-of-a-user",
        "AWS_SECRET_ACCESS_KEY": "secret-of-a-user",
    }
