"""One contract for our service and for the official package's server with our model.

What Label Studio sends and what it must be answered, over HTTP, with the worker beside it. 2.x is
on no registry: a stand-in is always held to the contract, a real checkout of it when
LABELTUNE_LABEL_STUDIO_ML_2 names one.
"""

import json
import re
import sqlite3
import subprocess
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from huey.api import Huey

import label_configs
from drafting.draft_version import model_version
from drafting.project_settings import LLMSettings, ProjectSettings
from ml_backend.service.app import create_app
from ml_backend.settings import BackendSettings
from ml_backend.store.draft_jobs import DraftJob
from ml_backend.store.queues import open_queue
from ml_backend.work.job_dependencies import JobDependencies
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fake_label_studio import FakeLabelStudio, conversation
from tests.ml_backend.fakes import FakeDrafting, backend_of, finished
from tests.ml_backend.official_environment import LOCK, REQUIREMENTS, ROOT, VERSION, official_python
from tests.ml_backend.official_servers import (
    KINDS,
    OFFICIAL,
    Server,
    environment,
    served,
    serving,
)
from tests.ml_backend.workers import consumer, is_idle, run_jobs, wait_until
from tests.running import free_port

CHAT = label_configs.load("chat_response").label_config()
TOKEN = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module", params=KINDS)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Each service once, with two processes."""
    with served(request.param, tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture
def queue(running: Server) -> Iterator[Huey]:
    """The service's queue; whatever an earlier test left in its store is gone."""
    huey = open_queue(running.queue)
    with closing(sqlite3.connect(running.queue)) as store, store:
        tables = store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in tables:
            store.execute(f'DELETE FROM "{name}"')
    yield huey
    huey.storage.close()


@pytest.fixture
def server(running: Server, queue: Huey) -> Server:
    return running


def setup(server: Server, extra_params: Any = None, **changes: Any) -> httpx.Response:
    body = {
        "project": "1.1795293013",
        "schema": CHAT,
        "hostname": "http://localhost:8080",
        "access_token": TOKEN,
        "extra_params": extra_params,
    }
    return server.http.post("/setup", json={**body, **changes})


def predict(server: Server, *tasks: tuple[Any, Any], project: int = 1) -> httpx.Response:
    body = {
        "tasks": [
            {"id": number, "data": data, "meta": {}, "annotations": [], "predictions": []}
            | {"project": project}
            for number, data in tasks
        ],
        "project": f"{project}.1795293013",
        "label_config": CHAT,
        "params": {"login": None, "password": None, "context": None},
    }
    return server.http.post("/predict", json=body)


def sent(project: ProjectSettings) -> dict[str, Any]:
    """The `extra_params` that `labeltune push` registers."""
    return {"labeltune": project.model_dump()}


def refusal(answer: httpx.Response) -> str:
    """The one sentence of a refusal."""
    assert answer.status_code == 400, answer.text
    assert answer.json().keys() == {"error"}
    said: str = answer.json()["error"]
    return said


@pytest.mark.parametrize("path", ["/", "/health"])
def test_health(server: Server, path: str) -> None:
    answer = server.http.get(path)
    assert (answer.status_code, answer.json()["status"]) == (200, "UP")


# --- /setup


@pytest.mark.parametrize("name", label_configs.INTERFACES)
def test_setup_answers_our_version(server: Server, name: str) -> None:
    project = ProjectSettings(interface=name, guidelines="Be brief.")
    schema = project.load_interface().label_config()
    expected = {"model_version": model_version(project)}
    assert setup(server, sent(project), schema=schema).json() == expected
    assert setup(server, json.dumps(sent(project)), schema=schema).json() == expected


def test_a_change_of_settings_is_seen_by_every_process(server: Server) -> None:
    """And a change of the title alone, which comes without `extra_params`, keeps them."""
    for guidelines in ("Be brief.", "Be long.", "Be brief."):
        project = ProjectSettings(guidelines=guidelines)
        setup(server, sent(project))
        versions = {setup(server, None).json()["model_version"] for _ in range(8)}
        assert versions == {model_version(project)}


def test_setup_of_a_project_that_nobody_pushed(server: Server) -> None:
    assert setup(server).json() == {"model_version": model_version(ProjectSettings())}


def test_setup_refuses_in_one_sentence(server: Server, project: ProjectSettings) -> None:
    other = CHAT.replace('name="response"', 'name="reply"')
    said = "the project's label config: no TextArea named 'response'"
    assert refusal(setup(server, sent(project), schema=other)).startswith(said)
    assert "extra_params is not JSON" in refusal(setup(server, "{"))
    unknown = {"labeltune": {"interface": "chat_respnse"}}
    assert "did you mean 'chat_response'" in refusal(setup(server, unknown))
    assert setup(server, sent(project)).status_code == 200


def test_a_project_may_change_its_interface(server: Server) -> None:
    """The old settings must not refuse the label config of the new ones."""
    for name in ("chat_response", "reasoning_steps", "chat_response"):
        project = ProjectSettings(interface=name)
        answer = setup(server, sent(project), schema=project.load_interface().label_config())
        assert answer.json() == {"model_version": model_version(project)}


# --- /predict


@pytest.fixture
def jobs(queue: Huey, label_studio: FakeLabelStudio, drafting: FakeDrafting) -> Jobs:
    """The jobs of a worker that is alive, on the service's queue."""
    made = Jobs(queue, JobDependencies(label_studio, drafting), worker_id="w1")
    made.marks.be_alive(time.time(), 4)
    return made


def drafted(project: ProjectSettings, task_id: int, project_id: int = 1) -> dict[str, Any]:
    """The slot of a task that `FakeDrafting` drafts."""
    job = DraftJob(project_id, task_id, conversation(), project, model_version(project))
    return finished(job).prediction()


def test_one_slot_a_task(
    server: Server,
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    project: ProjectSettings,
) -> None:
    """A draft, or `[]`: for one that is slow, for one that fails, for a task without a question."""
    setup(server, sent(project))
    label_studio.add_tasks((1, 2, 3))
    drafting.slow = {2}
    drafting.failures[3] = [label_configs.ReplyError("no reply fits")]
    asked = [(number, label_studio.tasks[number]["data"]) for number in (1, 2, 3)]
    with consumer(jobs, workers=3):
        answer = predict(server, *asked, (4, {"text": "no question"}))
        drafting.gate.set()
        wait_until(lambda: label_studio.versions(2) == [model_version(project)])
    assert answer.status_code == 200
    assert answer.json()["results"] == [drafted(project, 1), [], [], []]
    assert label_studio.versions(1) == []  # handed out, so not pushed as well


def test_without_a_worker_nothing_is_drafted(server: Server, project: ProjectSettings) -> None:
    setup(server, sent(project))
    answer = predict(server, *((number, conversation()) for number in range(1, 101)))
    assert answer.json()["results"] == [[]] * 100


def test_two_projects_have_settings_of_their_own(
    server: Server, jobs: Jobs, label_studio: FakeLabelStudio
) -> None:
    first, second = (ProjectSettings(llm=LLMSettings(model=name)) for name in ("a", "b"))
    label_studio.add_project(2, backend_of(second, title=model_version(second)))
    setup(server, sent(first))
    setup(server, sent(second), project="2.1795293014")
    with consumer(jobs, workers=2):
        one = predict(server, (1, conversation()))
        two = predict(server, (2, conversation()), project=2)
    assert one.json()["results"] == [drafted(first, 1)]
    assert two.json()["results"] == [drafted(second, 2, 2)]


def test_shares_settings_and_drafts_with_our_service(
    server: Server, jobs: Jobs, project: ProjectSettings
) -> None:
    """Two services on one queue: set up by ours, drafted for the other."""
    ours = create_app(BackendSettings(predict_deadline_s=0.1), jobs).test_client()
    body = {"project": "1.1795293013", "schema": CHAT, "extra_params": sent(project)}
    told = ours.post("/setup", json=body).json
    with consumer(jobs, workers=1):
        answer = predict(server, (1, conversation()))
    assert answer.json()["results"] == [drafted(project, 1)]
    assert told == setup(server, None).json()


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        ([("PRIVATE", conversation())], "payload.tasks.0.id: "),
        ([(1, "PRIVATE")], "payload.tasks.0.data: "),
    ],
)
def test_predict_refuses_in_one_sentence(server: Server, tasks: Any, said: str) -> None:
    answer = predict(server, *tasks)
    assert refusal(answer).startswith(said)
    assert "PRIVATE" not in answer.text


# --- /webhook


def webhook(server: Server, action: str) -> httpx.Response:
    project = {"id": 1, "title": "Support answers", "label_config": CHAT}
    return server.http.post("/webhook", json={"action": action, "project": project, "tasks": [{}]})


@pytest.mark.parametrize("action", ["TASKS_CREATED", "ANNOTATIONS_DELETED", "START_TRAINING"])
def test_events_that_bring_work(
    server: Server,
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    project: ProjectSettings,
    action: str,
) -> None:
    label_studio.add_task(1)
    assert webhook(server, action).is_success
    # 2.x hands a model four events only; the sweep of every minute finds the rest
    heard = not server.kind.startswith("2.x") or action == "START_TRAINING"
    run_jobs(jobs)
    assert label_studio.versions(1) == ([model_version(project)] if heard else [])


@pytest.mark.parametrize("action", ["TASKS_DELETED", "SOMETHING_NEW"])
def test_other_events_are_acknowledged_only(server: Server, jobs: Jobs, action: str) -> None:
    assert webhook(server, action).is_success
    assert is_idle(jobs)


# --- running it


def test_logs_hold_neither_tokens_nor_task_text(
    server: Server, jobs: Jobs, project: ProjectSettings
) -> None:
    setup(server, sent(project))
    setup(server, "{" + TOKEN)
    setup(server, sent(project), schema="<View>")
    predict(server, (1, conversation("PRIVATE")), (2, {"messages": "PRIVATE"}))
    predict(server, ("PRIVATE", conversation("PRIVATE")))
    server.http.post("/predict", json={"tasks": "PRIVATE"})
    server.http.post("/predict", content=f"{{PRIVATE {TOKEN}")
    server.http.post("/webhook", json={"action": "START_TRAINING", "project": {"id": "PRIVATE"}})
    run_jobs(jobs)
    log = server.log.read_text()
    assert "predict: 2 tasks, 0 ready" in log
    assert "PRIVATE" not in log
    assert TOKEN not in log


@pytest.mark.thorough
@pytest.mark.parametrize("kind", OFFICIAL)
def test_start_serves_behind_credentials(kind: str, tmp_path: Path) -> None:
    """`label-studio-ml start` runs the folder's `_wsgi.py`."""
    port = free_port()
    login = {"LABELTUNE_BACKEND_USER": "backend", "LABELTUNE_BACKEND_PASSWORD": "correct horse"}
    with serving(kind, tmp_path, _start(kind, "--port", str(port)), port, login) as server:
        assert server.http.get("/health").status_code == 401
        assert setup(server).status_code == 401
        server.http.auth = ("backend", "correct horse")
        assert setup(server).json() == {"model_version": model_version(ProjectSettings())}


@pytest.mark.thorough
def test_start_refuses_to_serve_others_without_credentials(tmp_path: Path) -> None:
    done = subprocess.run(
        _start("1.0.9", "--host", "0.0.0.0", "--port", str(free_port())),
        cwd=tmp_path,
        env=environment("1.0.9", tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "needs credentials" in done.stderr


def _start(kind: str, *options: str) -> list[str]:
    python = official_python()
    folder = str(ROOT / "ml_backend" / "official")
    if kind == "2.x stand-in":  # it has no command line
        return [str(python), f"{folder}/_wsgi.py", *options]
    return [str(python), "-m", "label_studio_ml.server", "start", folder, *options]


def test_the_documented_commands_make_the_environment_of_these_tests() -> None:
    page = (ROOT / "docs" / "label-studio-ml.md").read_text()
    locked = f"pip install --no-deps --require-hashes -r {LOCK.relative_to(ROOT)}"
    assert f"{locked}\n" in page
    assert f"pip install --no-deps label-studio-ml=={VERSION}\n" in page


def test_requirements_are_those_of_labeltune() -> None:
    """What both need, in the same versions."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [line for line in REQUIREMENTS.read_text().splitlines() if line[0] != "#"]
    wanted, ours = (
        {re.split("[<>=]", line)[0]: line for line in every}
        for every in (
            lines,
            [*project["dependencies"], *project["optional-dependencies"]["backend"]],
        )
    )
    both = wanted.keys() & ours.keys()
    assert {"flask", "huey", "pydantic"} <= both
    assert {name: wanted[name] for name in both} == {name: ours[name] for name in both}
